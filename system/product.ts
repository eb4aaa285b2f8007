/**
 * The one composition root: ports in, a product out. Everything that trades, remembers or answers is put together here and nowhere
 * else; live, simulated and replayed worlds differ only in the ports.
 */
import type { House, HouseHealth } from '../api/kit/house.ts';
import { type Api, mountApi } from '../api/mounts.ts';
import type { AccountOpen, PortfolioAnswered } from '../messages/account.ts';
import type { ReconciliationRun } from '../messages/reconciliation.ts';
import { catalog, strictCatalog } from '../messages/registry.ts';
import type { TraderCreate } from '../messages/trader.ts';
import { ReadView } from '../projections/view.ts';
import { AskError } from '../runtime/asks.ts';
import { Runtime } from '../runtime/runtime.ts';
import { openHouse } from './house.ts';
import { LiveWork } from './live-work.ts';
import { type MarketDoor, openMarketDoor } from './market-desk.ts';
import { openMetrics } from './metrics.ts';
import { ownBooks } from './own-books.ts';
import type { ProductPorts, ProductSettings } from './ports.ts';
import { readModel } from './read-model.ts';
import { Rescue } from './rescue.ts';
import { openRetention } from './retention.ts';
import { rosterOf } from './roster.ts';
import { RunNews } from './run-news.ts';
import { taskOfRequest } from './run-reads.ts';
import { openRunRetention } from './run-retention.ts';
import { runWork } from './run-work.ts';
import { openTickDesk, sweepUploads } from './tick-desk.ts';
import { openVenueNews, type VenueNews } from './venue-news.ts';

export const AUTO_TRADER_ID = 'agent-auto-trader';
export const AUTO_TRADER_ACCOUNT = `acct-${AUTO_TRADER_ID}`;
const HEARTBEAT_MS = 1_000;
const ASK_AGAIN_MS = 200;

export interface ProductEvents {
  /** The house has given up: it is halted, and the process must end with an error. */
  failed(reason: string): void;
  /** A market with an end has reached it. */
  marketEnded(failure: string | undefined): void;
}

export class Product {
  readonly api: Api;
  readonly runtime: Runtime;
  readonly view: ReadView;
  readonly market: MarketDoor;
  private readonly news: VenueNews;
  private readonly liveWork: LiveWork;
  private readonly runNews: RunNews;
  private readonly startedAt: number;
  private state: ReturnType<House['state']> = 'starting';
  private stopHeartbeat = (): void => undefined;
  private stopRetention = (): void => undefined;
  private reconciledAt: number;

  constructor(
    private readonly ports: ProductPorts,
    private readonly settings: ProductSettings,
    events: ProductEvents,
  ) {
    const { place, venue, clock, log } = ports;
    this.startedAt = clock.wallNow();
    this.reconciledAt = clock.monotonic();
    this.view = new ReadView(place.queries);
    const identity = { traderId: AUTO_TRADER_ID, accountId: AUTO_TRADER_ACCOUNT };
    const autoTrader = settings.autoTrader && { ...settings.autoTrader, ...identity };
    const books = ownBooks(this.view, place.queries, clock, (question, options) =>
      this.runtime.ask<PortfolioAnswered>(question, options),
    );
    const roster = rosterOf({
      ...settings,
      venue,
      books,
      cashTolerance: settings.reconcileCashTolerance,
      monotonic: () => clock.monotonic(),
      runs: runWork(ports.jobs, this.view),
      fourEyes: settings.api.fourEyes,
      autoTrader,
    });
    const rescue = new Rescue(ports, this.view, () => this.runtime, events.failed);
    this.runtime = new Runtime({
      roster: ports.defect ? ports.defect(roster) : roster,
      catalog: ports.checksEachFact ? strictCatalog : catalog,
      store: place.store,
      world: ports.world,
      ports,
      projector: this.view,
      hooks: rescue,
    });
    this.runtime.onCommitted(rescue.recorded);
    this.news = openVenueNews(this.runtime, place.queries, venue, log);
    const { jobs } = ports;
    const { runtime, view } = this;
    this.liveWork = new LiveWork({ runtime, jobs, view, clock, log });
    this.runNews = new RunNews({ runtime, jobs: this.liveWork, outputs: place.outputs, view, clock, log });
    this.market = openMarketDoor(this.runtime, ports, settings.timeframesMs, events.marketEnded);
    this.api = mountApi(this.house());
  }

  /** Recovers, then serves, then opens the market. Throws when the place refuses. */
  async start(): Promise<void> {
    await this.runtime.start(this.ports.past && ((stateOf) => this.market.recall(stateOf)));
    await this.openAccounts();
    await this.openAutoTrader();
    await this.insist(async () => this.ports.jobs?.start());
    await this.insist(() => this.runNews.start());
    await this.insist(() => this.sweepUploads());
    this.beat();
    this.retain();
    this.state = 'ready';
    await this.insist(() => this.market.start());
  }

  /** Drains and releases everything. */
  async close(deadlineMs: number): Promise<void> {
    this.state = 'stopping';
    this.stopHeartbeat();
    this.stopRetention();
    await this.market.stop();
    await this.ports.jobs?.close();
    this.liveWork.close();
    this.runNews.close();
    this.api.close();
    this.news.close();
    await this.runtime.stop(deadlineMs);
    this.api.terminateSockets();
  }

