/** The auto-trader as the kernel drives it: what it asks for, what it says to each signal, and what it never does. */
import { describe, expect, test } from 'vitest';
import { compare, times } from '../../domain/decimal.ts';
import type { TradingHalted } from '../../messages/halt.ts';
import type { AutoTradeDecided, Bar, Quote, SignalGenerated } from '../../messages/market.ts';
import type { OrderEnded, OrderFilled, OrderGet, OrderSubmit } from '../../messages/order.ts';
import type { Message } from '../../runtime/message.ts';
import { type Driven, drive } from '../testing/drive.ts';
import { autoTraderAgent } from './auto-trader.ts';
import type { AutoTraderSettings } from './options.ts';
import type { SymbolState } from './symbol.ts';

const T0 = Date.UTC(2026, 0, 5, 12);
const SETTINGS: AutoTraderSettings = {
  ...{
    traderId: 'agent-auto',
    accountId: 'account-auto',
    userId: 'user-123',
    symbols: ['EURUSD', 'MNQ', 'NQ', 'AAPL'],
  },
};
const quoteOf = (symbol: string, bid: number, ask: number): Quote => ({
  ...{ type: 'market.quote', symbol, at: T0, bid, ask, last: bid, simulated: true },
});
const QUOTES = {
  EURUSD: quoteOf('EURUSD', 1.08, 1.0801),
  MNQ: quoteOf('MNQ', 21_000, 21_000.25),
  NQ: quoteOf('NQ', 21_000, 21_000.25),
  AAPL: quoteOf('AAPL', 150, 150.02),
};

const trader = (settings: Partial<AutoTraderSettings> = {}): Driven =>
  drive(autoTraderAgent({ ...SETTINGS, ...settings }), QUOTES);

let bars = 0;
function signalOf(direction: SignalGenerated['direction'], fields: Partial<SignalGenerated> = {}): SignalGenerated {
  bars += 1;
  const symbol = fields.symbol ?? 'EURUSD';
  return {
    ...{ type: 'signal.generated', signalId: `sig-${symbol}-${T0 + bars}`, symbol, direction, price: 1.08, atr: 0.002 },
    ...{ rsi: 50, emaFast: 1, emaSlow: 1, timeframeMs: 60_000, reasons: ['The EMAs crossed.'], ...fields },
  };
}

function fillOf({ ticket }: OrderSubmit, fields: Partial<OrderFilled> = {}): OrderFilled {
  const { orderId, traderId, accountId, symbol, side, quantity, price } = ticket;
  return {
    ...{ type: 'order.filled', orderId, traderId, accountId, symbol, side, quantity, price, commission: '0' },
    ...{ executionId: `${orderId}-1`, filledQuantity: quantity, leavesQuantity: '0', averagePrice: price, end: true },
    ...fields,
  };
}

function endOf({ ticket }: OrderSubmit): OrderEnded {
  const { orderId, traderId, accountId, symbol } = ticket;
  return { type: 'order.ended', orderId, traderId, accountId, symbol, end: 'denied', filledQuantity: '0' };
}

const submits = (messages: readonly Message[]): OrderSubmit[] =>
  messages.filter(({ type }) => type === 'order.submit') as OrderSubmit[];
const decisions = (messages: readonly Message[]): AutoTradeDecided[] =>
  messages.filter(({ type }) => type === 'auto-trade.decided') as AutoTradeDecided[];
const only = <T>(items: readonly T[]): T => {
  expect(items).toHaveLength(1);
  return items[0] as T;
};

const barOf = (close: number): Bar => ({
  ...{ type: 'market.bar', symbol: 'EURUSD', timeframeMs: 60_000, start: T0, end: T0 + 60_000 },
  ...{ open: close, high: close, low: close, close, volume: 0, ticks: 1 },
});

test('a long signal buys at the ask, sized so that the stop costs the risk and the value stays below the cap', () => {
  const signal = signalOf('long');
  const said = trader().tell(signal, T0);
  const { ticket, quote } = only(submits(said));
  expect(ticket).toEqual({
    ...{
      orderId: `trade-auto-${signal.signalId}-1`,
      traderId: 'agent-auto',
      accountId: 'account-auto',
      userId: 'user-123',
    },
    ...{ symbol: 'EURUSD', side: 'buy', quantity: '41000', price: '1.0801', exit: false, surface: 'auto-trader' },
    ...{ orderType: 'market', timeInForce: 'GTC' },
  });
  expect(quote).toMatchObject({ bid: '1.08', ask: '1.0801' });
  const reason = expect.stringMatching(
    /No larger than 45000 USD: risks [\d.]+ USD at its stop, of 500.00 that it may.$/,
  );
  expect(only(decisions(said))).toMatchObject({
    ...{ action: 'BUY', orderId: ticket.orderId, signalId: signal.signalId, reason },
  });
});

