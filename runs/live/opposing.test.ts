/** A live run whose layers hold against each other, by its door: its account holds only what is left of them. */
import { describe, expect, it } from 'vitest';
import type { Direction } from '../../strategies/strategy.ts';
import { saidBy } from '../testing/plans.ts';
import { enter, wishing } from '../testing/wishing.ts';
import { LiveRun } from './live-run.ts';
import type { Exit, Wish } from './wish.ts';

const FREE = { mayEnter: true, mayExit: true };
const fill = (units: number, price: number, commission = 0) => ({ units, price, commission });

/** A layer each, from 1: long is positive. */
class Holding {
  readonly plan;
  run: LiveRun;
  at = Date.UTC(2026, 0, 5, 12);

  constructor(...layers: readonly (readonly [units: number, price: number])[]) {
    this.plan = wishing(
      ...layers.map(
        ([units], index) =>
          (desk: Parameters<typeof enter>[0]) =>
            enter(desk, Math.sign(units) as Direction, Math.abs(units), index + 1),
      ),
    );
    this.run = new LiveRun(this.plan);
    for (const [units, price] of layers) {
      this.see(price, price);
      this.run.ended(this.run.next(FREE) as Wish, fill(Math.abs(units), price), this.at);
    }
    this.run.take();
  }

  see(bid: number, ask: number): void {
    this.at += 1_000;
    this.run.tick({ at: this.at, bid, ask, price: bid, volume: 1 }, true);
  }

  next(mayExit = true): Exit | undefined {
    return this.run.next({ mayEnter: false, mayExit, at: this.at }) as Exit | undefined;
  }

  /** What a restart makes of it. */
  again(): void {
    this.run.take();
    this.run = LiveRun.resume(this.plan, JSON.parse(JSON.stringify(this.run.checkpoint())));
  }
}

describe('a live run whose layers oppose', () => {
  it('closes first what its account holds, as an exit, and then the rest inside itself at one price', () => {
    const held = new Holding([10, 100], [-4, 101]);
    held.see(102, 104);
    held.run.closeAll('end');
    const exit = held.next();
    expect(exit).toMatchObject({ layer: 1, direction: 1, units: 6, reduces: true, reason: 'end' });
    held.at += 500;
    held.run.ended(exit!, fill(6, 102, 3), held.at);
    expect(held.next()).toBeUndefined();
    expect([held.run.isFlat, held.run.book.openEntries]).toEqual([true, 0]);
    const { trades, events } = saidBy(held.run);
    expect(trades).toMatchObject([
      { direction: 'long', units: 6, entryPrice: 100, exitPrice: 102, pnl: 9, commission: 3 },
      { direction: 'long', units: 4, entryPrice: 100, exitPrice: 103, pnl: 12, commission: 0, exitAt: held.at },
      { direction: 'short', units: 4, entryPrice: 101, exitPrice: 103, pnl: -8, commission: 0, reason: 'end' },
    ]);
    expect(events.map((event) => event.type)).toEqual(Array(3).fill('trade_executed'));
    // Bought 10 at 100, sold 4 at 101 and 6 at 102 for 3: what the account has made of it, whatever the price inside was.
    expect(held.run.book.holdings.balance).toBe(1_000 + 404 + 612 - 1_000 - 3);
  });

  it('needs no order where nothing is left of them, also while no exit may be asked for', () => {
    const held = new Holding([5, 100], [-3, 103], [-2, 104]);
    held.see(101, 102);
    held.run.closeAll('end');
    expect(held.next(false)).toBeUndefined();
    expect(held.run.isFlat).toBe(true);
    expect(saidBy(held.run).trades.map(({ units, exitPrice, pnl }) => [units, exitPrice, pnl])).toEqual([
      [3, 101.5, 4.5],
      [3, 101.5, 4.5],
      [2, 101.5, 3],
      [2, 101.5, 5],
    ]);
    held.run.finish(held.at);
    expect(saidBy(held.run).equity.at(-1)).toMatchObject({ at: held.at, balance: 1_017 });
  });

  it('asks for the rest of an exit that filled in part, over all layers of its side, and only so much', () => {
    const held = new Holding([4, 100], [-5, 100], [6, 100]);
    held.run.closeAll('end');
    const first = held.next()!;
    expect(first).toMatchObject({ layer: 1, units: 4, reduces: true });
    held.run.ended(first, fill(3, 100), held.at);
    held.again();
    const second = held.next()!;
    expect(second).toMatchObject({ layer: 1, units: 1, reduces: true });
    held.run.ended(second, fill(1, 100), held.at);
    const third = held.next()!;
    expect(third).toMatchObject({ layer: 3, units: 1, reduces: true });
    held.again();
    held.run.ended(third, fill(1, 100), held.at);
    expect(held.next()).toBeUndefined();
    expect(held.run.isFlat).toBe(true);
  });

  it('whose exit was filled after its end closes what that has left, on the other side', () => {
    const held = new Holding([10, 100], [-4, 100]);
    held.run.closeAll('end');
    const lost = held.next()!;
    held.run.ended(lost, fill(0, 0), held.at);
    held.run.filledLate(lost, fill(8, 100), held.at);
    const exit = held.next()!;
    expect(exit).toMatchObject({ layer: 2, direction: -1, units: 2, reduces: true });
    held.run.ended(exit, fill(2, 100), held.at);
    expect(held.next()).toBeUndefined();
    expect(held.run.isFlat).toBe(true);
  });

  it('closes inside itself what fills while everything is being closed, in float units to the last of them', () => {
    const held = new Holding([0.1, 100], [0.2, 100], [-0.3, 101]);
    held.run.closeAll('end');
    expect(held.next()).toBeUndefined();
    expect([held.run.isFlat, held.run.book.openEntries]).toEqual([true, 0]);
  });

  it('lets go only what its account does not hold, and makes trades of the rest', () => {
    const held = new Holding([10, 100], [-4, 101]);
    held.run.closeAll('end');
    expect(held.run.letGo(held.next()!, held.at)).toBe(6);
    expect(held.next()).toBeUndefined();
    expect(held.run.isFlat).toBe(true);
    expect(saidBy(held.run).trades.map(({ units }) => units)).toEqual([4, 4]);
  });

  it('leaves a layer whole while another one stays', () => {
    const held = new Holding([10, 100], [-4, 101]);
    held.run.book.exit(1);
    held.see(100, 100);
    expect(held.next()).toMatchObject({ layer: 1, units: 10, reduces: false });
  });
});
