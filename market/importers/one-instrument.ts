/**
 * Holds a file to one instrument: the column that names it says on every line what it said on the first one. Only contracts may follow each
 * other, as those in front do: never back to one that was left, and never to an earlier time. Where the caller says what the file is to hold,
 * a name that the house knows as something else is refused: such rows would stand in a series as if they were its own.
 */
import { findInstrument, type Instrument } from '../../domain/instrument.ts';
import type { Cursor } from './cursor.ts';
import type { Field } from './plan.ts';
import { FileRefusal } from './refusal.ts';

/** More than four contracts a year for a hundred years. */
const CONTRACTS_MAX = 500;
const SHOWN_CHARACTERS = 40;

/** A dated contract has the name of its series, and a micro contract the prices of the large one. */
const marketOf = ({ name }: Instrument): string => name.toLowerCase().replace(/^micro /, '');

class NamingColumn {
  private bytes: Uint8Array = new Uint8Array(0);
  private from = 0;
  private to = 0;
  private known: Uint8Array | undefined;
  private readonly names = new Set<string>();
  private lastMs = Number.NEGATIVE_INFINITY;
  /** What the file is to hold; anything where nobody says. */
  asked: Instrument | undefined;

  constructor(private readonly mayFollow: boolean) {}

  /** Whether the name is one of another market than the file is to be of. */
  get isForeign(): boolean {
    const { asked } = this;
    const named = asked && findInstrument(this.marked);
    return named !== undefined && marketOf(named) !== marketOf(asked as Instrument);
  }

  mark(cursor: Cursor): void {
    this.bytes = cursor.bytes;
    this.from = cursor.pos;
    cursor.skip();
    this.to = cursor.pos;
  }

  accepts(atMs: number): boolean {
    if (!this.isKnown() && !this.mayBegin(atMs)) return false;
    if (atMs > this.lastMs) this.lastMs = atMs;
    return true;
  }

  get marked(): string {
    return this.textOf(this.bytes.subarray(this.from, this.to));
  }

  get kept(): string {
    return this.textOf(this.known ?? new Uint8Array(0));
  }

  private isKnown(): boolean {
    const { bytes, from, known } = this;
    if (known === undefined || known.length !== this.to - from) return false;
    for (let index = 0; index < known.length; index += 1) if (bytes[from + index] !== known[index]) return false;
    return true;
  }

  private mayBegin(atMs: number): boolean {
    const { names, marked, known } = this;
    if (known !== undefined && marked === this.kept) return true;
    const isNext = this.mayFollow && atMs >= this.lastMs && !names.has(marked) && names.size < CONTRACTS_MAX;
    if ((known !== undefined && !isNext) || this.isForeign) return false;
    names.add(marked);
    this.known = this.bytes.slice(this.from, this.to);
    return true;
  }

  private textOf(bytes: Uint8Array): string {
    return Buffer.from(bytes).toString('latin1').replaceAll('"', '').trim();
  }
}

/** Only what prints: the text goes into answers and logs. */
const shown = (name: string): string => `"${name.slice(0, SHOWN_CHARACTERS).replace(/[^\x20-\x7e]/g, '?')}"`;

export class OneInstrument {
  private readonly symbol = new NamingColumn(false);
  private readonly contract = new NamingColumn(true);
  private readonly columns: readonly NamingColumn[];

  private constructor(fields: readonly Field[]) {
    const named = [fields.includes('symbol') && this.symbol, fields.includes('contract') && this.contract];
    this.columns = named.filter((column) => column !== false);
  }

  /** Undefined for a file that names no instrument. */
  static of(fields: readonly Field[]): OneInstrument | undefined {
    const found = new OneInstrument(fields);
    return found.columns.length > 0 ? found : undefined;
  }

  holdTo(asked: Instrument): void {
    for (const column of this.columns) column.asked = asked;
  }

  /** Notes what stands at the cursor and steps over it; nothing is compared yet. */
  mark(cursor: Cursor, field: 'symbol' | 'contract'): void {
    this[field].mark(cursor);
  }

  /** For a line that is otherwise good: whether it is of the file's instrument. */
  accepts(atMs: number): boolean {
    for (const column of this.columns) if (!column.accepts(atMs)) return false;
    return true;
  }

  /** For the line that was not accepted. */
  refusal(line: number): FileRefusal {
    const foreign = this.columns.find(({ isForeign, kept }) => isForeign && kept === '');
    if (foreign) {
      const reason = `line ${line} is of ${shown(foreign.marked)}, and the file was given as one of ${foreign.asked?.symbol}`;
      return new FileRefusal('other-instrument', reason);
    }
    const column = this.columns.find(({ marked, kept }) => marked !== kept);
    const [other, known] = [shown(column?.marked ?? ''), shown(column?.kept ?? '')];
    const reason = `line ${line} is of ${other}, those before it of ${known}: a file must hold one instrument`;
    return new FileRefusal('two-instruments', reason);
  }
}
