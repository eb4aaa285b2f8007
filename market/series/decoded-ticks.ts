/** Ticks as they come out of the store, with their positions; and parts of them. */
import type { TickKind } from '../columns.ts';
import type { StoredTicks } from './tick-buffer.ts';

export interface DecodedTicks extends StoredTicks {
  readonly kind: TickKind;
}

/** Empty columns for so many rows. */
export const decodedColumns = (kind: TickKind, length: number): DecodedTicks => ({
  kind,
  length,
  atMs: new Float64Array(length),
  subMsNs: new Int32Array(length),
  position: new Int32Array(length),
  price: new Float64Array(length),
  bid: new Float64Array(length),
  ask: new Float64Array(length),
  volume: new Float64Array(length),
});

/** Rows from `from` to before `to`, without copying. */
export function sliceTicks(ticks: DecodedTicks, from: number, to: number): DecodedTicks {
  if (from === 0 && to === ticks.length) return ticks;
  return {
    kind: ticks.kind,
    length: to - from,
    atMs: ticks.atMs.subarray(from, to),
    subMsNs: ticks.subMsNs.subarray(from, to),
    position: ticks.position.subarray(from, to),
    price: ticks.price.subarray(from, to),
    bid: ticks.bid.subarray(from, to),
    ask: ticks.ask.subarray(from, to),
    volume: ticks.volume.subarray(from, to),
  };
}

/** The first row at or behind a time. */
export function rowAt({ atMs, length }: StoredTicks, timeMs: number): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (atMs[middle]! < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