test('a wide stop makes the position small: risk divided by the loss at the stop', () => {
  const said = trader().tell(signalOf('short', { symbol: 'AAPL', price: 150, atr: 2.5 }), T0);
  const { ticket } = only(submits(said));
  expect(ticket).toMatchObject({ side: 'sell', quantity: '100', price: '150' });
  expect(compare(times(ticket.quantity, '5'), '500')).toBe(0);
  expect(only(decisions(said)).reason).toContain('Risks 500.00 USD at its stop, of 500.00 that it may.');
});

test('futures count with their multiplier, and one contract too many is a hold with a reason', () => {
  const agent = trader();
  const micro = only(submits(agent.tell(signalOf('long', { symbol: 'MNQ', price: 21_000, atr: 10 }), T0)));
  expect(micro.ticket.quantity).toBe('1');
  const said = agent.tell(signalOf('long', { symbol: 'NQ', price: 21_000, atr: 10 }), T0);
  expect(submits(said)).toEqual([]);
  expect(only(decisions(said))).toMatchObject({ action: 'HOLD', reason: expect.stringContaining('45000 USD') });
});

test('a turn closes first, as an exit, and opens the other way once that has filled', () => {
  const agent = trader();
  const bought = only(submits(agent.tell(signalOf('long'), T0)));
  agent.tell(fillOf(bought), T0 + 1);
  const turn = signalOf('short');
  const said = agent.tell(turn, T0 + 2);
  const closed = only(submits(said));
  expect(closed.ticket).toMatchObject({
    side: 'sell',
    quantity: '41000',
    exit: true,
    orderId: `trade-auto-${turn.signalId}-2`,
  });
  expect(only(decisions(said)).action).toBe('CLOSE');
  const then = agent.tell(fillOf(closed), T0 + 3);
  expect(only(submits(then)).ticket).toMatchObject({
    side: 'sell',
    exit: false,
    orderId: `trade-auto-${turn.signalId}-3`,
  });
  expect(only(decisions(then)).action).toBe('SELL');
});

test('a partial fill of the close does not open the other side yet', () => {
  const agent = trader();
  agent.tell(fillOf(only(submits(agent.tell(signalOf('long'), T0)))), T0);
  const closed = only(submits(agent.tell(signalOf('short'), T0)));
  expect(submits(agent.tell(fillOf(closed, { quantity: '1000', end: false }), T0))).toEqual([]);
  const rest = agent.tell(fillOf(closed, { executionId: 'x-2', quantity: '40000' }), T0);
  expect(only(submits(rest)).ticket.exit).toBe(false);
});

test('one order a symbol at a time; after its end the next signal counts again', () => {
  const agent = trader();
  const bought = only(submits(agent.tell(signalOf('long'), T0)));
  const said = agent.tell(signalOf('short'), T0);
  expect(submits(said)).toEqual([]);
  expect(only(decisions(said))).toMatchObject({ action: 'HOLD', reason: expect.stringContaining('still open') });
  agent.tell(endOf(bought), T0);
  expect(submits(agent.tell(signalOf('short'), T0))).toHaveLength(1);
});

test.each([
  ['the system', { scope: 'system' }],
  ['its account', { scope: 'account', targetId: 'account-auto' }],
  ['itself', { scope: 'agent', targetId: 'agent-auto' }],
] as const)('a halt of %s makes every signal a hold until it is released', (_whom, where) => {
  const agent = trader();
  const halted: TradingHalted = { type: 'trading.halted', stopId: 'stop-1', reason: 'drill', by: 'user-1', ...where };
  agent.tell(halted, T0);
  expect(only(decisions(agent.tell(signalOf('long'), T0)))).toMatchObject({
    action: 'HOLD',
    reason: 'Trading is halted: drill.',
  });
  agent.tell({ type: 'trading.resumed', stopId: 'stop-1', by: 'user-1', reason: 'over' } as Message, T0);
  expect(submits(agent.tell(signalOf('long'), T0))).toHaveLength(1);
});

describe('in a halt', () => {
  const HALT = { type: 'trading.halted', stopId: 's', reason: 'drill', by: 'user-1', scope: 'system' } as const;
  const long = () => {
    const agent = trader();
    agent.tell(fillOf(only(submits(agent.tell(signalOf('long'), T0)))), T0);
    agent.tell(HALT as TradingHalted, T0);
    return agent;
  };

  test('what is open is closed at its stop, because exits always pass', () => {
    const said = long().tell(barOf(1.05), T0);
    expect(only(submits(said)).ticket).toMatchObject({ side: 'sell', quantity: '41000', exit: true });
    expect(only(decisions(said))).toMatchObject({
      action: 'CLOSE',
      reason: expect.stringContaining('beyond the stop'),
    });
  });

  test('a signal against what is open closes it, and nothing is opened the other way', () => {
    const agent = long();
    const closed = only(submits(agent.tell(signalOf('short'), T0)));
    expect(closed.ticket).toMatchObject({ side: 'sell', exit: true });
    expect(submits(agent.tell(fillOf(closed), T0))).toEqual([]);
    expect(only(decisions(agent.tell(signalOf('short'), T0)))).toMatchObject({
      action: 'HOLD',
      reason: 'Trading is halted: drill.',
    });
  });
});

