/**
 * Simulated orders through the whole product in one process: every gate, the journal's in-memory twin with its hash chain, the paper
 * venue, and a market order at every tick. Invariant: each order is filled before the next tick, or there is no figure.
 */
import { memoryBook } from '../../adapters/paper/book.ts';
import { openPaperVenue } from '../../adapters/paper/venue.ts';
import { openMemory } from '../../db/memory/open.ts';
import type { MarketSource } from '../../market/source.ts';
import type { Quote } from '../../messages/market.ts';
import type { OrderAnswered, OrderSubmit } from '../../messages/order.ts';
import type { TraderCreate } from '../../messages/trader.ts';
import { liveScheduler } from '../../runtime/live/ambient.ts';
import { SimulatedClock } from '../../runtime/simulated/clock.ts';
import { seededIds, seededRandom, soon } from '../../runtime/simulated/random.ts';
import { openProduct, type Product } from '../../system/product.ts';
import { bestRate } from '../measure.ts';
import { SIMULATED_ORDERS, SIMULATED_REPETITIONS } from '../workloads.ts';
import { quietLog, unlimitedSettings } from './settings.ts';

const STARTS_AT = Date.UTC(2026, 2, 2, 14);
const TICK_MS = 1_000;
const TRADER: TraderCreate = {
  type: 'trader.create',
  traderId: 'bench',
  accountId: 'acct-bench',
  userId: 'user-123',
  name: 'Bench',
  by: 'user-123',
  config: { budget: 1_000_000_000_000, strategy: 'balanced', riskTolerance: 'medium' },
};

class World {
  readonly product: Product;
  private readonly clock = new SimulatedClock(STARTS_AT);
  private emit: (quote: Quote) => void | Promise<void> = () => undefined;
  private ordered = 0;

  constructor() {
    const { clock } = this;
    const random = seededRandom('bench');
    const matching = { slippageTicks: 0, commissionBps: '0', partialFillRatio: 0, random };
    const venue = openPaperVenue({ book: memoryBook(), clock, matching });
    this.product = openProduct(
      {
        world: 'simulated:bench',
        clock,
        random,
        ids: seededIds(random, () => clock.wallNow()),
        // Nothing waits for sockets here, so that neither a drain nor a request need wait for them.
        scheduler: { ...liveScheduler(), requestsPerDrain: Number.POSITIVE_INFINITY, defer: soon },
        log: quietLog,
        place: openMemory(),
        venue,
        match: (quote) => venue.onQuote(quote),
        market: () => this.market(),
        track: (work) => work,
      },
      unlimitedSettings(),
      { failed: throwReason, marketEnded: () => undefined },
    );
  }

  async tickAndOrder(): Promise<void> {
    const index = this.ordered++;
    // On the grid of ticks, as a feed's prices are: sums of 0.01 would have seventeen digits.
    const price = (10_000 + (index % 50)) / 100;
    this.clock.step(this.clock.marketNow() + TICK_MS);
    await this.emit({
      type: 'market.quote',
      symbol: 'AAPL',
      bid: price,
      ask: (10_001 + (index % 50)) / 100,
      last: price,
      simulated: true,
      at: this.clock.marketNow(),
    });
    const { order } = await this.product.runtime.ask<OrderAnswered>(submitOf(index));
    if (order?.end !== 'filled') throw new Error(`Invariant: every order fills, not ${JSON.stringify(order)}`);
  }

  private market(): MarketSource {
    const progress = { position: 0, ended: false };
    return {
      name: 'bench',
      start: (emit) => {
        this.emit = emit;
      },
      stop: async () => undefined,
      describe: () => ({ kind: 'simulated', simulated: true, symbols: ['AAPL'], progress }),
    };
  }
}

const throwReason = (reason: string): never => {
  throw new Error(reason);
};

const submitOf = (index: number): OrderSubmit => ({
  type: 'order.submit',
  ticket: {
    orderId: `order-${index}`,
    traderId: TRADER.traderId,
    accountId: TRADER.accountId,
    symbol: 'AAPL',
    side: index % 2 === 0 ? 'buy' : 'sell',
    quantity: '1',
    price: '100',
    orderType: 'market',
    timeInForce: 'GTC',
    exit: false,
    surface: 'scenario',
    userId: TRADER.userId,
  },
});

/** A product that is started; what it resolves with sends so many orders, each at a tick of its own. */
export async function openOrders(): Promise<(count: number) => Promise<void>> {
  const world = new World();
  await world.product.start();
  await world.product.runtime.ask(TRADER);
  return async (count) => {
    for (let order = 0; order < count; order += 1) await world.tickAndOrder();
  };
}

export async function simulatedOrders(): Promise<number> {
  const order = await openOrders();
  return bestRate(SIMULATED_ORDERS, SIMULATED_REPETITIONS, () => order(SIMULATED_ORDERS));
}
