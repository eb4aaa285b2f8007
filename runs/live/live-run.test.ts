/** A live run by its door: which orders it wants, and what it makes of what they came to. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { findInstrument, type Instrument } from '../../domain/instrument.ts';
import { priceOf } from '../../market/columns.ts';
import { floor } from '../../strategies/floor.ts';
import { max } from '../../strategies/max.ts';
import { smaCross } from '../../strategies/sma-cross.ts';
import { type Desk, type Direction, defineStrategy } from '../../strategies/strategy.ts';
import { termsOf } from '../engine/terms.ts';
import { atQuotes, saidBy, whole } from '../testing/plans.ts';
import { quoteWalkOf } from '../testing/series.ts';
import { enter, wishing } from '../testing/wishing.ts';
import { type LivePlan, LiveRun } from './live-run.ts';
import type { Wish } from './wish.ts';

const T0 = Date.UTC(2026, 0, 5, 12);
const terms = termsOf(findInstrument('EURUSD') as Instrument);
const MAX: LivePlan = {
  ...{ strategy: max, terms, timeframeMs: 1 },
  parameters: { impulse: 3, pullback: 2, confirmation: 1, target: 4, stop: 4, quantity: 10 },
};
const FLOOR: LivePlan = {
  ...{ strategy: floor, terms, timeframeMs: 1 },
  parameters: { momentum_lookback: 1, take_profit_pips: 10_000, retracement_pips: 10_000 },
};
/** Turns to where a large volume is, and leaves what got none. */
const VOLUME: LivePlan = {
  ...{ terms, timeframeMs: 1, parameters: {} },
  strategy: defineStrategy({
    ...{ name: 'volume', about: 'Follows volume.', input: 'ticks', parameters: z.strictObject({}) },
    ...{ balanceOf: () => 1_000, unitsOf: () => 1 },
    open: () => ({
      input: 'ticks',
      tick({ volume }, desk) {
        if (desk.openEntries > 0 && volume === 0) desk.exit(1);
        else if (desk.openEntries === 0 && volume > 7) enter(desk, volume > 8 ? 1 : -1, volume);
      },
    }),
  }),
};
const FREE = { mayEnter: true, mayExit: true };

let at = T0;
function see(run: LiveRun, ...prices: number[]): void {
  for (const price of prices) {
    at += 1_000;
    run.tick({ at, bid: price, ask: price, price, volume: 1 }, true);
  }
}
function wanted(run: LiveRun, kind: Wish['kind']): Wish {
  const wish = run.next(FREE);
  expect(wish?.kind).toBe(kind);
  return wish as Wish;
}
const fill = (units: number, price: number) => ({ units, price, commission: 0 });

/** Impulse, pullback, confirmation: `max` wants to enter at 102. */
function entering(): { run: LiveRun; wish: Wish } {
  const run = new LiveRun(MAX);
  see(run, 100, 103, 101, 102);
  return { run, wish: wanted(run, 'entry') };
}

