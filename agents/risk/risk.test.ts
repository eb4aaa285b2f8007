import { describe, expect, it } from 'vitest';
import { NOW, sampleLimits, sampleQuote } from '../../controls/testing/sample.ts';
import type { OrderTicket } from '../../messages/common.ts';
import type { GateAnswered } from '../../messages/order.ts';
import { drive } from '../testing/drive.ts';
import { createdTrader, ended, filled, request, traderFact } from '../testing/requests.ts';
import { accountOpen } from '../testing/samples.ts';
import { type RiskState, riskAgent } from './risk.ts';

function gate(limits = sampleLimits()) {
  const agent = drive(riskAgent(limits));
  for (const accountId of ['acct-1', 'acct-2']) agent.tell({ ...createdTrader(), accountId } as never, NOW);
  const answer = (changes: Partial<OrderTicket> = {}, at = NOW) =>
    (agent.tell({ type: 'risk.reserve', ...request(changes, at) }, at) as GateAnswered[])[0]!;
  const reserve = (changes: Partial<OrderTicket> = {}, at = NOW) => {
    const { allowed, denial } = answer(changes, at);
    return denial?.code ?? allowed;
  };
  const state = () => agent.state<RiskState>('acct-1');
  return { agent, answer, reserve, state };
}
const order = (n: number, quantity = '100'): Partial<OrderTicket> => ({ orderId: `trade-${n}`, quantity });

