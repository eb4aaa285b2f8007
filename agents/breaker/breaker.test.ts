import { describe, expect, it } from 'vitest';
import type { HaltCheck } from '../../messages/gate.ts';
import type {
  EquityDayOpened,
  TradingHalt,
  TradingHaltAnswered,
  TradingHalted,
  TradingResumeAnswered,
} from '../../messages/halt.ts';
import type { LimitsChanged, TradingLimits } from '../../messages/limits.ts';
import type { GateAnswered, OrdersOpen, OrdersOpenAnswered } from '../../messages/order.ts';
import type { Message } from '../../runtime/message.ts';
import { drive } from '../testing/drive.ts';
import { ticket } from '../testing/samples.ts';
import { only, type Stage, stage, types } from '../testing/stage.ts';
import { breakerAgent } from './breaker.ts';
import { stepEquity, type Watched } from './equity.ts';

const limits: TradingLimits = {
  instruments: {},
  accounts: { default: { exposureMax: '1000000', dailyLossRatioMax: '0.05', drawdownRatioMax: '0.2' } },
  orderRate: { max: 100, windowMs: 1_000 },
  duplicate: { max: 1, windowMs: 1_000 },
  quoteAgeMaxMs: 1_000,
};

const house = (fourEyes = false): Stage => stage(breakerAgent({ limits, fourEyes }));

function halt(over: Partial<TradingHalt> = {}): TradingHalt {
  return { type: 'trading.halt', stopId: 'stop-1', scope: 'system', reason: 'test', by: 'anna', ...over };
}

function resume(breaker: Stage, by = 'boris', stopId = 'stop-1'): TradingResumeAnswered {
  const said = breaker.tell({ type: 'trading.resume', stopId, by, reason: 'all clear' } as Message);
  return only<TradingResumeAnswered>(said, 'trading.resume-answered');
}

function check(breaker: Stage, over: Parameters<typeof ticket>[0] = {}): GateAnswered {
  const request: HaltCheck = { type: 'halt.check', orderId: 'trade-1', ticket: ticket(over), amount: '15000' };
  return only<GateAnswered>(breaker.tell(request), 'gate.answered');
}

const mark = (breaker: Stage, equity: string, accountId = 'acct-1'): Message[] =>
  breaker.tell({ type: 'equity.mark', accountId, equity } as Message);

describe('a stop', () => {
  it('is recorded, refuses new orders at once and asks what venues have', () => {
    const breaker = house();
    const said = breaker.tell(halt());
    expect(only<TradingHalted>(said, 'trading.halted')).toMatchObject({ stopId: 'stop-1', by: 'anna' });
    expect(only<OrdersOpen>(said, 'orders.open')).toMatchObject({ scope: 'system', handedOver: true });
    expect(check(breaker)).toMatchObject({ allowed: false, denial: { code: 'HALTED', class: 'halt' } });
  });

  it('gives its receipt with the orders that were handed over', () => {
    const breaker = house();
    breaker.tell(halt());
    const open: OrdersOpenAnswered = { type: 'orders.open-answered', requestId: 'stop-1', orderIds: ['trade-7'] };
    const answer = only<TradingHaltAnswered>(breaker.tell(open), 'trading.halt-answered');
    expect(answer).toMatchObject({ stopId: 'stop-1', handedOver: ['trade-7'] });
  });

  it('gives the same receipt again, in another life and after its release too', () => {
    const breaker = house();
    breaker.tell(halt({ keyed: true }));
    const open = (...orderIds: string[]): OrdersOpenAnswered => ({
      ...{ type: 'orders.open-answered', requestId: 'stop-1', orderIds },
    });
    const receiptOf = (message: Message) => only<TradingHaltAnswered>(breaker.tell(message), 'trading.halt-answered');
    const first = receiptOf(open('trade-7'));
    // Another one has asked before the first was answered.
    expect(receiptOf(open())).toEqual(first);
    breaker.restart();
    expect(receiptOf(halt({ keyed: true }))).toEqual(first);
    resume(breaker);
    expect(receiptOf(halt({ keyed: true }))).toEqual(first);
  });

  it('records its receipt only where somebody may ask again: nobody else waits for the record', () => {
    const open: OrdersOpenAnswered = { type: 'orders.open-answered', requestId: 'stop-1', orderIds: ['trade-7'] };
    const said = (over: Partial<TradingHalt>) => {
      const breaker = house();
      breaker.tell(halt(over));
      return types(breaker.tell(open));
    };
    expect(said({ keyed: true })).toEqual(['trading.handed-over', 'trading.halt-answered']);
    expect(said({})).toEqual(['trading.halt-answered']);
  });

  it('lets exits pass', () => {
    const breaker = house();
    breaker.tell(halt());
    expect(check(breaker, { exit: true }).allowed).toBe(true);
  });

  it('of an account or a trader covers only them', () => {
    const breaker = house();
    breaker.tell(halt({ scope: 'account', targetId: 'acct-1' }));
    breaker.tell(halt({ stopId: 'stop-2', scope: 'agent', targetId: 'agent-2' }));
    expect(check(breaker).allowed).toBe(false);
    expect(check(breaker, { accountId: 'acct-2', traderId: 'agent-2' }).allowed).toBe(false);
    expect(check(breaker, { accountId: 'acct-3', traderId: 'agent-3' }).allowed).toBe(true);
  });

  it('that is asked for twice is one stop', () => {
    const breaker = house();
    breaker.tell(halt());
    expect(types(breaker.tell(halt()))).toEqual(['orders.open']);
    resume(breaker);
    expect(check(breaker).allowed).toBe(true);
  });

  it('survives a restart', () => {
    const breaker = house();
    breaker.tell(halt());
    breaker.restart();
    expect(check(breaker).allowed).toBe(false);
    expect(resume(breaker).outcome).toBe('resumed');
  });

  it('stays while another one that covers the order is released', () => {
    const breaker = house();
    breaker.tell(halt());
    breaker.tell(halt({ stopId: 'stop-2' }));
    resume(breaker);
    expect(check(breaker).allowed).toBe(false);
  });
});

