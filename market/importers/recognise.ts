/** Which layout a file has, decided by its first lines. The first layout that recognises them and reads most of them wins. */
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
import { OUTCOME } from './outcome.ts';
import { type Field, type Layout, mostly, type Plan } from './plan.ts';
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

/** Undefined when no layout fits. */
export function recognise(beginning: Uint8Array, clock: FileClock = {}): Recognised | undefined {
  const sample = takeSample(beginning);
  for (const layout of LAYOUTS) {
    const found = layout.recognise(sample);
    if (!found) continue;
    const { zone = found.zone, stampsStart = false } = clock;
    const fields = namingFields(found, sample.header);
    const plan = { ...found, fields, zone, ...(stampsStart && { stampsEndMs: 0 }) };
    if (sample.rows.length === 0 || readsMost(plan, sample.rows)) return { layout: layout.name, plan };
  }
  return undefined;
}

function readsMost(plan: Plan, rows: readonly (readonly string[])[]): boolean {
  const reader = plan.holds === 'ticks' ? new TickReader(plan) : new BarReader(plan);
  return mostly(rows, (row) => {
    const bytes = Buffer.from(row.join(plan.delimiter), 'latin1');
    const outcome = reader.read(bytes, 0, bytes.length);
    return outcome === OUTCOME.row || outcome === OUTCOME.nothing || outcome === OUTCOME.instrument;
  });
}
