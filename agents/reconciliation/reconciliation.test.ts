/** What reconciliation makes of comparisons: patience with news on their way, halts that let reduction pass, books that follow the venue. */
import { describe, expect, it } from 'vitest';
import type { TradingHalted } from '../../messages/halt.ts';
import type { OrderFilled } from '../../messages/order.ts';
import type {
  BooksCompared,
  ExternalOrder,
  PositionDifference,
  ReconciliationAnswered,
  ReconciliationConcluded,
  ReconciliationRequested,
} from '../../messages/reconciliation.ts';
import type { Message } from '../../runtime/message.ts';
import { drive } from '../testing/drive.ts';
import { reconciliationAgent } from './reconciliation.ts';

const NOW = Date.UTC(2026, 0, 5, 12);
const difference: PositionDifference = {
  ...{ accountId: 'acct-agent-1', symbol: 'AAPL', ownQuantity: '100', ownAveragePrice: '10' },
  ...{ venueQuantity: '150', venueAveragePrice: '12' },
};
const stranger: ExternalOrder = {
  ...{ clientOrderId: 'x', accountId: 'acct-agent-1', symbol: 'AAPL', side: 'buy', leavesQuantity: '5', price: '9' },
  ours: false,
};
const never = (): never => {
  throw new Error('a turn asks nobody');
};
const venue = {
  name: 'paper',
  idempotency: 'none',
  submit: never,
  cancel: never,
  lookup: never,
  snapshot: never,
} as const;

class Desk {
  now = NOW;
  private readonly agent = drive({
    ...reconciliationAgent({
      venue: { ...venue, onReport: never },
      books: { orders: never, positions: never, funds: never, knows: never, now: never, monotonic: never },
      cashTolerance: '1',
    }),
    // The agent's own deadline comes like any message.
    ignores: ['resumed', 'reconciliation.due', 'books.compared', 'trading.halted', 'trading.resumed', 'order.filled'],
  });
  /** By how much the clock was put forward. */
  private offMs = 0;
  private readFromMs = 0;

  tell(message: Message): Message[] {
    const said = this.agent.tell(message, this.now);
    if (said.some(({ type }) => type === 'reconciliation.requested')) this.readFromMs = this.monotonic;
    return said;
  }

  private get monotonic(): number {
    return this.now - this.offMs;
  }

  putForward(ms: number): void {
    this.now += ms;
    this.offMs += ms;
  }

  start(): Message[] {
    return this.tell({ type: 'resumed' });
  }

  due(): Message[] {
    this.now += 30_000;
    return this.tell({ type: 'reconciliation.run', why: 'interval', by: 'house' } as Message);
  }

  /** A whole cycle with this result. */
  cycle(result: Partial<BooksCompared> = {}): Message[] {
    const requested = this.due().find(({ type }) => type === 'reconciliation.requested') as ReconciliationRequested;
    return this.answer(requested.cycle, result);
  }

  answer(cycle: number, result: Partial<BooksCompared> = {}): Message[] {
    const compared = { orders: 1, positions: 1, skipped: 0 };
    const message: BooksCompared = {
      ...{ type: 'books.compared', cycle, readFromMs: this.readFromMs, readToMs: this.monotonic },
      ...{ compared, orders: [], positions: [], external: [] },
    };
    const said = this.tell({ ...message, ...result } as Message);
    // Its own halts come back to it, as facts do.
    for (const fact of said.filter(({ type }) => type === 'trading.halted')) this.tell(fact);
    return said;
  }

  shown(): ReconciliationAnswered {
    return this.tell({ type: 'reconciliation.get' })[0] as ReconciliationAnswered;
  }
}

const typesOf = (said: readonly Message[]): string[] =>
  said.map(({ type }) => type).filter((type) => !type.startsWith('$'));
const of = <M extends Message>(said: readonly Message[], type: M['type']): M[] =>
  said.filter((message) => message.type === type) as M[];