describe('a crash of an agent', () => {
  const crash = (reason: string, agent = 'portfolio') => ({ type: 'agent.crashed', agent, reason }) as Message;

  it('by a broken invariant stops the whole house, once for one cause, until a person releases it', () => {
    const breaker = house();
    const broken = crash('Error: Invariant: a posting sums to zero, not to 5');
    const halted = only<TradingHalted>(breaker.tell(broken), 'trading.halted');
    expect(halted).toMatchObject({ scope: 'system', by: 'circuit-breaker' });
    expect(halted.reason).toBe('portfolio crashed: Error: Invariant: a posting sums to zero, not to 5');
    expect(check(breaker).allowed).toBe(false);
    expect(types(breaker.tell(broken))).toEqual([]);
    expect(types(breaker.tell(crash('Error: Invariant: something else')))).toEqual(['trading.halted']);
    resume(breaker, 'boris', halted.stopId);
    expect(check(breaker).allowed).toBe(false);
  });

  it('that comes again before the stop of the first is read back makes no second one', () => {
    const breaker = drive(breakerAgent({ limits, fourEyes: false }));
    const broken = crash('Error: Invariant: a posting sums to zero, not to 5');
    const [halted] = breaker.tell(broken, 1_000);
    expect(halted).toMatchObject({ type: 'trading.halted', scope: 'system' });
    expect(breaker.tell(broken, 1_001)).toEqual([]);
    breaker.tell(halted!, 1_002);
    const { stopId } = halted as TradingHalted;
    breaker.tell({ type: 'trading.resumed', stopId, by: 'boris', reason: 'all clear' } as Message, 1_003);
    expect(types(breaker.tell(broken, 1_004))).toEqual(['trading.halted']);
  });

  it('of any other kind is left to its supervisor', () => {
    const breaker = house();
    expect(types(breaker.tell(crash('Error: a planted defect')))).toEqual([]);
    expect(check(breaker).allowed).toBe(true);
  });
});

describe('a release', () => {
  it('of an unknown stop is not found', () => {
    expect(resume(house()).outcome).toBe('not-found');
  });

  it('happens once, and later says when it happened', () => {
    const breaker = house();
    breaker.tell(halt());
    const at = breaker.now;
    expect(resume(breaker)).toMatchObject({ outcome: 'resumed', resolvedAt: at });
    breaker.advance(5_000);
    expect(resume(breaker)).toMatchObject({ outcome: 'already-resolved', resolvedAt: at });
  });

  it('stays released when the stop is asked for again, and the receipt that a crash has taken names what venues have', () => {
    const breaker = house();
    breaker.tell(halt({ keyed: true }));
    breaker.restart();
    resume(breaker);
    expect(types(breaker.tell(halt({ keyed: true })))).toEqual(['orders.open']);
    const open: OrdersOpenAnswered = { type: 'orders.open-answered', requestId: 'stop-1', orderIds: ['trade-7'] };
    const answer = only<TradingHaltAnswered>(breaker.tell(open), 'trading.halt-answered');
    expect(answer).toMatchObject({ handedOver: ['trade-7'] });
    expect(check(breaker).allowed).toBe(true);
  });

  it('needs another person when four eyes are asked for', () => {
    const breaker = house(true);
    breaker.tell(halt());
    expect(resume(breaker, 'anna').outcome).toBe('four-eyes');
    expect(check(breaker).allowed).toBe(false);
    expect(resume(breaker, 'boris').outcome).toBe('resumed');
  });

  it('is forgotten after a day', () => {
    const breaker = house();
    breaker.tell(halt());
    resume(breaker);
    breaker.advance(24 * 60 * 60 * 1_000);
    expect(breaker.entities()).toEqual([]);
  });
});

