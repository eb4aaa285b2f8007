/**
 * Reads one line of bytes as a bar, after a plan: the bar's start and its prices, or bid and ask prices; trades stand for both sides.
 * A bar whose high or low does not hold its prices is refused.
 */
import { Cursor } from './cursor.ts';
import { OneInstrument } from './one-instrument.ts';
import { OUTCOME, type Outcome } from './outcome.ts';
import { BAR_FIELDS, type Field, type Plan } from './plan.ts';
import { Stamps } from './stamps.ts';

/** In units of 1e-8. */
export interface Ohlc {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

export interface BarRow {
  readonly startMs: number;
  readonly bid: Ohlc;
  readonly ask: Ohlc;
  readonly volume: number;
}

const slotOf = (field: Field): number => (BAR_FIELDS as readonly string[]).indexOf(field);
const TRADED = 0;
const BID = 4;
const ASK = 8;

export class BarReader {
  /** The last line that was a bar. */
  row: BarRow | undefined;
  readonly instrument: OneInstrument | undefined;
  private readonly cursor: Cursor;
  private readonly stamps: Stamps;
  private readonly fields: readonly Field[];
  private readonly slots: readonly number[];
  private readonly prices = new Float64Array(BAR_FIELDS.length);
  private readonly bidSlot: number;
  private readonly askSlot: number;
  private readonly stampsEndMs: number;
  private volume = 0;

  constructor({ delimiter, zone, fields, stampsEndMs = 0 }: Plan) {
    this.cursor = new Cursor(delimiter.charCodeAt(0));
    this.stamps = new Stamps(zone);
    this.fields = fields.slice(0, fields.findLastIndex((field) => field !== 'skip') + 1);
    this.instrument = OneInstrument.of(this.fields);
    this.slots = this.fields.map(slotOf);
    this.bidSlot = fields.includes('bid_close') ? BID : TRADED;
    this.askSlot = fields.includes('ask_close') ? ASK : TRADED;
    this.stampsEndMs = stampsEndMs;
  }

  read(bytes: Uint8Array, from: number, to: number): Outcome {
    const { cursor, fields } = this;
    cursor.bytes = bytes;
    cursor.pos = from;
    cursor.end = to;
    for (let index = 0; index < fields.length; index += 1) {
      if (cursor.pos > to) return OUTCOME.fields;
      cursor.open();
      const outcome = this.field(fields[index]!, this.slots[index]!);
      if (outcome !== OUTCOME.row) return outcome;
      if (!cursor.close()) return OUTCOME.fields;
    }
    const outcome = this.complete();
    const { instrument } = this;
    if (instrument === undefined || outcome > OUTCOME.nothing) return outcome;
    return instrument.accepts(this.stamps.atMs) ? outcome : OUTCOME.instrument;
  }

  private field(field: Field, slot: number): Outcome {
    const { cursor, stamps } = this;
    if (slot >= 0) {
      this.prices[slot] = cursor.price();
      return this.prices[slot] > 0 ? OUTCOME.row : OUTCOME.price;
    }
    if (field === 'volume') {
      this.volume = cursor.volume();
      return this.volume >= 0 ? OUTCOME.row : OUTCOME.volume;
    }
    if (field === 'datetime') return stamps.dateTime(cursor) ? OUTCOME.row : OUTCOME.time;
    if (field === 'epoch') return stamps.epoch(cursor) ? OUTCOME.row : OUTCOME.time;
    if (field === 'date') return stamps.date(cursor) ? OUTCOME.row : OUTCOME.time;
    if (field === 'time') return stamps.time(cursor) && stamps.settle(cursor) ? OUTCOME.row : OUTCOME.time;
    if (field === 'symbol' || field === 'contract') this.instrument?.mark(cursor, field);
    else cursor.skip();
    return OUTCOME.row;
  }

  private complete(): Outcome {
    const bid = this.side(this.bidSlot);
    const ask = this.side(this.askSlot);
    if (!holds(bid) || !holds(ask)) return OUTCOME.bar;
    if (bid.open > ask.open || bid.close > ask.close) return OUTCOME.crossed;
    this.row = { startMs: this.stamps.atMs - this.stampsEndMs, bid, ask, volume: this.volume };
    return OUTCOME.row;
  }

  private side(slot: number): Ohlc {
    const { prices } = this;
    return { open: prices[slot]!, high: prices[slot + 1]!, low: prices[slot + 2]!, close: prices[slot + 3]! };
  }
}

const holds = ({ open, high, low, close }: Ohlc): boolean =>
  low <= Math.min(open, close) && high >= Math.max(open, close);
