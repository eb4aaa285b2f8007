/**
 * The one composition root: ports in, a product out. Everything that trades, remembers or answers is put together here and nowhere
 * else; live, simulated and replayed worlds differ only in the ports.
 */
import { type Api, mountApi } from '../api/mounts.ts';
import type { HouseHealth } from '../api/kit/house.ts';
import type { Halt, TradingHalted } from '../messages/halt.ts';
import { catalog } from '../messages/registry.ts';
import type { TraderCreate } from '../messages/trader.ts';
import type { OrderRow } from '../projections/rows.ts';
import { ReadView } from '../projections/view.ts';
import type { Message } from '../runtime/message.ts';
import { AskError } from '../runtime/asks.ts';
import { Runtime } from '../runtime/runtime.ts';
import { openHouse } from './house.ts';
import { type MarketDoor, openMarketDoor } from './market-desk.ts';
import { openMetrics } from './metrics.ts';
import type { ProductPorts, ProductSettings } from './ports.ts';
import { readModel } from './read-model.ts';
import { rosterOf } from './roster.ts';
import { openVenueNews } from './venue-news.ts';

export const AUTO_TRADER_ID = 'agent-auto-trader';
export const AUTO_TRADER_ACCOUNT = `acct-${AUTO_TRADER_ID}`;
const HEARTBEAT_MS = 1_000;
const ASK_AGAIN_MS = 200;

export interface Product {
  readonly api: Api;
  readonly runtime: Runtime;
  readonly view: ReadView;
  readonly market: MarketDoor;
  /** Recovers, then serves, then opens the market. Throws when the place refuses. */
  start(): Promise<void>;
  /** Drains and releases everything. */
  close(deadlineMs: number): Promise<void>;
  /** Lets go at once, as the death of the process would. */
  abandon(): void;
}

export interface ProductEvents {
  /** The house has given up: it is halted, and the process must end with an error. */
  failed(reason: string): void;
  /** A market with an end has reached it. */
  marketEnded(failure: string | undefined): void;
}

export function openProduct(ports: ProductPorts, settings: ProductSettings, events: ProductEvents): Product {
  const { place, venue, clock, log } = ports;
  const view = new ReadView(place.queries);
  const startedAt = clock.wallNow();
  let state: 'starting' | 'ready' | 'stopping' = 'starting';
  let stopHeartbeat = (): void => undefined;

  const covers = ({ scope, targetId }: Halt, { accountId, traderId }: OrderRow): boolean =>
    scope === 'system' || targetId === (scope === 'account' ? accountId : traderId);

  /** The way out that needs neither agents nor database: what a venue may have is cancelled there. */
  function sweep(isCovered: (order: OrderRow) => boolean): void {
    for (const order of view.allOpenOrders()) {
      if (isCovered(order))
        venue
          .cancel(order.id, new AbortController().signal)
          .catch((error: unknown) => log.error('sweep.cancel-failed', { orderId: order.id, reason: String(error) }));
    }
  }

  function haltItself(stopId: string, reason: string): void {
    runtime.tell({ type: 'trading.halt', stopId, scope: 'system', reason, by: 'house' } as Message);
  }

  async function giveUp(reason: string): Promise<void> {
    sweep(() => true);
    const halted: TradingHalted = {
      type: 'trading.halted',
      stopId: ports.ids.uuid(),
      scope: 'system',
      reason: `the house gave up: ${reason}`,
      by: 'house',
    };
    await runtime
      .lastWords(halted)
      .catch((error: unknown) => log.error('house.last-words-lost', { reason: String(error) }));
    events.failed(reason);
  }

  const autoTrader = settings.autoTrader && {
    ...settings.autoTrader,
    traderId: AUTO_TRADER_ID,
    accountId: AUTO_TRADER_ACCOUNT,
  };
  const runtime: Runtime = new Runtime({
    roster: rosterOf({ ...settings, venue, fourEyes: settings.api.fourEyes, autoTrader }),
    catalog,
    store: place.store,
    world: ports.world,
    ports,
    projector: view,
    hooks: {
      rootFailed: (reason) => void giveUp(reason),
      // A reader that can't read on no longer knows the truth: nothing may leave until a person has looked.
      down: (agent, reason) => haltItself(ports.ids.uuid(), `${agent} stays down: ${reason}`),
      latched: (message) => {
        if (message.type === 'trading.halt') sweep((order) => covers(message as Message & Halt, order));
      },
    },
  });
  const news = openVenueNews(runtime, place.queries, venue, log);
  const market = openMarketDoor(runtime, ports, settings.timeframesMs, events.marketEnded);

  function health(): HouseHealth {
    const feed = market.describe();
    const external = ports.externalHealth?.() ?? {
      messageBroker: 'healthy' as const,
      externalApis: 'healthy' as const,
    };
    const broken = feed?.failure !== undefined;
    return {
      uptimeS: (clock.wallNow() - startedAt) / 1_000,
      modelsLoaded: false,
      providers: feed ? [{ name: feed.kind, state: broken ? 'unhealthy' : 'healthy', simulated: feed.simulated }] : [],
      dependencies: { database: runtime.state === 'running' ? 'healthy' : 'unhealthy', ...external },
    };
  }

  const house = openHouse({
    runtime,
    ports,
    health,
    settings: settings.api,
    metrics: openMetrics(runtime),
    read: readModel(view, place.queries),
    track: ports.track,
    upkeep: place.upkeep,
    dailyOpen: market.dailyOpen,
    symbols: market.symbols,
    state: () => state,
  });
  const api = mountApi(house);

  /** News that came while the house could not take them. */
  function beat(): void {
    stopHeartbeat = clock.at('monotonic', clock.monotonic() + HEARTBEAT_MS, () => {
      news.flush();
      beat();
    });
  }

  async function openAutoTrader(): Promise<void> {
    if (!autoTrader || view.trader(AUTO_TRADER_ID)) return;
    const create: TraderCreate = {
      type: 'trader.create',
      traderId: AUTO_TRADER_ID,
      accountId: AUTO_TRADER_ACCOUNT,
      userId: autoTrader.userId,
      name: 'House auto-trader',
      by: 'house',
      config: { budget: autoTrader.budget, strategy: 'balanced', riskTolerance: 'medium' },
    };
    await insist(() => runtime.ask(create));
  }

  /** A commit may fail during the start as at any other time: what was lost with it is asked again. */
  async function insist<T>(ask: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof AskError) || (runtime.state !== 'running' && runtime.state !== 'recovering'))
          throw error;
        await new Promise<void>((resolve) => void clock.at('monotonic', clock.monotonic() + ASK_AGAIN_MS, resolve));
      }
    }
  }

  return {
    api,
    runtime,
    view,
    market,
    async start() {
      await runtime.start();
      await openAutoTrader();
      beat();
      state = 'ready';
      await insist(() => market.start());
    },
    async close(deadlineMs) {
      state = 'stopping';
      stopHeartbeat();
      await market.stop();
      api.close();
      news.close();
      await runtime.stop(deadlineMs);
      api.terminateSockets();
    },
    abandon() {
      stopHeartbeat();
      news.close();
      runtime.close();
    },
  };
}
