import { describe, expect, it } from 'vitest';
import { NOW, sampleLimits, sampleQuote } from '../../controls/testing/sample.ts';
import type { OrderTicket } from '../../messages/common.ts';
import type { GateAnswered } from '../../messages/order.ts';
import { drive } from '../testing/drive.ts';
import { createdTrader, ended, filled, request, traderFact } from '../testing/requests.ts';
import { type RiskState, riskAgent } from './risk.ts';

function gate(limits = sampleLimits()) {
  const agent = drive(riskAgent(limits));
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
      'trade-1': { symbol: 'AAPL', side: 'buy', leavesQuantity: '100', price: '100', amount: '10000', exit: false },
    });
  });

  it('counts a sale at the bid when that is above its limit, because there it fills', () => {
    const { answer } = gate();
    const bid = Number(sampleQuote().bid);
    const sale = answer({ side: 'sell', quantity: '10', price: String(bid - 2) });
    expect(sale).toMatchObject({ allowed: true, reserved: String(bid * 10) });
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
});