describe('a live run', () => {
  it('holds what was filled at the price that it was filled at, and wants its exit until it has filled', () => {
    const { run, wish } = entering();
    run.ended(wish, fill(10, 102.5), at);
    see(run, 106);
    expect(run.next(FREE)).toBeUndefined();
    see(run, 106.5);
    const exit = wanted(run, 'exit');
    expect(exit).toMatchObject({ units: 10, direction: 1, reason: 'target', reduces: true });
    run.ended(exit, fill(0, 0), at);
    see(run, 105);
    expect(wanted(run, 'exit')).toMatchObject({ units: 10, reason: 'target' });
    run.ended(exit, fill(10, 105), at);
    expect(run.isFlat).toBe(true);
    expect([...run.take().trades]).toMatchObject([{ entryPrice: 102.5, exitPrice: 105, units: 10, pnl: 25 }]);
  });

  it('closes the rest of an entry that was closed in part', () => {
    const { run, wish } = entering();
    run.ended(wish, fill(10, 102), at);
    see(run, 98);
    const exit = wanted(run, 'exit');
    run.ended(exit, fill(4, 98), at);
    const rest = wanted(run, 'exit');
    expect(rest).toMatchObject({ units: 6, reason: 'stop' });
    run.ended(rest, fill(6, 97), at);
    expect([...run.take().trades].map(({ units, pnl }) => [units, pnl])).toEqual([
      [4, -16],
      [6, -30],
    ]);
    expect([run.isFlat, run.book.openEntries]).toEqual([true, 0]);
  });

  it('closed in part is exposed from its entry to its last exit, and each part knows all extremes', () => {
    const { run, wish } = entering();
    run.ended(wish, fill(10, 102), at);
    const from = at;
    see(run, 103, 97);
    run.ended(wanted(run, 'exit'), fill(4, 98), at);
    see(run, 99);
    run.ended(wanted(run, 'exit'), fill(6, 99), at);
    expect(run.book.holdings.exposedMs).toBe(at - from);
    expect([...run.take().trades]).toMatchObject([
      { units: 4, adversePoints: 5, favourablePoints: 1 },
      { units: 6, adversePoints: 5, favourablePoints: 1 },
    ]);
  });

  it('holds less when less was filled, and an entry that came to nothing leaves the strategy free to enter again', () => {
    const part = entering();
    part.run.ended(part.wish, fill(3, 102), at);
    part.run.closeAll('end');
    expect(wanted(part.run, 'exit')).toMatchObject({ units: 3 });
    for (const plan of [MAX, FLOOR]) {
      const run = new LiveRun(plan);
      see(run, 100, 103, 101, 102);
      run.ended(wanted(run, 'entry'), fill(0, 0), at);
      expect(run.book.openEntries).toBe(0);
      see(run, 106, 103, 104.5);
      expect(wanted(run, 'entry')).toMatchObject({ kind: 'entry' });
    }
  });

  it('does not enter while it may not, and forgets what it wanted meanwhile', () => {
    const run = new LiveRun(MAX);
    see(run, 100, 103, 101, 102);
    expect(run.next({ mayEnter: false, mayExit: true })).toBeUndefined();
    expect(run.next(FREE)).toBeUndefined();
    expect([run.book.openEntries, run.untaken]).toEqual([0, 1]);
  });

  it('goes on from a checkpoint as if nothing had been', () => {
    const { run, wish } = entering();
    run.ended(wish, fill(10, 102), at);
    run.take();
    const again = LiveRun.resume(MAX, JSON.parse(JSON.stringify(run.checkpoint())));
    for (const one of [run, again]) see(one, 97);
    expect(wanted(again, 'exit')).toEqual(wanted(run, 'exit'));
    expect(again.equity).toBe(run.equity);
  });

  it('whose orders fill on the very tick makes the trades of a backtest, whatever the walk', () => {
    const parameters = { momentum_lookback: 20, take_profit_pips: 12, retracement_pips: 15, max_retracements: 2 };
    const plans: LivePlan[] = [
      { ...FLOOR, parameters },
      { ...MAX, parameters: { impulse: 0.002, pullback: 0.001, confirmation: 0.0005, target: 0.2, stop: 0.001 } },
      VOLUME,
    ];
    for (const plan of plans) {
      for (const seed of ['a', 'b', 'c', 'd', 'replayed']) {
        const walk = quoteWalkOf(seed, 1_200);
        const ticks = { ...walk, volume: walk.volume.map((_, row) => (row * row) % 11) };
        const run = new LiveRun(plan);
        const settle = (bid: number, ask: number): void => {
          for (let wish = run.next(FREE); wish; wish = run.next(FREE)) {
            const buys = wish.kind === 'entry' ? wish.entry.direction > 0 : wish.direction < 0;
            const units = wish.kind === 'entry' ? wish.entry.units : wish.units;
            run.ended(wish, fill(units, buys ? ask : bid), run.last?.at ?? 0);
          }
        };
        for (let row = 0; row < ticks.length; row += 1) {
          const [bid, ask] = [priceOf(ticks.bid[row]!), priceOf(ticks.ask[row]!)];
          run.tick({ at: ticks.atMs[row]!, bid, ask, price: (bid + ask) / 2, volume: ticks.volume[row]! }, true);
          settle(bid, ask);
        }
        const { bid, ask, at: end } = run.last!;
        run.closeAll('end');
        settle(bid, ask);
        run.finish(end);
        const past = whole(atQuotes(plan), ticks);
        expect(past.trades.length).toBeGreaterThan(2);
        expect(saidBy(run)).toEqual(past);
      }
    }
  });

  it('makes bars of prints, as the store does, and not of the middle of a quote', () => {
    const run = new LiveRun({ strategy: smaCross, terms, timeframeMs: 60_000, parameters: { fast: 1, slow: 2 } });
    const wishes: (Wish | undefined)[] = [];
    [100, 101, 99, 103].forEach((price, minute) => {
      run.tick({ at: T0 + minute * 60_000, bid: 90, ask: 200 - minute * 20, price, volume: 1 }, true);
      wishes.push(run.next(FREE));
    });
    expect(wishes.map((wish) => wish?.kind === 'entry' && wish.entry.direction)).toEqual([false, false, false, -1]);
  });

  it('knows what an entry was worth on its own tick', () => {
    const { run, wish } = entering();
    run.ended(wish, fill(10, 102.5), at);
    see(run, 103);
    run.closeAll('end');
    run.ended(wanted(run, 'exit'), fill(10, 103), at);
    expect([...run.take().trades]).toMatchObject([{ adversePoints: 0.5, favourablePoints: 0.5 }]);
  });

  it('books a fill that came after the end of its order', () => {
    const { run, wish } = entering();
    run.ended(wish, fill(0, 0), at);
    run.filledLate(wish, fill(10, 102), at);
    expect([run.isFlat, run.book.openEntries]).toEqual([false, 1]);
  });

  it('enters again after a fill that came after the end of its order, and once only', () => {
    const run = new LiveRun(FLOOR);
    see(run, 100, 103);
    const wish = wanted(run, 'entry');
    run.ended(wish, fill(0, 0), at);
    run.filledLate(wish, fill(1_000, 103), at);
    run.closeAll('end');
    run.ended(wanted(run, 'exit'), fill(1_000, 103), at);
    see(run, 103, 104);
    wanted(run, 'entry');
    see(run, 105, 106);
    expect(run.next(FREE)).toBeUndefined();
  });

  it('says what was closed beyond what it held, by a late fill and the order in its stead', () => {
    const { run, wish } = entering();
    run.ended(wish, fill(10, 102), at);
    run.closeAll('end');
    const exit = wanted(run, 'exit');
    run.ended(exit, fill(0, 0), at);
    const again = wanted(run, 'exit');
    run.filledLate(exit, fill(10, 102), at);
    expect(run.isFlat).toBe(true);
    run.take();
    run.ended(again, fill(4, 102), at);
    expect([...run.take().events]).toMatchObject([
      { message: '4 units more were closed than this run held, which it does not follow' },
    ]);
  });

  it('calls an exit by its name only where its own position becomes smaller and does not turn', () => {
    const run = new LiveRun(
      wishing(
        (desk) => enter(desk, 1, 10),
        (desk) => enter(desk, -1, 4, 2),
        (desk) => desk.exit(1),
      ),
    );
    for (const units of [10, 4]) {
      see(run, 100);
      run.ended(wanted(run, 'entry'), fill(units, 100), at);
    }
    see(run, 100);
    const exit = wanted(run, 'exit');
    expect(exit).toMatchObject({ layer: 1, units: 10, reduces: false });
    run.ended(exit, fill(6, 100), at);
    expect(wanted(run, 'exit')).toMatchObject({ units: 4, reduces: false });
  });

  it('wants an exit for the reason that came first, however often it is wanted', () => {
    const run = new LiveRun(
      wishing(
        (desk) => enter(desk, 1, 10),
        (desk) => desk.exit(1),
      ),
    );
    see(run, 100);
    run.ended(wanted(run, 'entry'), fill(10, 100), at);
    see(run, 100);
    run.closeAll('end');
    expect(wanted(run, 'exit')).toMatchObject({ reason: 'strategy' });
  });

  it('leaves with a layer what it has not asked for yet, and nothing of the other layers', () => {
    const turn = (direction: Direction) => (desk: Desk) => {
      desk.exit(1);
      enter(desk, direction, 5);
    };
    const run = new LiveRun(
      wishing(
        (desk) => enter(desk, 1, 10),
        turn(-1),
        (desk) => enter(desk, 1, 7, 2),
        turn(1),
      ),
    );
    see(run, 100);
    run.ended(wanted(run, 'entry'), fill(10, 100), at);
    see(run, 100);
    const exit = wanted(run, 'exit');
    see(run, 100, 100);
    run.ended(exit, fill(10, 100), at);
    const entries = [wanted(run, 'entry'), wanted(run, 'entry'), run.next(FREE)];
    expect(entries).toMatchObject([
      { entry: { units: 7, layer: 2 } },
      { entry: { units: 5, direction: 1 } },
      undefined,
    ]);
    expect(run.book.openEntries).toBe(2);
  });

  it('closes what fills of the layer that was left, and not what fills late of another', () => {
    const run = new LiveRun(
      wishing(
        (desk) => enter(desk, 1, 10),
        (desk) => enter(desk, 1, 7, 2),
        (desk) => desk.exit(2),
      ),
    );
    see(run, 100);
    const other = wanted(run, 'entry');
    run.ended(other, fill(0, 0), at);
    see(run, 100);
    const left = wanted(run, 'entry');
    expect(run.wantsExit).toBe(false);
    see(run, 100);
    expect(run.wantsExit).toBe(true);
    run.filledLate(other, fill(10, 100), at);
    expect(run.next(FREE)).toBeUndefined();
    run.ended(left, fill(7, 100), at);
    expect(wanted(run, 'exit')).toMatchObject({ layer: 2, units: 7, reason: 'strategy' });
  });
});
