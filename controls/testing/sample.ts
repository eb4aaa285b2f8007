/** A sample order with everything a control may ask about, all of it permitted; tests change what they are about. */
import type { OrderTicket, QuoteView } from '../../messages/common.ts';
import type { Halt } from '../../messages/halt.ts';
import type { TradingLimits } from '../../messages/limits.ts';
import type { Exposure, OrderContext } from '../control.ts';
import { contextOf } from '../decide.ts';

export const NOW = Date.UTC(2026, 0, 15, 12);

export const sampleTicket = (changes: Partial<OrderTicket> = {}): OrderTicket => ({
  orderId: 'trade-1',
  traderId: 'agent-1',
  accountId: 'acct-1',
  symbol: 'AAPL',
  side: 'buy',
  quantity: '100',
  price: '100',
  orderType: 'limit',
  timeInForce: 'GTC',
  exit: false,
  surface: 'creto',
  userId: 'user-1',
  ...changes,
});

export const sampleQuote = (changes: Partial<QuoteView> = {}): QuoteView => ({
  bid: '99.9',
  ask: '100.1',
  last: '100',
  at: NOW,
  ...changes,
});

export const sampleLimits = (changes: Partial<TradingLimits> = {}): TradingLimits => ({
  instruments: {
    'class:equity': { collarRatio: '0.05', orderValueMax: '20000', orderVolumeMax: '500', positionMax: '1000' },
  },
  accounts: { default: { exposureMax: '30000', dailyLossRatioMax: '0.1', drawdownRatioMax: '0.2' } },
  orderRate: { max: 3, windowMs: 60_000 },
  duplicate: { max: 1, windowMs: 1_000 },
  quoteAgeMaxMs: 5_000,
  ...changes,
});

export const sampleHalt = (changes: Partial<Halt> = {}): Halt => ({
  stopId: 'stop-1',
  scope: 'system',
  reason: 'test of the stop',
  by: 'supervisor-1',
  ...changes,
});

/** A flat account without working orders, were the sample order to come to it. */
export const sampleExposure = (changes: Partial<Exposure> = {}): Exposure => ({
  position: '0',
  workingBuy: '0',
  workingSell: '0',
  gross: '0',
  grossWithOrder: '10000',
  sideValueWithOrder: '10000',
  ...changes,
});

interface Parts {
  readonly ticket?: Partial<OrderTicket>;
  readonly amount?: string;
  readonly quote?: QuoteView | undefined;
  readonly limits?: TradingLimits | undefined;
}

export function sampleContext(parts: Parts = {}, changes: Partial<OrderContext> = {}): OrderContext {
  const { ticket, amount = '10000' } = parts;
  const quote = 'quote' in parts ? parts.quote : sampleQuote();
  const limits = 'limits' in parts ? parts.limits : sampleLimits();
  return {
    ...contextOf({ type: 'sample', at: NOW, ticket: sampleTicket(ticket), amount, quote }, limits, {}),
    halts: [],
    trader: { status: 'active' },
    recent: [],
    passed: [],
    repeats: 0,
    funds: '1000000',
    exposure: sampleExposure(),
    ...changes,
  };
}