describe('risk', () => {
  it('sets the amount aside and says so', () => {
    const { answer, state } = gate();
    expect(answer()).toEqual({
      type: 'gate.answered',
      gate: 'risk',
      orderId: 'trade-1',
      allowed: true,
      reserved: '10000',
    });
    expect(state()?.reservations).toEqual({
      'trade-1': {
        symbol: 'AAPL',
        side: 'buy',
        leavesQuantity: '100',
        price: '100',
        amount: '10000',
        exit: false,
        reach: '100',
      },
    });
  });

  it('counts a sale at the bid when that is above its limit, because there it fills', () => {
    const { answer } = gate();
    const bid = Number(sampleQuote().bid);
    const sale = answer({ side: 'sell', quantity: '10', price: String(bid - 2) });
    expect(sale).toMatchObject({ allowed: true, reserved: String(bid * 10) });
  });

  it('holds a sale to the largest value of one order at the bid too, and slices of it', () => {
    const { reserve } = gate(sampleLimits({ slicing: { windowMs: 60_000 } }));
    const sale = (n: number, quantity: string, price: string) =>
      reserve({ ...order(n, quantity), side: 'sell', price });
    // 19,899 and 19,980 at the limit of 99, and at the bid of 99.9.
    expect(sale(1, '201', '99')).toBe('ORDER_VALUE');
    expect([sale(2, '199', '99'), sale(3, '1', '99'), sale(4, '1', '99')]).toEqual([true, true, 'SLICED_ORDER']);
  });

  it('gives the same room to only one of two racing orders', () => {
    const { reserve } = gate();
    expect([reserve(order(1, '180')), reserve(order(2, '180'))]).toEqual([true, 'EXPOSURE_LIMIT']);
  });

  it('counts other symbols of the account, and no other account', () => {
    const { reserve } = gate();
    expect(reserve(order(1, '200'))).toBe(true);
    expect(reserve({ ...order(2, '101'), symbol: 'MSFT' })).toBe('EXPOSURE_LIMIT');
    expect(reserve({ ...order(2, '100'), symbol: 'MSFT' })).toBe(true);
    expect(reserve({ ...order(3, '200'), accountId: 'acct-2' })).toBe(true);
  });

  it('answers a repeat from its own reservation and replaces it', () => {
    const { answer, reserve, state } = gate();
    expect(reserve(order(1, '180'))).toBe(true);
    expect(reserve(order(1, '180'))).toBe(true);
    expect(answer({ ...order(1, '180'), price: '105' })).toMatchObject({ allowed: true, reserved: '18900' });
    expect(Object.values(state()!.reservations).map(({ amount }) => amount)).toEqual(['18900']);
  });

  it('checks a repeat at the market of now, and keeps its reservation until the order ends', () => {
    const { agent, reserve, state } = gate();
    expect(reserve(order(1))).toBe(true);
    const late = { type: 'risk.reserve', ...request(order(1), NOW) } as const;
    expect(agent.tell(late, NOW + 60_000)).toMatchObject([{ denial: { code: 'STALE_DATA' } }]);
    expect(Object.keys(state()!.reservations)).toEqual(['trade-1']);
    agent.tell(ended(order(1), { end: 'denied' }), NOW + 60_000);
    expect(state()!.reservations).toEqual({});
  });

  it('fails closed without quote, limits or instrument', () => {
    const { agent, reserve } = gate();
    const { quote: _none, ...blind } = request();
    expect(agent.tell({ type: 'risk.reserve', ...blind } as never, NOW)).toMatchObject([
      { allowed: false, denial: { code: 'STALE_DATA' } },
    ]);
    expect(reserve({ symbol: 'ABCD' })).toBe('NO_LIMIT_CONFIGURED');
    const none = drive(riskAgent(undefined));
    expect(none.tell({ type: 'risk.reserve', ...request() }, NOW)).toMatchObject([{ allowed: false }]);
    expect(none.state<RiskState>('acct-1')!.reservations).toEqual({});
  });

  it('moves the position with fills and counts the reservation down', () => {
    const { agent, state } = gate();
    agent.tell({ type: 'risk.reserve', ...request(order(1)) }, NOW);
    agent.tell(filled(order(1), { quantity: '40', leavesQuantity: '60', end: false, price: '99' }), NOW);
    expect(state()).toMatchObject({
      positions: { AAPL: { quantity: '40', cost: '3960', averagePrice: '99' } },
      reservations: { 'trade-1': { leavesQuantity: '60', amount: '6000' } },
    });
    agent.tell(ended(order(1), { filledQuantity: '40' }), NOW);
    expect(state()?.positions).toMatchObject({ AAPL: { quantity: '40' } });
    expect(state()?.reservations).toEqual({});
  });

  it('keeps no reservation for an order that is filled, even beyond its quantity', () => {
    const { agent, reserve, state } = gate();
    reserve(order(1));
    agent.tell(filled(order(1), { quantity: '101', end: false }), NOW);
    expect(state()?.positions).toMatchObject({ AAPL: { quantity: '101' } });
    expect(state()?.reservations).toEqual({});
  });

  it('moves the position with late fills of orders and accounts it does not know', () => {
    const { agent, state } = gate();
    agent.tell(filled(order(9), { late: true }), NOW);
    expect(state()?.positions).toMatchObject({ AAPL: { quantity: '100', cost: '10000' } });
  });

  it('lets an order that reduces pass beside a full exposure', () => {
    const { agent, reserve } = gate();
    agent.tell(filled(order(9, '300')), NOW);
    expect(reserve(order(1, '1'))).toBe('EXPOSURE_LIMIT');
    expect(reserve({ ...order(2, '150'), side: 'sell' })).toBe(true);
  });

  it('lets exits pass every limit, and only as far as they reduce', () => {
    const { agent, state } = gate();
    agent.tell(filled(order(9, '100')), NOW);
    const exit = (n: number, quantity: string) => {
      const { quote: _none, ...blind } = request({ ...order(n, quantity), side: 'sell', exit: true, price: '1' });
      const [answer] = agent.tell({ type: 'risk.reserve', ...blind } as never, NOW) as GateAnswered[];
      return answer?.denial?.code ?? answer?.allowed;
    };
    expect(exit(1, '60')).toBe(true);
    expect(exit(2, '41')).toBe('NOT_AN_EXIT');
    expect(exit(3, '40')).toBe(true);
    expect(exit(1, '60')).toBe(true);
    expect(state()?.reservations).toHaveProperty('trade-1.exit', true);
  });

  it('holds a trader to its own largest position, also in slices', () => {
    const { agent, answer, reserve } = gate();
    agent.tell(createdTrader({ maxPositionSize: 10_000 }), NOW);
    expect(answer(order(1, '100.01'))).toMatchObject({ denial: { code: 'MAX_POSITION_SIZE', class: 'limit' } });
    expect([reserve(order(1, '60')), reserve(order(2, '60')), reserve(order(3, '40'))]).toEqual([
      true,
      'MAX_POSITION_SIZE',
      true,
    ]);
  });

  it('sets nothing aside for an order that ended before its request came', () => {
    const { agent, reserve, state } = gate();
    reserve(order(1));
    agent.tell(ended(order(2)), NOW);
    expect(reserve(order(2))).toBe('GATE_UNAVAILABLE');
    expect(Object.keys(state()!.reservations)).toEqual(['trade-1']);
  });

  it.each(['canceled', 'denied'] as const)(
    'sets nothing aside again for an order that asked twice and was %s in between',
    (end) => {
      const { agent, reserve, state } = gate();
      reserve(order(1));
      agent.tell(ended(order(1), { end }), NOW);
      expect(reserve(order(1))).toBe('GATE_UNAVAILABLE');
      expect(state()!.reservations).toEqual({});
    },
  );

  it('remembers an end beside a crowd of orders that were denied', () => {
    const { agent, reserve } = gate();
    agent.tell(ended(order(2)), NOW);
    for (let n = 3; n < 100; n += 1) agent.tell(ended(order(n), { end: 'denied' }), NOW);
    expect(reserve(order(2))).toBe('GATE_UNAVAILABLE');
    expect(reserve(order(99))).toBe('GATE_UNAVAILABLE');
  });

  it('goes by changed limits at once', () => {
    const { agent, reserve } = gate();
    const accounts = { default: { exposureMax: '5000', dailyLossRatioMax: '0.1', drawdownRatioMax: '0.2' } };
    const limits = sampleLimits({ accounts });
    agent.tell({ type: 'limits.changed', limitsVersion: 2, limits, by: 'admin-1', reason: 'calm' } as never, NOW);
    expect(reserve()).toBe('EXPOSURE_LIMIT');
  });

  it('forgets the account of a terminated trader once nothing is held or working', () => {
    const { agent, state } = gate();
    agent.tell(filled(order(1)), NOW);
    agent.tell(traderFact('trader.terminated'), NOW);
    expect(state()).toBeDefined();
    agent.tell(filled({ ...order(2), side: 'sell' }), NOW);
    expect(state()).toBeUndefined();
  });

  it('lets only reduction pass under a halt of that kind, and says so in its answer', () => {
    const { agent, answer, reserve } = gate();
    agent.tell(filled(order(9, '100')), NOW);
    const halt = { stopId: 'stop-1', scope: 'account', targetId: 'acct-1', mode: 'reduce', reason: 'differs', by: 'r' };
    agent.tell({ type: 'trading.halted', ...halt } as never, NOW);
    expect(reserve(order(1, '1'))).toBe('REDUCING_ONLY');
    expect(reserve({ ...order(1, '1'), accountId: 'acct-2' })).toBe(true);
    expect(answer({ ...order(2, '60'), side: 'sell' })).toMatchObject({ allowed: true, reduces: true });
    expect(reserve({ ...order(3, '41'), side: 'sell' })).toBe('REDUCING_ONLY');
    expect(answer({ ...order(4, '40'), side: 'sell', exit: true })).toMatchObject({ allowed: true });
    agent.tell({ type: 'trading.resumed', stopId: 'stop-1', by: 'anna', reason: 'seen' } as never, NOW);
    agent.tell(ended(order(2)), NOW);
    agent.tell(ended(order(4)), NOW);
    expect(answer(order(1, '1'))).toMatchObject({ allowed: true, reserved: '100' });
    expect(answer({ ...order(5, '1'), side: 'sell', price: '101' })).not.toHaveProperty('reduces', true);
  });

  it('carries an account as far as its funds, profit and commission counted', () => {
    const { agent, reserve } = gate(
      sampleLimits({
        accounts: { default: { exposureMax: '1000000', dailyLossRatioMax: '1', drawdownRatioMax: '1' } },
      }),
    );
    agent.tell({ ...createdTrader({ budget: 1_000 }), accountId: 'acct-3' } as never, NOW);
    const poor = (n: number, quantity: string) => reserve({ ...order(n, quantity), accountId: 'acct-3' });
    expect([poor(1, '10.01'), poor(1, '10')]).toEqual(['INSUFFICIENT_FUNDS', true]);
    const at = (price: string, side: 'buy' | 'sell') =>
      filled({ ...order(9, '10'), accountId: 'acct-3', side, price }, { commission: '5' });
    agent.tell(ended({ ...order(1), accountId: 'acct-3' }), NOW);
    agent.tell(at('90', 'buy'), NOW);
    agent.tell(at('100', 'sell'), NOW);
    // 1,000 + 100 profit - 10 commission.
    expect([poor(2, '10.91'), poor(2, '10.9')]).toEqual(['INSUFFICIENT_FUNDS', true]);
    expect(reserve({ ...order(3), accountId: 'acct-nobody' })).toBe('GATE_UNAVAILABLE');
  });

  it('counts orders of the venue that are not in our books, until they are gone', () => {
    const { agent, reserve } = gate();
    const external = {
      clientOrderId: 'x',
      accountId: 'acct-1',
      symbol: 'AAPL',
      side: 'buy',
      price: '100',
      ours: false,
    };
    agent.tell({ type: 'order.external-found', ...external, leavesQuantity: '250' } as never, NOW);
    expect([reserve(order(1, '51')), reserve(order(1, '50'))]).toEqual(['EXPOSURE_LIMIT', true]);
    agent.tell({ type: 'order.external-gone', clientOrderId: 'x', accountId: 'acct-1' } as never, NOW);
    expect(reserve(order(2, '200'))).toBe(true);
  });

  it('refuses what would trade with a working order of another trader on the same account', () => {
    const { agent, reserve } = gate();
    expect(reserve({ ...order(1), side: 'sell', price: '101' })).toBe(true);
    expect(reserve({ ...order(2, '10'), traderId: 'agent-2', price: '101' })).toBe('SELF_MATCH');
    expect(reserve({ ...order(3, '10'), traderId: 'agent-2', price: '100.99' })).toBe(true);
    agent.tell(ended(order(1)), NOW);
    expect(reserve({ ...order(4, '10'), price: '101' })).toBe(true);
  });

  it('takes a working order as far as its own price, not the one it counts with, and a stop nowhere', () => {
    const { agent, reserve } = gate();
    const sale = (n: number, changes: Partial<OrderTicket>) => reserve({ ...order(n, '10'), side: 'sell', ...changes });
    const buy = (n: number, price: string) => reserve({ ...order(n, '10'), price });
    expect(sale(1, { orderType: 'stop', price: '96', stopPrice: '96' })).toBe(true);
    expect(buy(2, '100')).toBe(true);
    expect(reserve({ ...order(3, '10'), orderType: 'stop', price: '104', stopPrice: '104' })).toBe(true);
    expect(sale(4, { price: '101' })).toBe(true);
    for (const n of [2, 4]) agent.tell(ended(order(n)), NOW);
    // Counted at the bid of 99.9, and it trades from 99 up.
    expect(sale(5, { price: '99' })).toBe(true);
    expect([buy(6, '99.5'), buy(6, '98.99')]).toEqual(['SELF_MATCH', true]);
    agent.tell(ended(order(5)), NOW);
    expect(sale(7, { orderType: 'market', price: '101' })).toBe(true);
    expect([buy(8, '99.9'), buy(8, '99.89')]).toEqual(['SELF_MATCH', true]);
  });

  it('lets two market orders pass one another, and neither an order that rests', () => {
    const { agent, reserve } = gate();
    const market = (n: number, side: 'buy' | 'sell') => reserve({ ...order(n, '10'), side, orderType: 'market' });
    expect([market(1, 'buy'), market(2, 'sell'), market(3, 'buy')]).toEqual([true, true, true]);
    expect(reserve({ ...order(4, '10'), side: 'sell', price: '99' })).toBe('SELF_MATCH');
    for (const n of [1, 2, 3]) agent.tell(ended(order(n)), NOW);
    expect(reserve({ ...order(5, '10'), side: 'sell', price: '99' })).toBe(true);
    expect(market(6, 'buy')).toBe('SELF_MATCH');
  });

  it('does not let an order trade with one at the venue that is not in our books', () => {
    const { agent, reserve } = gate();
    const external = { clientOrderId: 'x', accountId: 'acct-1', symbol: 'AAPL', side: 'sell', ours: false };
    agent.tell({ type: 'order.external-found', ...external, price: '101', leavesQuantity: '1' } as never, NOW);
    expect(reserve({ ...order(1), price: '101' })).toBe('SELF_MATCH');
  });

  it('counts the slices of an order that was refused for its size together, for a while', () => {
    const { reserve } = gate(sampleLimits({ slicing: { windowMs: 60_000 } }));
    const slice = (n: number, at = NOW) => reserve({ ...order(n, '60'), price: '100' }, at);
    expect(reserve(order(1, '201'))).toBe('ORDER_VALUE');
    expect([slice(2), slice(3), slice(4), slice(5)]).toEqual([true, true, true, 'SLICED_ORDER']);
    expect(slice(4)).toBe(true);
    expect(reserve({ ...order(6, '30'), symbol: 'MSFT' })).toBe(true);
    expect(slice(7, NOW + 60_000)).toBe(true);
  });

  it('forgets no slices over refusals in other instruments, however many', () => {
    const symbols = ['MSFT', 'NVDA', 'SPY', 'QQQ', 'GOOG', 'AMZN', 'TSLA', 'EURUSD', 'GBPUSD', 'AUDUSD'];
    const own = { collarRatio: '0.05', orderValueMax: '20000', orderVolumeMax: '500', positionMax: '1000' };
    const instruments = Object.fromEntries(['AAPL', ...symbols].map((symbol) => [symbol, own]));
    const { reserve, state } = gate(sampleLimits({ slicing: { windowMs: 60_000 }, instruments }));
    expect(reserve(order(1, '201'))).toBe('ORDER_VALUE');
    for (const [n, symbol] of symbols.entries()) {
      reserve({ ...order(100 + n, '1000000'), symbol });
      reserve({ ...order(200 + n, '1000000'), symbol, side: 'sell' });
    }
    expect((state() as { refused?: readonly unknown[] }).refused).toHaveLength(2 * symbols.length + 1);
    const slice = (n: number) => reserve({ ...order(n, '60'), price: '100' });
    expect([slice(2), slice(3), slice(4), slice(5)]).toEqual([true, true, true, 'SLICED_ORDER']);
  });

  it('begins to count anew with a refusal after that while, and never counts an exit', () => {
    const { agent, reserve, state } = gate(sampleLimits({ slicing: { windowMs: 60_000 } }));
    const slice = (n: number, at: number, changes: Partial<OrderTicket> = {}) =>
      reserve({ ...order(n, '60'), price: '100', ...changes }, at);
    const later = NOW + 60_000;
    expect(reserve(order(1, '201'))).toBe('ORDER_VALUE');
    expect([slice(2, NOW), slice(3, NOW)]).toEqual([true, true]);
    expect(reserve(order(4, '201'), later)).toBe('ORDER_VALUE');
    for (const n of [2, 3]) agent.tell(ended(order(n)), later);
    agent.tell(filled({ ...order(9, '100'), side: 'sell' }), later);
    expect(slice(5, later, { exit: true })).toBe(true);
    expect([slice(6, later), slice(7, later), slice(8, later), slice(10, later)]).toEqual([
      true,
      true,
      true,
      'SLICED_ORDER',
    ]);
    expect(slice(11, later + 60_000, { quantity: '1' })).toBe(true);
    expect(state()).not.toHaveProperty('refused');
  });
});

