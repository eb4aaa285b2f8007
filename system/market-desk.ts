/**
 * The market's way into the house: each quote is checked, shown to the paper venue, and published with the bars it closed. What
 * is asked at the door about prices (newest, first of the day) is remembered here.
 */

import type { MarketSource, SourceDescription } from '../market/source.ts';
import { openTickPath } from '../market/tick-path.ts';
import type { FeedAdvance, FeedAnswered, Quote } from '../messages/market.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { ProductPorts } from './ports.ts';

const DAY_MS = 86_400_000;
/** A replay's position becomes durable after so many quotes. */
const REMEMBER_EVERY = 5_000;

interface Day {
  readonly day: number;
  readonly open: number;
}

export interface MarketDoor {
  start(): Promise<void>;
  stop(): Promise<void>;
  describe(): SourceDescription | undefined;
  dailyOpen(symbol: string): number | undefined;
  symbols(): readonly string[];
  readonly dropped: Readonly<Record<string, number>>;
}

export function openMarketDoor(
  runtime: Runtime,
  ports: ProductPorts,
  timeframesMs: readonly number[],
  ended: (failure: string | undefined) => void,
): MarketDoor {
  const days = new Map<string, Day>();
  let source: MarketSource | undefined;
  let remembered = 0;

  const path = openTickPath(timeframesMs, (message) => runtime.publish(message, message.symbol));

  function noteDay({ symbol, at, bid, ask }: Quote): void {
    const day = Math.floor((at ?? 0) / DAY_MS);
    if (days.get(symbol)?.day !== day) days.set(symbol, { day, open: (bid + ask) / 2 });
  }

  /** The venue matches first: an order never rests at a price that the market has already passed. */
  function take(quote: Quote): Promise<void> | undefined {
    if (!path.tick(quote)) return undefined;
    noteDay(quote);
    return ports.match?.(quote);
  }

  async function settled(position: number): Promise<void> {
    await runtime.settled();
    if (position - remembered < REMEMBER_EVERY) return;
    remembered = position;
    await remember(position);
  }

  async function remember(position: number): Promise<void> {
    const message: FeedAdvance = { type: 'feed.advance', position };
    await runtime
      .ask<FeedAnswered>(message)
      .catch((error: unknown) => ports.log.warn('feed.position-not-kept', { position, reason: String(error) }));
  }

  return {
    dropped: path.dropped,
    async start() {
      const { position } = await runtime.ask<FeedAnswered>({ type: 'feed.get' });
      remembered = position;
      source = ports.market({
        after: position,
        settled,
        ended(failure) {
          const last = source?.describe().progress.position ?? position;
          void remember(last).then(() => ended(failure));
        },
      });
      source.start(take);
    },
    stop: async () => source?.stop(),
    describe: () => source?.describe(),
    dailyOpen: (symbol) => days.get(symbol)?.open,
    symbols: () => [...days.keys()].sort(),
  };
}