test('a halt of another account does not concern it', () => {
  const agent = trader();
  agent.tell(
    { type: 'trading.halted', stopId: 's', reason: 'x', by: 'u', scope: 'account', targetId: 'other' } as Message,
    T0,
  );
  expect(submits(agent.tell(signalOf('long'), T0))).toHaveLength(1);
});

test('a trader that is winding down opens nothing', () => {
  const agent = trader();
  agent.tell({ type: 'trader.winding-down', traderId: 'agent-auto', accountId: 'a', by: 'u' } as Message, T0);
  expect(only(decisions(agent.tell(signalOf('long'), T0))).reason).toBe('The trader is winding-down.');
});

test('the most positions that may be open at once stay the most', () => {
  const agent = trader({ openPositionsMax: 1 });
  agent.tell(fillOf(only(submits(agent.tell(signalOf('long'), T0)))), T0);
  const said = agent.tell(signalOf('long', { symbol: 'AAPL', price: 150, atr: 1 }), T0);
  expect(only(decisions(said))).toMatchObject({
    action: 'HOLD',
    reason: 'As many positions are open as are allowed: 1.',
  });
});

test('the budget of its own trader and realised losses decide the size', () => {
  const agent = trader();
  const config = { budget: 10_000, strategy: 'balanced', riskTolerance: 'medium' };
  const created = {
    type: 'trader.created',
    traderId: 'agent-auto',
    accountId: 'a',
    userId: 'u',
    name: 'Auto',
    config,
    by: 'u',
  };
  agent.tell(created as Message, T0);
  const bought = only(submits(agent.tell(signalOf('long', { symbol: 'AAPL', price: 150, atr: 1 }), T0)));
  expect(bought.ticket.quantity).toBe('25');
  agent.tell(fillOf(bought), T0);
  const closed = only(submits(agent.tell(signalOf('flat', { symbol: 'AAPL', price: 70, atr: 1 }), T0)));
  agent.tell(fillOf(closed, { price: '70' }), T0);
  const next = only(submits(agent.tell(signalOf('long', { symbol: 'AAPL', price: 150, atr: 1 }), T0)));
  // 10,000 - 25 × 80.02 = 7,999.50; half a percent of it over a loss of 2 a share.
  expect(next.ticket.quantity).toBe('19');
});

test('a bar that closes beyond the stop closes the position, once', () => {
  const agent = trader();
  agent.tell(fillOf(only(submits(agent.tell(signalOf('long'), T0)))), T0);
  expect(agent.tell(barOf(1.0765), T0)).toEqual([]);
  const said = agent.tell(barOf(1.076), T0);
  expect(only(submits(said)).ticket).toMatchObject({ exit: true, side: 'sell', quantity: '41000' });
  expect(only(decisions(said)).reason).toContain('beyond the stop');
  expect(agent.tell(barOf(1.07), T0)).toEqual([]);
});

test('after a restart it asks after its open order, and forgets one that nobody knows', () => {
  const definition = autoTraderAgent(SETTINGS);
  const key = definition.keyed?.key;
  const agent = drive(
    // The kernel delivers `resumed` and deadlines to their entity, whatever the key says.
    {
      ...definition,
      keyed: { ...definition.keyed!, key: (message) => (message.type === 'resumed' ? 'EURUSD' : key?.(message)) },
    },
    QUOTES,
  );
  const { ticket } = only(submits(agent.tell(signalOf('long'), T0)));
  const asked = agent.tell({ type: 'resumed' }, T0);
  expect(asked.find(({ type }) => type === 'order.get') as OrderGet).toMatchObject({
    orderId: ticket.orderId,
    wait: false,
  });
  const said = agent.tell({ type: 'order.answered', orderId: ticket.orderId, order: null } as Message, T0);
  expect(only(decisions(said))).toMatchObject({ action: 'HOLD', symbol: 'EURUSD' });
  expect(agent.state<SymbolState>('EURUSD')?.working).toBeNull();
  expect(only(submits(agent.tell(signalOf('long'), T0))).ticket.orderId).not.toBe(ticket.orderId);
});

test('signals of other symbols and fills of other traders change nothing', () => {
  const agent = trader();
  expect(agent.tell(signalOf('long', { symbol: 'BTCUSD' }), T0)).toEqual([]);
  const bought = only(submits(agent.tell(signalOf('long'), T0)));
  agent.tell(fillOf(bought, { traderId: 'someone' }), T0);
  expect(agent.state<SymbolState>('EURUSD')?.quantity).toBe('0');
});
