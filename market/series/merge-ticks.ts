/**
 * Two sorted runs of ticks as one. Of equal instants and positions the first run's rows come first: the same runs give the same order.
 * Invariant: a tick has the same price whatever it is merged with.
 */
import { midUnits } from '../columns.ts';
import { type DecodedTicks, decodedColumns } from './decoded-ticks.ts';
import { compareInstants } from './tick-buffer.ts';

export function mergeTicks(a: DecodedTicks, b: DecodedTicks): DecodedTicks {
  const length = a.length + b.length;
  const kind = a.kind === b.kind ? a.kind : 'both';
  const merged = decodedColumns(kind, length);
  let [i, j] = [0, 0];
  for (let to = 0; to < length; to += 1) {
    const isFirst = j >= b.length || (i < a.length && compareInstants(a, i, b, j) <= 0);
    if (isFirst) {
      copyRow(a, i, merged, to);
      i += 1;
    } else {
      copyRow(b, j, merged, to);
      j += 1;
    }
  }
  return merged;
}

function copyRow(from: DecodedTicks, row: number, to: DecodedTicks, target: number): void {
  to.atMs[target] = from.atMs[row]!;
  to.subMsNs[target] = from.subMsNs[row]!;
  to.position[target] = from.position[row]!;
  const isMid = from.kind === 'quotes' && to.kind === 'both';
  to.price[target] = isMid ? midUnits(from.bid[row]!, from.ask[row]!) : from.price[row]!;
  to.bid[target] = from.bid[row]!;
  to.ask[target] = from.ask[row]!;
  to.volume[target] = from.volume[row]!;
}
