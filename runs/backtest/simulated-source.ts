/**
 * Rows of the invented market: a tick a second, or bars of some steps each. The same instrument and beginning always give the same rows,
 * because each chunk draws from a seed of its own.
 */
import type { Instrument } from '../../domain/instrument.ts';
import { type BarColumns, type TickColumns, unitsOf } from '../../market/columns.ts';
import { type SimulatedState, simulatedMarket, startSimulated, stepSimulated } from '../../market/simulated.ts';
import type { Random } from '../../runtime/ports.ts';
import type { Anchor, Chunk, Source } from './source.ts';

const TICK_MS = 1_000;
const STEPS_A_BAR = 12;
const ROWS_A_CHUNK = 4_096;

export interface SimulatedRange {
  readonly instrument: Instrument;
  readonly startAt: number;
  readonly endAt: number;
  /** Of a bar; undefined for ticks. */
  readonly timeframeMs: number | undefined;
}

interface Place {
  readonly chunk: number;
  readonly state: SimulatedState;
}

export const simulatedRows = ({ startAt, endAt, timeframeMs }: Omit<SimulatedRange, 'instrument'>): number =>
  Math.max(0, Math.ceil((endAt - startAt) / (timeframeMs ?? TICK_MS)));

export function simulatedSource(
  range: SimulatedRange,
  seeded: (seed: string) => Random,
  as: (bars: BarColumns) => BarColumns | TickColumns,
): Source {
  const rows = simulatedRows(range);
  const market = simulatedMarket(range.instrument);
  const seed = `${range.instrument.symbol} ${range.startAt} ${range.timeframeMs ?? TICK_MS}`;
  const firstPlace: Place = { chunk: 0, state: startSimulated(market) };

  /** Columns from one row to another, and the market's state behind them. */
  function made({ chunk, state }: Place, length: number): { columns: TickColumns | BarColumns; state: SimulatedState } {
    const random = seeded(`${seed} ${chunk}`);
    const { startAt, timeframeMs } = range;
    const rowMs = timeframeMs ?? TICK_MS;
    const steps = timeframeMs === undefined ? 1 : STEPS_A_BAR;
    const columns = timeframeMs === undefined ? new TickRows(length) : new BarRows(length, timeframeMs);
    let present = state;
    for (let row = 0; row < length; row += 1) {
      const at = startAt + (chunk * ROWS_A_CHUNK + row) * rowMs;
      for (let step = 0; step < steps; step += 1) {
        const { state: next, quote } = stepSimulated(market, present, random, rowMs / steps, at);
        present = next;
        columns.add(row, at, quote.bid, quote.ask, quote.volume ?? 0);
      }
    }
    return { columns: columns instanceof BarRows ? as(columns) : columns, state: present };
  }

  return {
    rows,
    async *chunks(from: Anchor | undefined): AsyncGenerator<Chunk, void> {
      let place = (from?.place as Place | undefined) ?? firstPlace;
      for (;;) {
        const rowsBefore = place.chunk * ROWS_A_CHUNK;
        const length = Math.min(ROWS_A_CHUNK, rows - rowsBefore);
        if (length <= 0) return;
        const { columns, state } = made(place, length);
        yield { columns, anchor: { rowsBefore, place }, rowsBefore };
        place = { chunk: place.chunk + 1, state };
      }
    },
  };
}

class TickRows implements TickColumns {
  readonly kind = 'quotes';
  readonly atMs: Float64Array;
  readonly subMsNs: Int32Array;
  readonly price: Float64Array;
  readonly bid: Float64Array;
  readonly ask: Float64Array;
  readonly volume: Float64Array;

  constructor(readonly length: number) {
    this.atMs = new Float64Array(length);
    this.subMsNs = new Int32Array(length);
    this.bid = new Float64Array(length);
    this.price = this.bid;
    this.ask = new Float64Array(length);
    this.volume = new Float64Array(length);
  }

  add(row: number, at: number, bid: number, ask: number, volume: number): void {
    this.atMs[row] = at;
    this.bid[row] = unitsOf(bid);
    this.ask[row] = unitsOf(ask);
    this.volume[row] = volume;
  }
}

/** Bars of mids. */
class BarRows implements BarColumns {
  readonly startMs: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  readonly ticks: Float64Array;

  constructor(
    readonly length: number,
    readonly timeframeMs: number,
  ) {
    this.startMs = new Float64Array(length);
    this.open = new Float64Array(length);
    this.high = new Float64Array(length);
    this.low = new Float64Array(length);
    this.close = new Float64Array(length);
    this.volume = new Float64Array(length);
    this.ticks = new Float64Array(length);
  }

  add(row: number, at: number, bid: number, ask: number, volume: number): void {
    const mid = unitsOf((bid + ask) / 2);
    const isFirst = this.ticks[row] === 0;
    this.startMs[row] = at;
    if (isFirst) this.open[row] = mid;
    this.high[row] = isFirst ? mid : Math.max(this.high[row]!, mid);
    this.low[row] = isFirst ? mid : Math.min(this.low[row]!, mid);
    this.close[row] = mid;
    this.volume[row]! += volume;
    this.ticks[row]! += 1;
  }
}