describe('an account that the house has opened', () => {
  it('counts its deposit, not the budget of a trader on it, and stays when that trader goes', () => {
    const agent = drive(riskAgent(sampleLimits()));
    const { type, ...terms } = accountOpen({ accountId: 'acct-1', deposit: '700' });
    agent.tell({ type: 'account.opened', ...terms } as never, NOW);
    agent.tell({ ...createdTrader(), accountId: 'acct-1' } as never, NOW);
    expect(agent.state<RiskState>('acct-1')?.funds).toBe('700');
    agent.tell({ type: 'trader.terminated', traderId: 'agent-1', accountId: 'acct-1', by: 'user-1' } as never, NOW);
    expect(agent.state<RiskState>('acct-1')).toMatchObject({ funds: '700', closed: false });
  });

  it('ties up no more of its funds as margin than a limit allows, orders that work counted', () => {
    const account = { exposureMax: '1000000', dailyLossRatioMax: '1', drawdownRatioMax: '1', leverageMax: '5' };
    const limits = sampleLimits({ accounts: { default: { ...account, marginUsedRatioMax: '0.5' } } });
    const agent = drive(riskAgent(limits));
    const { type, ...terms } = accountOpen({ accountId: 'acct-1', deposit: '1000' });
    agent.tell({ type: 'account.opened', ...terms } as never, NOW);
    const answer = (n: number, quantity: string) =>
      agent.tell({ type: 'risk.reserve', ...request(order(n, quantity)) }, NOW)[0];
    expect(answer(1, '10.01')).toMatchObject({ denial: { code: 'MARGIN_LIMIT', numbers: { resulting: '500.5' } } });
    expect(answer(2, '6')).toMatchObject({ allowed: true });
    expect(answer(3, '4.01')).toMatchObject({ denial: { code: 'MARGIN_LIMIT' } });
    expect(answer(3, '4')).toMatchObject({ allowed: true });
    // A repeat counts itself once.
    expect(answer(3, '4')).toMatchObject({ allowed: true });
  });

  it('borrows no more than its venue lends, whatever the limit would permit', () => {
    const account = { exposureMax: '1000000', dailyLossRatioMax: '1', drawdownRatioMax: '1', leverageMax: '5' };
    const agent = drive(riskAgent(sampleLimits({ accounts: { default: account } })));
    const { type, ...terms } = accountOpen({ accountId: 'acct-1', deposit: '1000', leverage: 2 });
    agent.tell({ type: 'account.opened', ...terms } as never, NOW);
    const answer = (n: number, quantity: string) =>
      agent.tell({ type: 'risk.reserve', ...request(order(n, quantity)) }, NOW)[0];
    expect(answer(1, '20.01')).toMatchObject({ denial: { code: 'INSUFFICIENT_FUNDS', numbers: { leverage: '2' } } });
    expect(answer(2, '10')).toMatchObject({ allowed: true });
    expect(answer(3, '10')).toMatchObject({ allowed: true });
    expect(answer(4, '0.01')).toMatchObject({ denial: { code: 'INSUFFICIENT_FUNDS' } });
  });
});