describe('the daily loss', () => {
  it('counts from the first mark of the UTC day', () => {
    const breaker = house();
    const said = mark(breaker, '100000');
    expect(only<EquityDayOpened>(said, 'equity.day-opened')).toMatchObject({ day: '2026-01-05', equity: '100000' });
    expect(types(mark(breaker, '99000'))).toEqual([]);
  });

  it('halts the account exactly at its limit, once, with the numbers in the reason', () => {
    const breaker = house();
    mark(breaker, '100000');
    expect(types(mark(breaker, '95000.01'))).toEqual([]);
    const halted = only<TradingHalted>(mark(breaker, '95000'), 'trading.halted');
    expect(halted).toMatchObject({ scope: 'account', targetId: 'acct-1', by: 'circuit-breaker' });
    expect(halted.reason).toBe('Daily loss of 5000 (5 % of 100000) reached the limit of 5 %');
    expect(halted.stopId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(types(mark(breaker, '94000'))).toEqual([]);
    expect(check(breaker).allowed).toBe(false);
    expect(check(breaker, { accountId: 'acct-2' }).allowed).toBe(true);
  });

  it('keeps its base when a clock is put back over midnight', () => {
    const said: string[] = [];
    const markAt = (at: number, equity: string, watched: Watched | null) => {
      const mark = { type: 'equity.mark', at, accountId: 'acct-1', equity, limits: undefined, halted: false } as const;
      return stepEquity(watched, mark, ({ type }) => said.push(type));
    };
    const midnight = Date.UTC(2026, 0, 6);
    const opened = markAt(midnight, '100000', null);
    const back = markAt(midnight - 60_000, '90000', opened);
    expect(markAt(midnight + 60_000, '90000', back)).toMatchObject({ day: '2026-01-06', dayEquity: '100000' });
    expect(said).toEqual(['equity.day-opened', 'equity.peaked']);
  });

  it('starts anew at midnight UTC', () => {
    const breaker = house();
    mark(breaker, '100000');
    mark(breaker, '96000');
    breaker.advance(12 * 60 * 60 * 1_000 - 1);
    expect(types(mark(breaker, '95500'))).toEqual([]);
    breaker.advance(1);
    expect(types(mark(breaker, '95500'))).toEqual(['equity.day-opened']);
    expect(types(mark(breaker, '91000'))).toEqual([]);
    expect(types(mark(breaker, '90725'))).toEqual(['trading.halted']);
  });

  it('halts again after a release while the breach lasts, under a new id', () => {
    const breaker = house();
    mark(breaker, '100000');
    const first = only<TradingHalted>(mark(breaker, '94000'), 'trading.halted');
    expect(resume(breaker, 'boris', first.stopId).outcome).toBe('resumed');
    breaker.advance(1_000);
    const second = only<TradingHalted>(mark(breaker, '94000'), 'trading.halted');
    expect(second.stopId).not.toBe(first.stopId);
  });

  it('goes by the newest limits, and by none where none are set', () => {
    const breaker = house();
    const tight = { exposureMax: '1', dailyLossRatioMax: '0.01', drawdownRatioMax: '0.2' };
    const changed: LimitsChanged = {
      type: 'limits.changed',
      limitsVersion: 2,
      limits: { ...limits, accounts: { 'acct-1': tight } },
      by: 'anna',
      reason: 'test',
    };
    breaker.tell(changed);
    mark(breaker, '100000');
    mark(breaker, '100000', 'acct-2');
    expect(types(mark(breaker, '99000'))).toEqual(['trading.halted']);
    expect(types(mark(breaker, '1', 'acct-2'))).toEqual([]);
  });
});

describe('the high-water mark', () => {
  it('moves from five basis points upwards, not below', () => {
    const breaker = house();
    expect(types(mark(breaker, '100000'))).toEqual(['equity.day-opened', 'equity.peaked']);
    expect(types(mark(breaker, '100049.99'))).toEqual([]);
    expect(types(mark(breaker, '100050'))).toEqual(['equity.peaked']);
  });

  it('bounds the fall over days', () => {
    const breaker = house();
    const fall = ['100000', '96000', '92000', '88000', '84000', '80000.01'];
    for (const equity of fall) {
      mark(breaker, equity);
      breaker.advance(24 * 60 * 60 * 1_000);
    }
    const said = mark(breaker, '80000');
    expect(only<TradingHalted>(said, 'trading.halted').reason).toBe(
      'Drawdown of 20000 (20 % of 100000) reached the limit of 20 %',
    );
  });
});
