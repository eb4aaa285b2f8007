/** Overlapping imports of prints and quotes: each tick keeps its price, whatever else is in the store beside it. */
import { expect, test } from 'vitest';
import type { TickKind } from '../columns.ts';
import { type DecodedTicks, decodedColumns } from './decoded-ticks.ts';
import { mergeTicks } from './merge-ticks.ts';

function ticksOf(kind: TickKind, rows: readonly (readonly [atMs: number, bid: number, ask: number])[]): DecodedTicks {
  const ticks = decodedColumns(kind, rows.length);
  for (const [row, [atMs, bid, ask]] of rows.entries()) {
    ticks.atMs[row] = atMs;
    ticks.price[row] = bid;
    ticks.bid[row] = bid;
    ticks.ask[row] = ask;
  }
  return ticks;
}

const prints = ticksOf('prints', [
  [1, 500, 500],
  [3, 510, 510],
]);
const quotes = ticksOf('quotes', [
  [2, 400, 420],
  [3, 401, 424],
]);
const rowsOf = ({ atMs, price, bid, ask }: DecodedTicks) =>
  Array.from(atMs, (at, row) => [at, price[row], bid[row], ask[row]]);

test('a quote among prints has its mid as price, in whole units, and a print its own; of equal times the first run comes first', () => {
  const merged = mergeTicks(prints, quotes);
  expect(merged.kind).toBe('both');
  expect(rowsOf(merged)).toEqual([
    [1, 500, 500, 500],
    [2, 410, 400, 420],
    [3, 510, 510, 510],
    [3, 412, 401, 424],
  ]);
  expect(rowsOf(mergeTicks(quotes, prints))[2]).toEqual([3, 412, 401, 424]);
});

test('what was merged is merged again as it is, and quotes among quotes stay quotes', () => {
  const again = mergeTicks(mergeTicks(prints, quotes), ticksOf('quotes', [[9, 600, 602]]));
  expect(rowsOf(again).map(([, price]) => price)).toEqual([500, 410, 510, 412, 601]);
  const alone = mergeTicks(quotes, ticksOf('quotes', [[9, 600, 602]]));
  expect([alone.kind, ...alone.price]).toEqual(['quotes', 400, 401, 600]);
});