describe('reconciliation', () => {
  it('looks at a start, at its interval and when somebody asks, one look at a time', () => {
    const desk = new Desk();
    expect(of(desk.start(), 'reconciliation.requested')).toMatchObject([{ cycle: 1, why: 'start' }]);
    expect(typesOf(desk.due())).toEqual(['reconciliation.answered']);
    desk.answer(1);
    expect(of(desk.due(), 'reconciliation.requested')).toMatchObject([{ cycle: 2, why: 'interval' }]);
    desk.answer(2);
    const asked = desk.tell({ type: 'reconciliation.run', why: 'asked', by: 'anna' } as Message);
    expect(of(asked, 'reconciliation.requested')).toMatchObject([{ cycle: 3, why: 'asked', by: 'anna' }]);
    expect(of(asked, 'reconciliation.answered')).toMatchObject([{ cycle: 3, underWay: true }]);
  });

  it('gives up a look that never ends, and drops the answer of an older one', () => {
    const desk = new Desk();
    desk.start();
    desk.now += 300_000;
    expect(of(desk.due(), 'reconciliation.requested')).toMatchObject([{ cycle: 2 }]);
    expect(typesOf(desk.answer(1, { positions: [difference] }))).toEqual([]);
    expect(desk.shown().suspected).toEqual([]);
  });

  it('records that the books agree once, not every time', () => {
    const desk = new Desk();
    expect(of(desk.cycle(), 'reconciliation.concluded')).toMatchObject([{ outcome: 'agrees', severity: 'none' }]);
    expect(typesOf(desk.cycle())).toEqual([]);
    expect(desk.shown()).toMatchObject({ outcome: 'agrees', comparedAt: desk.now, venue: 'paper' });
  });

  it('takes what the venue cannot tell for nothing: it is recorded once, and what was suspected stays', () => {
    const desk = new Desk();
    desk.cycle({ positions: [difference] });
    expect(of(desk.cycle({ failed: 'time-out' }), 'reconciliation.concluded')).toMatchObject([
      { outcome: 'unknown', reason: 'time-out' },
    ]);
    expect(typesOf(desk.cycle({ failed: 'time-out' }))).toEqual([]);
    expect(desk.shown()).toMatchObject({ unansweredInARow: 2, outcome: 'unknown' });
    expect(typesOf(desk.cycle({ positions: [difference] }))).toContain('trading.halted');
    expect(desk.shown().unansweredInARow).toBe(0);
  });
});

