/** What a run has come to so far, by the run's door. */
import { expect, it } from 'vitest';
import { LiveRun } from './live/live-run.ts';
import type { Wish } from './live/wish.ts';
import { summaryOf } from './summary.ts';
import { enter, wishing } from './testing/wishing.ts';

const FREE = { mayEnter: true, mayExit: true };

it('a figure of money is the decimal that its sums mean, so that half a cent is half a cent', () => {
  const run = new LiveRun(
    wishing(
      (desk) => enter(desk, 1, 1),
      (desk) => desk.exit(1),
      (desk) => enter(desk, 1, 1),
    ),
  );
  const see = (at: number, price: number): void => run.tick({ at, bid: price, ask: price, price, volume: 1 }, true);
  const fill = (at: number, price: number, commission: number): void =>
    run.ended(run.next(FREE) as Wish, { units: 1, price, commission }, at);
  see(1_000, 100);
  fill(1_000, 100, 0.004);
  see(2_000, 100.4);
  fill(2_000, 100.4, 0.051);
  expect([...run.take().trades]).toMatchObject([{ pnl: 0.345, commission: 0.055 }]);
  see(3_000, 100);
  fill(3_000, 100, 0);
  see(4_000, 100.145);
  expect(summaryOf(run)).toMatchObject({
    ...{ totalPnl: 0.49, totalReturnRatio: 0.00049, realizedPnl: 0.345, unrealizedPnl: 0.145 },
    ...{ averageWin: 0.345, averageLoss: null },
  });
});
