/** Which layout a file has, decided by its first lines. The first layout that recognises them and reads most of them wins. */
import type { Instrument } from '../../domain/instrument.ts';
import { BarReader } from './bar-reader.ts';
import { americanDates } from './layouts/american-dates.ts';
import { anfutures } from './layouts/anfutures.ts';
import { bareColumns } from './layouts/bare-columns.ts';
import { databento } from './layouts/databento.ts';
import { dukascopy } from './layouts/dukascopy.ts';
import { histdata } from './layouts/histdata.ts';
import { markettick } from './layouts/markettick.ts';
import { metatrader } from './layouts/metatrader.ts';
import { namedColumns } from './layouts/named-columns.ts';
import { nanotick } from './layouts/nanotick.ts';
import { ninjatrader } from './layouts/ninjatrader.ts';
import { ninjatraderMinutes } from './layouts/ninjatrader-minutes.ts';
import { sierra } from './layouts/sierra.ts';
import { tardis } from './layouts/tardis.ts';
import { OUTCOME, type Outcome } from './outcome.ts';
import { type Field, type Layout, mostly, type Plan, type Sample } from './plan.ts';
import { takeSample } from './sample.ts';
import { TickReader } from './tick-reader.ts';
import type { Zone } from './zones.ts';

/** Those of one writer before those by shape; HistData's minutes are NinjaTrader's without volume. */
export const LAYOUTS: readonly Layout[] = [
  ...[ninjatrader, histdata, ninjatraderMinutes, markettick, americanDates, anfutures, dukascopy],
  ...[sierra, databento, nanotick, metatrader, tardis, namedColumns, bareColumns],
];

/** This much of a file's beginning is enough. */
export const SAMPLE_BYTES = 8_192;

export interface Recognised {
  readonly layout: string;
  readonly plan: Plan;
}

/** What the caller knows of a file's clock: it counts instead of what the layout says. */
export interface FileClock {
  readonly zone?: Zone | undefined;
  /** Bars are stamped at their beginning, also where the layout's writer stamps their end unless told otherwise. */
  readonly stampsStart?: boolean | undefined;
}

/** What the caller knows of a file beside its content. */
export interface FileFacts extends FileClock {
  /** Or its path; of it only the end counts. */
  readonly fileName?: string | undefined;
  /** What it is to hold: a file that names another instrument is refused. */
  readonly instrument?: Instrument | undefined;
}

/** Columns that name an instrument: a symbol stays what it was where an exchange's number changes, so that the first one found counts. */
const SYMBOL_NAMES = ['symbol', 'ticker', 'raw_symbol', 'instrument', 'instrument_id', 'securityid', 'security_id'];

/** Whatever a layout takes from its columns, the one that names the instrument is held to one name. */
function namingFields({ fields }: Plan, header: readonly string[] = []): readonly Field[] {
  const symbol = SYMBOL_NAMES.find((name) => header.includes(name));
  return fields.map((field, index) => {
    const name = header[index];
    if (field !== 'skip' || name === undefined) return field;
    if (name === 'contract') return 'contract';
    return name === symbol ? 'symbol' : 'skip';
  });
}

/** The layouts whose shape or header the sample has, in their order. */
function* candidates(sample: Sample, clock: FileClock): Generator<Recognised, void> {
  for (const layout of LAYOUTS) {
    const found = layout.recognise(sample);
    if (!found) continue;
    const { zone = found.zone, stampsStart = false } = clock;
    const fields = namingFields(found, sample.header);
    yield { layout: layout.name, plan: { ...found, fields, zone, ...(stampsStart && { stampsEndMs: 0 }) } };
  }
}

/** Undefined when no layout fits. */
export function recognise(beginning: Uint8Array, clock: FileClock = {}): Recognised | undefined {
  const sample = takeSample(beginning);
  for (const found of candidates(sample, clock))
    if (sample.rows.length === 0 || mostly(sample.rows, readerOf(found.plan).isRead)) return found;
  return undefined;
}

export interface UnreadLine {
  readonly text: string;
  readonly outcome: Outcome;
}

/** Where a header is known and the lines behind it can't be read: the first of these. A person then looks at the line, not for another layout. */
export function unreadLineOf(beginning: Uint8Array): UnreadLine | undefined {
  const sample = takeSample(beginning);
  if (!sample.header) return undefined;
  for (const { plan } of candidates(sample, {})) {
    const { isRead, outcomeOf } = readerOf(plan);
    const row = sample.rows.find((one) => !isRead(one));
    if (row) return { text: row.join(plan.delimiter), outcome: outcomeOf(row) };
  }
  return undefined;
}

const READ: ReadonlySet<Outcome> = new Set([OUTCOME.row, OUTCOME.nothing, OUTCOME.instrument]);

function readerOf(plan: Plan) {
  const reader = plan.holds === 'ticks' ? new TickReader(plan) : new BarReader(plan);
  const outcomeOf = (row: readonly string[]): Outcome => {
    const bytes = Buffer.from(row.join(plan.delimiter), 'latin1');
    return reader.read(bytes, 0, bytes.length);
  };
  return { outcomeOf, isRead: (row: readonly string[]): boolean => READ.has(outcomeOf(row)) };
}
