/**
 * One world: the whole product over simulated ports. The venue, the market, the people and the disk outlive the product's crashes;
 * everything the product holds dies with it. Same seed, options and build: same event log, bit for bit.
 */
import { openFaultyFeed, type FaultyFeed, type FeedFaults } from '../adapters/feed/faulty.ts';
import { openSimulatedFeed } from '../adapters/feed/simulated.ts';
import { NO_FAULTS, type VenueFaults } from '../adapters/paper/faults.ts';
import { openSimulatedVenue, type SimulatedVenue } from '../adapters/paper/simulated.ts';
import { type DatabaseFaults, NO_DATABASE_FAULTS, SimulatedDatabase } from '../db/simulated/database.ts';
import { findInstrument, type Instrument } from '../domain/instrument.ts';
import type { MarketSource } from '../market/source.ts';
import type { Quote } from '../messages/market.ts';
import type { Queries } from '../projections/queries.ts';
import type { Clock, Log, Random } from '../runtime/ports.ts';
import { seededIds, seededRandom, seededScheduler } from '../runtime/simulated/random.ts';
import type { Store } from '../runtime/store.ts';
import { openProduct, type Product } from '../system/product.ts';
import type { ProductPorts, ProductSettings } from '../system/ports.ts';
import { EventLog } from './event-log.ts';
import { Runner } from './runner.ts';

export interface WorldFaults {
  readonly venue: VenueFaults;
  readonly database: DatabaseFaults;
  readonly feed: FeedFaults;
}

export const NO_FEED_FAULTS: FeedFaults = { badQuoteRatio: 0, gapRatio: 0, gapMaxMs: 0 };
export const NO_WORLD_FAULTS: WorldFaults = { venue: NO_FAULTS, database: NO_DATABASE_FAULTS, feed: NO_FEED_FAULTS };

export interface WorldOptions {
  readonly seed: string;
  /** The disk: an opened place, in memory or embedded. */
  readonly place: { readonly store: Store; readonly queries: Queries };
  readonly settings: ProductSettings;
  readonly symbols: readonly string[];
  readonly faults?: WorldFaults;
  readonly log?: Log;
}

/** 2026-03-02 14:00 UTC, a Monday. */
export const WORLD_STARTS_AT = Date.UTC(2026, 2, 2, 14);
const RESTART_MIN_MS = 500;
const RESTART_SPREAD_MS = 4_500;
const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** One life of the product. */
interface Instance {
  readonly product: Product;
  readonly died: Promise<'cut'>;
  readonly kill: () => void;
}

export class World {
  readonly runner = new Runner(WORLD_STARTS_AT);
  readonly events = new EventLog();
  readonly venue: SimulatedVenue;
  readonly database: SimulatedDatabase;
  readonly random: Random;
  /** What must not happen in any world: a start that fails, a dead instance that speaks. */
  readonly failures: string[] = [];
  lives = 0;
  /** Requests without an answer so far. */
  readonly waiting = new Set<string>();
  private readonly feed: FaultyFeed;
  private readonly audience = new Set<(quote: Quote) => void | Promise<void>>();
  private instance: Instance | undefined;
  private loggedCalls = 0;

  constructor(readonly options: WorldOptions) {
    const { seed, place, symbols, faults = NO_WORLD_FAULTS } = options;
    const { clock, sleep, track } = this.runner;
    this.random = seededRandom(seed);
    this.venue = openSimulatedVenue({ clock, sleep, random: this.random.fork('venue'), faults: faults.venue });
    this.database = new SimulatedDatabase({
      inner: place,
      sleep,
      track,
      random: this.random.fork('database'),
      faults: faults.database,
    });
    const instruments = symbols
      .map((symbol) => findInstrument(symbol))
      .filter((found): found is Instrument => found !== undefined);
    const market = openSimulatedFeed({ instruments, clock, random: this.random.fork('market') });
    // The venue knows the true market; only what the product is told may be wrong.
    const told: MarketSource = {
      ...market,
      start: (emit) =>
        market.start(async (quote) => {
          await this.venue.onQuote(quote);
          await emit(quote);
        }),
    };
    this.feed = openFaultyFeed(told, this.random.fork('feed'), faults.feed);
  }

  get now(): number {
    return this.runner.clock.marketNow();
  }

  get product(): Product | undefined {
    return this.instance?.product;
  }

  get faultCounts(): Readonly<Record<string, number>> {
    return { ...this.venue.faultCounts, ...this.database.faultCounts, ...this.feed.faultCounts };
  }

  /** The market opens, the product starts; returns when it serves. */
  async open(): Promise<void> {
    this.feed.start(async (quote) => {
      for (const hear of this.audience) await hear(quote);
    });
    this.boot();
    for (let waited = 0; this.product?.runtime.state !== 'running' || !this.product.market.describe(); waited += 1) {
      if (waited > 600) throw new Error('the product did not start within ten virtual minutes');
      await this.runUntil(this.now + 1_000);
    }
  }