describe('a difference of positions', () => {
  it('seen once is only suspected, and looked at again soon', () => {
    const desk = new Desk();
    const said = desk.cycle({ positions: [difference] });
    expect(typesOf(said)).toEqual([]);
    expect(said).toMatchObject([{ type: '$after', delayMs: 5_000, message: { type: 'reconciliation.due' } }]);
    expect(desk.shown().suspected).toEqual(['position acct-agent-1 AAPL']);
    expect(typesOf(desk.cycle())).toEqual(['reconciliation.concluded']);
  });

  it('that an earlier life has seen is only suspected by this one: the news about it may have died with that life', () => {
    const desk = new Desk();
    desk.cycle({ positions: [difference] });
    desk.now += 60_000;
    const [requested] = of<ReconciliationRequested>(desk.start(), 'reconciliation.requested');
    expect(typesOf(desk.answer(requested!.cycle, { positions: [difference] }))).toEqual([]);
    expect(desk.shown().suspected).toEqual(['position acct-agent-1 AAPL']);
    expect(typesOf(desk.cycle({ positions: [difference] }))).toContain('order.filled');
  });

  it('is not believed by looks that follow each other at once: the news about it may be on their way as before', () => {
    const desk = new Desk();
    desk.start();
    desk.answer(1, { positions: [difference] });
    const again = (afterMs: number): Message[] => {
      desk.now += afterMs;
      desk.tell({ type: 'reconciliation.run', why: 'asked', by: 'anna' } as Message);
      return desk.answer(desk.shown().cycle, { positions: [difference] });
    };
    for (const afterMs of [441, 3_000, 1_558]) {
      const said = again(afterMs);
      expect(typesOf(said)).toEqual([]);
      expect(said).toMatchObject([{ type: '$after', delayMs: 5_000 }]);
    }
    expect(typesOf(again(1))).toContain('order.filled');
  });

  it('is not older than its answer: a look that took long is no proof a moment later', () => {
    const desk = new Desk();
    desk.start();
    desk.now += 60_000;
    desk.answer(1, { positions: [difference] });
    desk.now += 4_999;
    desk.tell({ type: 'reconciliation.run', why: 'asked', by: 'anna' } as Message);
    desk.now += 60_000;
    expect(typesOf(desk.answer(2, { positions: [difference] }))).toEqual([]);
  });

  it('is not older because somebody has put the clock forward', () => {
    const desk = new Desk();
    desk.cycle({ positions: [difference] });
    desk.putForward(70_000);
    desk.tell({ type: 'reconciliation.run', why: 'asked', by: 'anna' } as Message);
    expect(typesOf(desk.answer(2, { positions: [difference] }))).toEqual([]);
    desk.now += 5_000;
    desk.tell({ type: 'reconciliation.run', why: 'asked', by: 'anna' } as Message);
    expect(typesOf(desk.answer(3, { positions: [difference] }))).toContain('order.filled');
  });

  it('on which a fill was booked while the look was under way is looked at afresh', () => {
    const desk = new Desk();
    const fill = { accountId: 'acct-agent-1', symbol: 'AAPL' };
    desk.cycle({ positions: [difference] });
    const [requested] = of<ReconciliationRequested>(desk.due(), 'reconciliation.requested');
    desk.tell({ type: 'order.filled', ...fill } as Message);
    expect(typesOf(desk.answer(requested!.cycle, { positions: [difference] }))).not.toContain('order.filled');
    desk.cycle({ positions: [difference] });
    const [again] = of<ReconciliationRequested>(desk.due(), 'reconciliation.requested');
    desk.tell({ type: 'order.filled', ...fill, symbol: 'MSFT' } as Message);
    expect(typesOf(desk.answer(again!.cycle, { positions: [difference] }))).toContain('order.filled');
  });

  it('that changes was news on its way', () => {
    const desk = new Desk();
    desk.cycle({ positions: [difference] });
    expect(typesOf(desk.cycle({ positions: [{ ...difference, venueQuantity: '120' }] }))).toEqual([]);
  });

  it('seen twice is told, halts its account for all but reduction, and our books follow the venue', () => {
    const desk = new Desk();
    desk.cycle({ positions: [difference] });
    const said = desk.cycle({ positions: [difference] });
    expect(typesOf(said)).toEqual(['reconciliation.concluded', 'trading.halted', 'order.filled']);
    expect(of<ReconciliationConcluded>(said, 'reconciliation.concluded')[0]).toMatchObject({
      ...{ outcome: 'differs', severity: 'normal', positions: [difference] },
    });
    expect(of<TradingHalted>(said, 'trading.halted')[0]).toMatchObject({
      ...{ scope: 'account', targetId: 'acct-agent-1', mode: 'reduce', by: 'reconciliation' },
    });
    expect(of<OrderFilled>(said, 'order.filled')[0]).toMatchObject({
      ...{ traderId: 'agent-1', side: 'buy', quantity: '50', price: '16', late: true, synthetic: true, end: false },
    });
    expect(desk.shown()).toMatchObject({ findings: 1, suspected: [], outcome: 'differs' });
  });

  it('of another sign is of high severity: close and open', () => {
    const desk = new Desk();
    const turned = { ...difference, venueQuantity: '-50' };
    desk.cycle({ positions: [turned] });
    const said = desk.cycle({ positions: [turned] });
    expect(of(said, 'reconciliation.concluded')).toMatchObject([{ severity: 'high' }]);
    const fills = of<OrderFilled>(said, 'order.filled');
    expect(fills.map(({ side, quantity }) => [side, quantity])).toEqual([
      ['sell', '100'],
      ['sell', '50'],
    ]);
    expect(new Set(fills.map(({ executionId }) => executionId)).size).toBe(2);
  });

  it('makes one halt an account until somebody releases it, and other ids each time', () => {
    const desk = new Desk();
    const found = () => {
      desk.cycle({ positions: [difference] });
      return desk.cycle({ positions: [difference] });
    };
    const first = found();
    const [halt] = of<TradingHalted>(first, 'trading.halted');
    const second = found();
    expect(typesOf(second)).toEqual(['reconciliation.concluded', 'order.filled']);
    desk.tell({ type: 'trading.resumed', stopId: halt!.stopId, by: 'anna', reason: 'seen' } as Message);
    const third = found();
    expect(of<TradingHalted>(third, 'trading.halted')[0]?.stopId).not.toBe(halt!.stopId);
    const ids = [first, second, third]
      .flatMap((said) => of<OrderFilled>(said, 'order.filled'))
      .map((f) => f.executionId);
    expect(new Set(ids).size).toBe(3);
  });
});

