/** Market data and what is concluded from it. Series are float64; they become decimal text where an order meets them. */
import { z } from 'zod';
import { command, fact, market, query, reply } from './define.ts';

/** Conflated: the newest of an instrument. `simulated` marks invented data. */
export const Quote = market('market.quote', {
  symbol: z.string(),
  bid: z.number(),
  ask: z.number(),
  last: z.number(),
  /** Traded since the quote before, where the source tells. */
  volume: z.number().optional(),
  simulated: z.boolean(),
});
export type Quote = z.infer<typeof Quote.schema>;
/**
 * Prices of an instrument that are too far from what is believed of it, or the first believed ones behind such: nobody gets a turn for
 * it, who looks at the newest quote reads whether that is doubted.
 */
export const Doubt = market('market.doubt', {
  symbol: z.string(),
  isDoubted: z.boolean(),
  bid: z.number(),
  ask: z.number(),
  last: z.number(),
});
export type Doubt = z.infer<typeof Doubt.schema>;
/** A closed bar; never conflated. `start` inclusive, `end` exclusive, epoch milliseconds; prices are mid prices. */
export const Bar = market('market.bar', {
  symbol: z.string(),
  timeframeMs: z.number(),
  start: z.number(),
  end: z.number(),
  open: z.number(),
  high: z.number(),
  low: z.number(),
  close: z.number(),
  volume: z.number(),
  ticks: z.number(),
});
export type Bar = z.infer<typeof Bar.schema>;
/** The newest closed bars of an instrument, oldest first: nobody gets a turn for it, who begins to look reads it. */
export const BarHistory = market('market.history', {
  symbol: z.string(),
  timeframeMs: z.number(),
  bars: z.array(Bar.schema),
});
export type BarHistory = z.infer<typeof BarHistory.schema>;

/** The analysis agent's opinion. `reasons` are plain sentences. */
export const SignalGenerated = fact('signal.generated', {
  signalId: z.string(),
  symbol: z.string(),
  direction: z.enum(['long', 'short', 'flat']),
  price: z.number(),
  atr: z.number(),
  rsi: z.number(),
  emaFast: z.number(),
  emaSlow: z.number(),
  timeframeMs: z.number(),
  reasons: z.array(z.string()),
});
export type SignalGenerated = z.infer<typeof SignalGenerated.schema>;
/** What the auto-trader made of a signal; `orderId` when it asked for an order. */
export const AutoTradeDecided = fact('auto-trade.decided', {
  traderId: z.string(),
  symbol: z.string(),
  action: z.enum(['BUY', 'SELL', 'HOLD', 'CLOSE']),
  signalId: z.string(),
  orderId: z.string().optional(),
  reason: z.string(),
});
export type AutoTradeDecided = z.infer<typeof AutoTradeDecided.schema>;
/** First mid prices of a UTC day (`day` counts from the epoch), by symbol. */
const opens = z.record(z.string(), z.object({ day: z.number(), open: z.number() }));
export type DayOpens = Readonly<z.infer<typeof opens>>;

/** How far a replayed file has been read, `position` as the source counts; and what days began with. */
export const FeedAdvance = command(
  'feed.advance',
  { position: z.number(), opens: opens.optional() },
  { reply: 'feed.answered' },
);
export type FeedAdvance = z.infer<typeof FeedAdvance.schema>;
export const FeedGet = query('feed.get', {}, { reply: 'feed.answered' });
export type FeedGet = z.infer<typeof FeedGet.schema>;
export const FeedAnswered = reply('feed.answered', { position: z.number() });
export type FeedAnswered = z.infer<typeof FeedAnswered.schema>;
export const FeedAdvanced = fact('feed.advanced', { position: z.number(), opens: opens.optional() });
export type FeedAdvanced = z.infer<typeof FeedAdvanced.schema>;

export const marketMessages = [
  FeedAdvance,
  FeedGet,
  FeedAnswered,
  FeedAdvanced,
  Quote,
  Doubt,
  Bar,
  BarHistory,
  SignalGenerated,
  AutoTradeDecided,
];