  async runUntil(until: number): Promise<void> {
    await this.runner.runUntil(until);
    this.noteVenue();
  }

  setFaults(faults: WorldFaults): void {
    this.venue.setFaults(faults.venue);
    this.database.setFaults(faults.database);
    this.feed.setFaults(faults.feed);
  }

  /** A request as a client would send it; undefined when the connection was refused or cut. */
  async request(
    name: string,
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body?: unknown,
  ): Promise<Answer | undefined> {
    const { instance } = this;
    if (!instance) return this.answered(name, undefined);
    const init: RequestInit = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const exchange = (async (): Promise<Answer> => {
      const response = await instance.product.api.fetch(new Request(`http://pitwall${path}`, init));
      return { status: response.status, body: await response.text() };
    })();
    this.waiting.add(name);
    const answer = await Promise.race([instance.died, exchange]).finally(() => this.waiting.delete(name));
    return this.answered(name, answer === 'cut' ? undefined : answer);
  }

  private answered(name: string, answer: Answer | undefined): Answer | undefined {
    this.events.add('answer', this.now, answer ? `${name} ${answer.status} ${answer.body}` : `${name} cut`);
    return answer;
  }

  /** The process dies; a new one starts a little later on what is durable. */
  crash(): void {
    const { instance } = this;
    if (!instance) return;
    this.instance = undefined;
    this.events.add('life', this.now, 'crash');
    instance.kill();
    const delayMs = RESTART_MIN_MS + Math.floor(this.random.next() * RESTART_SPREAD_MS);
    this.runner.clock.at('monotonic', this.now + delayMs, () => this.boot());
  }

  private boot(): void {
    this.lives += 1;
    this.events.add('life', this.now, `start ${this.lives}`);
    let dead = false;
    let diedAtStep = 0;
    let cut: (value: 'cut') => void = () => undefined;
    const died = new Promise<'cut'>((resolve) => {
      cut = resolve;
    });
    const line = this.venue.connect();
    const database = this.database.connect(
      () => this.crash(),
      // Within the step in which it died, code of the dead process still runs to its next wait; later is a leak.
      (what) => {
        if (this.runner.steps > diedAtStep) this.failures.push(`a dead instance called the database (${what})`);
      },
    );
    const hear = { emit: undefined as ((quote: Quote) => void | Promise<void>) | undefined };
    const market = (): MarketSource => ({
      name: 'simulated',
      start: (emit) => {
        hear.emit = emit;
        this.audience.add(emit);
      },
      stop: async () => undefined,
      describe: () => this.feed.describe(),
    });
    const random = this.random.fork(`life-${this.lives}`);
    const clock = this.clockOf(() => dead);
    const ports: ProductPorts = {
      world: `simulated:${this.options.seed}`,
      clock,
      random: random.fork('kernel'),
      ids: seededIds(random.fork('ids'), () => clock.wallNow()),
      scheduler: seededScheduler(random.fork('pick')),
      log: this.options.log ?? silent,
      place: database.place,
      venue: line.venue,
      market,
      track: async (work) => {
        const answer = await this.runner.park(work);
        return dead ? new Promise<never>(() => undefined) : answer;
      },
    };
    const product = openProduct(ports, this.options.settings, {
      failed: (reason) => this.failed(`the house gave up: ${reason}`),
      marketEnded: () => undefined,
    });
    this.instance = {
      product,
      died,
      kill: () => {
        dead = true;
        diedAtStep = this.runner.steps;
        cut('cut');
        database.cut();
        line.cut();
        if (hear.emit) this.audience.delete(hear.emit);
        product.abandon();
      },
    };
    product.start().catch((error: unknown) => {
      if (!dead) this.failed(`start ${this.lives}: ${error instanceof Error ? error.message : String(error)}`);
    });
  }

  private failed(what: string): void {
    this.failures.push(what);
    this.crash();
  }

  /** A dead instance's timers never fire. */
  private clockOf(isDead: () => boolean): Clock {
    const { clock } = this.runner;
    return {
      marketNow: () => clock.marketNow(),
      wallNow: () => clock.wallNow(),
      monotonic: () => clock.monotonic(),
      at: (reading, due, fire) => clock.at(reading, due, () => (isDead() ? undefined : fire())),
    };
  }

  private noteVenue(): void {
    const { calls } = this.venue;
    for (; this.loggedCalls < calls.length; this.loggedCalls += 1) {
      const call = calls[this.loggedCalls]!;
      this.events.add('venue', call.at, `${call.call} ${call.clientOrderId} ${call.told}`);
    }
  }
}
