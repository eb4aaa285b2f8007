/**
 * A file's lines as rows of a series: recognises the layout once enough has come, leaves out the header, and tells of each further line
 * what it was. Pieces are pushed, lines are pulled; in between nothing is kept but the present line.
 */
import { BarReader } from './bar-reader.ts';
import { ByteLines } from './byte-lines.ts';
import { OUTCOME, type Outcome, REASONS } from './outcome.ts';
import { type FileFacts, type Recognised, recognise, SAMPLE_BYTES, unreadLineOf } from './recognise.ts';
import { FileRefusal } from './refusal.ts';
import { TickReader } from './tick-reader.ts';

const BOM = [0xef, 0xbb, 0xbf];
const SHOWN_CHARACTERS = 80;

export class SeriesLines {
  private readonly lines = new ByteLines();
  private beginning: Uint8Array = new Uint8Array(0);
  private found: Recognised | undefined;
  private reader: TickReader | BarReader | undefined;
  private headerLines = 0;
  private isWhole = false;

  constructor(private readonly facts: FileFacts = {}) {}

  /** What the file is; undefined until enough of it was pushed. */
  get recognised(): Recognised | undefined {
    return this.found;
  }

  /** The reader with the row of the last line, by what the file holds. */
  get ticks(): TickReader | undefined {
    return this.reader instanceof TickReader ? this.reader : undefined;
  }

  get bars(): BarReader | undefined {
    return this.reader instanceof BarReader ? this.reader : undefined;
  }

  /** The number of the last line, from 1, the header's and blank ones included. */
  get line(): number {
    return this.lines.line;
  }

  /** Throws FileRefusal when enough is there and no layout fits. */
  push(piece: Uint8Array): void {
    if (this.found) {
      this.lines.push(piece);
      return;
    }
    this.beginning = this.beginning.length === 0 ? piece : Buffer.concat([this.beginning, piece]);
    if (this.beginning.length >= SAMPLE_BYTES) this.start();
  }

  /** Nothing more comes. Throws FileRefusal for a file without any line, and when no layout fits. */
  finish(): void {
    if (!this.found) this.start();
    this.lines.finish();
    this.isWhole = true;
  }

  /**
   * What the next line was; undefined when a further piece is needed, or behind the last line. Blank lines are nothing. Throws FileRefusal at
   * a second instrument.
   */
  next(): Outcome | undefined {
    const { lines, reader } = this;
    if (!reader) return undefined;
    while (lines.next()) {
      if (lines.line <= this.headerLines) continue;
      if (lines.isTooLong) return OUTCOME.long;
      if (lines.from === lines.to) continue;
      const outcome = reader.read(lines.bytes, lines.from, lines.to);
      if (outcome === OUTCOME.instrument && reader.instrument) throw reader.instrument.refusal(lines.line);
      return outcome;
    }
    return this.isWhole && this.ticks?.finish() ? OUTCOME.row : undefined;
  }

  private start(): void {
    const bytes = BOM.every((byte, index) => this.beginning[index] === byte)
      ? this.beginning.subarray(3)
      : this.beginning;
    const found = recognise(bytes.subarray(0, SAMPLE_BYTES), this.facts);
    if (!found) throw unknownLayout(bytes);
    refuseOneSided(found, this.facts.fileName);
    this.found = found;
    this.headerLines = found.plan.headerLines;
    this.reader = found.plan.holds === 'ticks' ? new TickReader(found.plan) : new BarReader(found.plan);
    const { instrument } = this.facts;
    if (instrument) this.reader.instrument?.holdTo(instrument);
    this.lines.push(bytes);
    this.beginning = new Uint8Array(0);
  }
}

/** Bids alone look like trades, and only the name tells: NinjaTrader writes each kind into a file of its own. */
function refuseOneSided({ layout }: Recognised, fileName = ''): void {
  const side = /\.(bid|ask)\.(txt|csv)(\.gz)?$/i.exec(fileName)?.[1]?.toLowerCase();
  if (side === undefined || !layout.startsWith('NinjaTrader')) return;
  const reason = `its name says that the file holds the ${side} alone, which is no trade: give the file of type Last (*.Last.txt), whose ticks bring bid and ask along`;
  throw new FileRefusal('one-sided', reason);
}

function unknownLayout(bytes: Uint8Array): FileRefusal {
  const [first = ''] = Buffer.from(bytes.subarray(0, SAMPLE_BYTES)).toString('latin1').split(/\r?\n/, 1);
  if (first.trim() === '' && bytes.length < SAMPLE_BYTES) return new FileRefusal('empty', 'the file is empty');
  const unread = unreadLineOf(bytes.subarray(0, SAMPLE_BYTES));
  const why = unread
    ? `: this header is known, but most lines behind it can't be read, first ${shown(unread.text)}: ${REASONS[unread.outcome]}`
    : '';
  return new FileRefusal('unknown-layout', `no known layout begins with ${shown(first)}${why}`);
}

/** Only what prints: the text goes into answers and logs. */
const shown = (line: string): string => `"${line.slice(0, SHOWN_CHARACTERS).replace(/[^\x20-\x7e]/g, '?')}"`;