  /** Lets go at once, as the death of the process would. */
  abandon(): void {
    this.stopHeartbeat();
    this.stopRetention();
    this.news.close();
    this.liveWork.close();
    this.runNews.close();
    this.runtime.close();
  }

  private house(): House {
    const { ports, runtime, market } = this;
    return openHouse({
      runtime,
      ports,
      settings: this.settings.api,
      metrics: openMetrics(runtime, ports.jobs, market.dropped),
      read: readModel(this.view, ports.place.queries, ports.place.outputs),
      track: ports.track,
      upkeep: ports.place.upkeep,
      series: ports.place.series,
      tickDesk: this.tickDesk(),
      onRunNews: (listener) => this.runNews.onNews(listener),
      autonomy: {
        orderValueMax: this.settings.autonomousThreshold,
        dailyVolumeMax: this.settings.quotaDailyVolume,
      },
      dailyOpen: (symbol) => market.dailyOpen(symbol),
      symbols: () => market.symbols(),
      health: () => this.health(),
      // A house that has given up serves nobody, while it says its last words too.
      state: () => (this.runtime.state === 'failed' ? 'stopping' : this.state),
    });
  }

  private async sweepUploads(): Promise<void> {
    const { series, queries } = this.ports.place;
    if (!series) return;
    await sweepUploads(series, async (requestId) => (await taskOfRequest(queries, requestId))?.open ?? false);
  }

  private tickDesk(): House['tickDesk'] {
    const { tickFiles: files, place, clock, ids } = this.ports;
    return files && place.series && openTickDesk({ files, store: place.series, clock, ids });
  }

  private health(): HouseHealth {
    const feed = this.market.describe();
    const broker = this.ports.jobs?.health().reachable === false ? 'unhealthy' : 'healthy';
    return {
      uptimeS: (this.ports.clock.wallNow() - this.startedAt) / 1_000,
      modelsLoaded: false,
      providers: [
        ...(feed
          ? [{ name: feed.kind, serves: 'prices', state: this.market.health(), simulated: feed.simulated } as const]
          : []),
        ...(this.ports.venueHealth
          ? [{ name: this.ports.venue.name, serves: 'orders', ...this.ports.venueHealth() } as const]
          : []),
      ],
      dependencies: {
        database: this.runtime.commitsLand ? 'healthy' : 'unhealthy',
        messageBroker: broker,
        externalApis: 'healthy',
      },
    };
  }

  /** News that came while the house could not take them, and the time for a look at the venue's books. */
  private beat(): void {
    const { clock } = this.ports;
    this.stopHeartbeat = clock.at('monotonic', clock.monotonic() + HEARTBEAT_MS, () => {
      this.news.flush();
      this.liveWork.look();
      this.runNews.flush();
      this.reconcile(clock.monotonic());
      this.beat();
    });
  }

  private retain(): void {
    const { clock, log, place } = this.ports;
    const { journalKeepRecords: keep, runsKeepDays: keepDays } = this.settings;
    const { upkeep, queries, outputs } = place;
    const stops = [
      ...(upkeep && keep !== undefined ? [openRetention({ upkeep, keep, clock, log })] : []),
      ...(keepDays !== undefined ? [openRunRetention({ queries, outputs, keepDays, clock, log })] : []),
    ];
    this.stopRetention = () => {
      for (const stop of stops) stop();
    };
  }

  /** By the steady clock: a replay's days pass in minutes, and every look waits for the database. */
  private reconcile(now: number): void {
    if (now - this.reconciledAt < this.settings.reconcileEveryMs) return;
    const look: ReconciliationRun = { type: 'reconciliation.run', why: 'interval', by: 'house' };
    if (this.runtime.tell(look)) this.reconciledAt = now;
  }

  private async openAccounts(): Promise<void> {
    const known = new Set(this.view.accounts().map(({ id }) => id));
    for (const terms of this.settings.accounts ?? []) {
      const open: AccountOpen = { type: 'account.open', ...terms, by: 'house' };
      if (!known.has(terms.accountId)) await this.insist(() => this.runtime.ask(open));
    }
  }

  private async openAutoTrader(): Promise<void> {
    const { autoTrader } = this.settings;
    if (!autoTrader || this.view.trader(AUTO_TRADER_ID)) return;
    const create: TraderCreate = {
      type: 'trader.create',
      traderId: AUTO_TRADER_ID,
      accountId: AUTO_TRADER_ACCOUNT,
      userId: autoTrader.userId,
      name: 'House auto-trader',
      by: 'house',
      config: { budget: autoTrader.budget, strategy: 'balanced', riskTolerance: 'medium' },
    };
    await this.insist(() => this.runtime.ask(create));
  }

  /** A commit may fail during the start as at any other time: what was lost with it is asked again. */
  private async insist<T>(ask: () => Promise<T>): Promise<T> {
    const { clock } = this.ports;
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        const goesOn = this.runtime.state === 'running' || this.runtime.state === 'recovering';
        if (!(error instanceof AskError && goesOn)) throw error;
        await new Promise<void>((resolve) => void clock.at('monotonic', clock.monotonic() + ASK_AGAIN_MS, resolve));
      }
    }
  }
}

export const openProduct = (ports: ProductPorts, settings: ProductSettings, events: ProductEvents): Product =>
  new Product(ports, settings, events);
