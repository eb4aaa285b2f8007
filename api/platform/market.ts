/** Market data reads: the newest quote of an instrument with its change since the day's open, and which instruments there are. */
import { z } from '@hono/zod-openapi';
import { findInstrument } from '../../domain/instrument.ts';
import { iso } from '../kit/instant.ts';
import { notFound, unavailable } from '../kit/problem.ts';
import { perCaller, READERS, type Route, route } from '../kit/route.ts';
import { platformSurface as surface } from './surface.ts';

/** The contracts' number for market data. */
const rateLimit = {
  limits: [perCaller({ name: 'market-data', max: 1_000, windowMs: 60_000 })],
  mode: 'counted',
} as const;

const snapshot = z
  .object({
    symbol: z.string(),
    bid: z.number(),
    ask: z.number(),
    last_price: z.number(),
    timestamp: z.iso.datetime(),
    daily_change: z.number(),
    daily_change_pct: z.number(),
  })
  .openapi('Snapshot');

/** Differences of prices lose their binary dust at the eighth place. */
const clean = (value: number): number => Number(value.toFixed(8));

export const marketRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/snapshot/:symbol',
    surface,
    policy: READERS,
    rateLimit,
    tag: 'Platform',
    summary: 'The newest quote of an instrument',
    params: z.object({ symbol: z.string() }),
    responses: { 200: snapshot },
    refusals: [404],
  })(({ house, params }) => {
    const instrument = findInstrument(params.symbol);
    if (!instrument || !house.symbols().includes(instrument.symbol)) throw notFound('Symbol', params.symbol);
    const quote = house.latestQuote(instrument.symbol);
    if (!quote) throw unavailable(`There is no quote of ${instrument.symbol} yet`);
    const open = house.dailyOpen(instrument.symbol) ?? quote.last;
    return {
      status: 200,
      body: {
        symbol: instrument.symbol,
        bid: quote.bid,
        ask: quote.ask,
        last_price: quote.last,
        timestamp: iso(quote.at ?? house.clock.marketNow()),
        daily_change: clean(quote.last - open),
        daily_change_pct: open === 0 ? 0 : Number((((quote.last - open) / open) * 100).toFixed(4)),
      },
    };
  }),
  route({
    method: 'GET',
    path: '/api/symbols',
    surface,
    policy: READERS,
    rateLimit,
    tag: 'Platform',
    summary: 'The instruments that can be traded',
    responses: { 200: z.object({ symbols: z.array(z.string()) }) },
  })(({ house }) => ({ status: 200, body: { symbols: [...house.symbols()] } })),
];
