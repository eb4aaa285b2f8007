/** A local Tradovate and the adapter connected to it, as a start opens it, with short patience. Prices are those of NQZ6 around 21000. */
import { expect } from 'vitest';
import { z } from 'zod';
import type { VenueOrder, VenueReport } from '../../../agents/venue.ts';
import type { Quote } from '../../../messages/market.ts';
import { liveClock } from '../../../runtime/live/clock.ts';
import type { Clock } from '../../../runtime/ports.ts';
import { seededRandom } from '../../../runtime/simulated/random.ts';
import type { OpenVenue } from '../../kit/adapter.ts';
import { orderOf, quoteOf } from '../../paper/fixtures.ts';
import { type Patience, tradovateWith } from '../adapter.ts';
import { type LocalOptions, type LocalTradovate, openLocalTradovate, PASSWORD } from './server.ts';

export const SHORT: Patience = {
  ...{ timeoutMs: 2_000, rateLimitedMs: 400, answerWithinMs: 2_000, arrivalMaxMs: 0, retryMinMs: 20 },
};

export interface Stage extends OpenVenue {
  readonly local: LocalTradovate;
  readonly news: VenueReport[];
  quote(bid?: number): Promise<void>;
  end(): Promise<void>;
}

export const futureOrder = (fields: Partial<VenueOrder> = {}): VenueOrder =>
  orderOf({ symbol: 'NQZ6', quantity: '1', price: '21000.25', ...fields });
export const futureQuote = (bid = 21_000): Quote => quoteOf(bid, bid + 0.25, { symbol: 'NQZ6' });

export interface StageOptions extends Partial<LocalOptions> {
  readonly patience?: Partial<Patience>;
  readonly env?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  /** Orders a fault before the adapter comes. */
  readonly before?: (local: LocalTradovate) => void;
  /** News are not waited for at the beginning. */
  readonly isDeaf?: true;
}

/** Connects the adapter to a local Tradovate that is there already. */
export function connect(
  { url }: LocalTradovate,
  { patience, env, clock = liveClock() }: StageOptions = {},
): Promise<OpenVenue> {
  const adapter = tradovateWith({ ...SHORT, ...patience });
  const credentials = {
    TRADOVATE_NAME: 'desk',
    TRADOVATE_PASSWORD: PASSWORD,
    TRADOVATE_CID: '1',
    TRADOVATE_SECRET: 'sec',
  };
  const settings = z.object(adapter.settings).parse({ ...credentials, TRADOVATE_URL: url, ...env });
  const needs = { folder: '', powerProof: false, clock, random: seededRandom('tradovate') };
  return adapter.open(settings as never, needs);
}

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const local = await openLocalTradovate({ accounts: ['account-1', 'account-2', 'account-3'], ...options });
  options.before?.(local);
  const open = await connect(local, options).catch(async (error: unknown) => {
    await local.close();
    throw error;
  });
  const news: VenueReport[] = [];
  open.venue.onReport((report) => news.push(report));
  if (!options.isDeaf) await expect.poll(() => open.health().state, { timeout: 5_000, interval: 5 }).toBe('healthy');
  return {
    ...{ ...open, local, news },
    quote: (bid) => local.exchange.quote(futureQuote(bid)),
    async end() {
      await open.close();
      await local.close();
    },
  };
}