describe('orders', () => {
  it('that differ twice are asked about at the venue', () => {
    const desk = new Desk();
    const orders = [{ orderId: 'o-1', what: 'not-open' as const }];
    desk.cycle({ orders });
    const said = desk.cycle({ orders });
    expect(typesOf(said)).toEqual(['reconciliation.concluded', 'order.reconcile']);
    expect(of(said, 'order.reconcile')).toMatchObject([{ orderId: 'o-1' }]);
  });

  it('of somebody else count from the second look on, again when they change, and no longer when they are gone', () => {
    const desk = new Desk();
    desk.cycle({ external: [stranger] });
    expect(typesOf(desk.cycle({ external: [stranger] }))).toEqual(['reconciliation.concluded', 'order.external-found']);
    expect(typesOf(desk.cycle({ external: [stranger] }))).toEqual([]);
    const smaller = { ...stranger, leavesQuantity: '3' };
    desk.cycle({ external: [smaller] });
    expect(of(desk.cycle({ external: [smaller] }), 'order.external-found')).toMatchObject([{ leavesQuantity: '3' }]);
    expect(desk.shown()).toMatchObject({ outcome: 'differs', external: [smaller] });
    expect(typesOf(desk.cycle())).toEqual(['reconciliation.concluded', 'order.external-gone']);
    expect(desk.shown()).toMatchObject({ outcome: 'agrees', external: [] });
  });

  it('of ours that have ended and are open there halt their account', () => {
    const desk = new Desk();
    const zombie = { ...stranger, ours: true };
    desk.cycle({ external: [zombie] });
    const said = desk.cycle({ external: [zombie] });
    expect(of(said, 'reconciliation.concluded')).toMatchObject([{ severity: 'high' }]);
    expect(of(said, 'trading.halted')).toMatchObject([{ mode: 'reduce' }]);
    expect(of(said, 'order.external-found')).toMatchObject([{ ours: true }]);
  });

  it('of ours that have ended are cancelled again with each look until they are gone, without another finding', () => {
    const desk = new Desk();
    const zombie = { ...stranger, ours: true };
    desk.cycle({ external: [zombie] });
    desk.cycle({ external: [zombie] });
    const { findings } = desk.shown();
    for (let looks = 0; looks < 3; looks += 1) {
      const said = desk.cycle({ external: [zombie] });
      expect(typesOf(said)).toEqual(['order.external-found']);
      expect(of(said, 'order.external-found')).toMatchObject([zombie]);
    }
    expect(typesOf(desk.cycle({ failed: 'time-out' }))).toEqual(['reconciliation.concluded']);
    expect(desk.shown().findings).toBe(findings);
    expect(typesOf(desk.cycle())).toEqual(['reconciliation.concluded', 'order.external-gone']);
    expect(typesOf(desk.cycle())).toEqual([]);
  });
});

describe('cash that differs', () => {
  const apart = { accountId: 'acct-agent-1', ownAmount: '50000', venueAmount: '49975' };
  const told = (...differing: (typeof apart)[]) => ({ cash: { differing, judged: 1, skipped: [] } });
  const concluded = (said: readonly Message[]) => of<ReconciliationConcluded>(said, 'reconciliation.concluded');

  it('is a finding once it was seen alike for a while, told once, and changes neither books nor halts', () => {
    const desk = new Desk();
    desk.start();
    desk.answer(1);
    expect(concluded(desk.cycle(told(apart)))).toEqual([]);
    const said = desk.cycle(told(apart));
    expect(concluded(said)).toMatchObject([{ outcome: 'differs', severity: 'normal', positions: [], cash: [apart] }]);
    expect(typesOf(said)).toEqual(['reconciliation.concluded']);
    expect(typesOf(desk.cycle(told(apart)))).toEqual([]);
    expect(desk.shown()).toMatchObject({ outcome: 'differs', cash: [apart], findings: 1 });
  });

  it('is told again by another amount, and agrees when it is gone, not when nobody could look', () => {
    const desk = new Desk();
    desk.start();
    desk.answer(1);
    for (let look = 0; look < 2; look += 1) desk.cycle(told(apart));
    const more = { ...apart, venueAmount: '49900' };
    expect(concluded(desk.cycle(told(more)))).toEqual([]);
    expect(concluded(desk.cycle(told(more)))).toMatchObject([{ cash: [more] }]);
    expect(concluded(desk.cycle())).toEqual([]);
    const skipped = { cash: { differing: [], judged: 0, skipped: ['acct-agent-1'] } };
    expect(concluded(desk.cycle(skipped))).toEqual([]);
    expect(desk.shown().cash).toEqual([more]);
    expect(concluded(desk.cycle(told()))).toMatchObject([{ outcome: 'agrees' }]);
    expect(desk.shown().cash).toEqual([]);
  });
});
