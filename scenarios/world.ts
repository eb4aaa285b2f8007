/**
 * One world: the whole product over simulated ports. The venue, the market, the people and the disk outlive the product's crashes;
 * everything the product holds dies with it. Same seed, options and build: same event log, bit for bit.
 */
import { type FaultyFeed, openFaultyFeed } from '../adapters/feed/faulty.ts';
import { openSimulatedFeed } from '../adapters/feed/simulated.ts';
import { SimulatedPast } from '../adapters/feed/simulated-past.ts';
import { openSimulatedVenue, type SimulatedVenue } from '../adapters/paper/simulated.ts';
import { SimulatedTickFiles } from '../adapters/tick-files/simulated.ts';
import { SimulatedDatabase } from '../db/simulated/database.ts';
import { findInstrument, type Instrument } from '../domain/instrument.ts';
import type { RegimePeriod, Shock } from '../market/script.ts';
import { PACKED_AT_ONCE } from '../market/series/pack.ts';
import type { MarketSource } from '../market/source.ts';
import type { Quote } from '../messages/market.ts';
import type { JobRows } from '../runtime/jobs/rows.ts';
import type { Random } from '../runtime/ports.ts';
import { CrashingAgents } from '../runtime/simulated/crashing-agents.ts';
import { MemoryJobRows } from '../runtime/simulated/job-rows.ts';
import { silentLog } from '../runtime/simulated/log.ts';
import { seededRandom } from '../runtime/simulated/random.ts';
import type { Product } from '../system/product.ts';
import { type Listener, tellAudience } from './audience.ts';
import { Callers } from './callers.ts';
import { callText, EventLog } from './event-log.ts';
import { NO_WORLD_FAULTS, type WorldFaults } from './faults.ts';
import type { HeldMarket } from './held-market.ts';
import { type LaneOptions, Life, type PlantedParts, paceOf } from './life.ts';
import { Runner } from './runner.ts';
import { openWorkers, type Workers } from './workers.ts';
import type { WorldOptions } from './world-options.ts';

const instrumentsOf = (symbols: readonly string[]): readonly Instrument[] =>
  symbols.flatMap((symbol) => findInstrument(symbol) ?? []);

/** 2026-03-02 14:00 UTC, a Monday. */
export const WORLD_STARTS_AT = Date.UTC(2026, 2, 2, 14);
const RESTART_MIN_MS = 500;
const RESTART_SPREAD_MS = 4_500;

export class World {
  readonly runner: Runner;
  readonly events = new EventLog();
  readonly venue: SimulatedVenue;
  readonly database: SimulatedDatabase;
  readonly random: Random;
  /** What must not happen in any world: a start that fails, a dead instance that speaks. */
  readonly failures: string[] = [];
  lives = 0;
  readonly callers: Callers;
  /** What nobody took, by type and reason, of the lives that have ended. */
  private readonly buried = new Map<string, number>();
  /** Of a market that walks by itself: what is added holds from then on. */
  readonly marketScript: { readonly periods: RegimePeriod[]; readonly shocks: Shock[] } = { periods: [], shocks: [] };
  readonly tickFiles: SimulatedTickFiles;
  readonly agents: CrashingAgents;
  /** What is remembered of background work. */
  readonly jobs: JobRows;
  private readonly feed: FaultyFeed;
  private readonly past: SimulatedPast | undefined;
  private readonly quotes = new Map<string, Quote>();
  private readonly audience = new Set<Listener>();
  private halted: ReadonlySet<string> = new Set();
  private life: Life | undefined;
  private loggedCalls = 0;
  /** By how much the product's clock is off, and since when. */
  private clockOffsetMs = 0;
  private clockSteppedAt = Number.NEGATIVE_INFINITY;
  /** When it was put forward last, by itself. */
  private putForwardAt = Number.NEGATIVE_INFINITY;
  /** What was due by a clock that has been put back since is due until then. */
  lateUntil = 0;
  private readonly ownCounts = { crash: 0, 'clock-step': 0, 'upload-cut': 0, 'worker-died': 0 };
  private pace: LaneOptions;
  /** Of background work on a queue, where there is one. */
  readonly workers: Workers | undefined;
  /** What became of the product, in order. */
  readonly lifeEvents: { readonly at: number; readonly what: string }[] = [];

  constructor(readonly options: WorldOptions) {
    const { seed, place, symbols, faults = NO_WORLD_FAULTS, startsAt = WORLD_STARTS_AT } = options;
    this.runner = new Runner(startsAt);
    const { clock, sleep, track } = this.runner;
    this.random = seededRandom(seed);
    this.venue = openSimulatedVenue({
      ...{ clock, sleep, random: this.random.fork('venue'), faults: faults.venue },
      ...(this.options.idempotency && { idempotency: this.options.idempotency }),
    });
    this.jobs = place.jobs ?? new MemoryJobRows();
    this.database = new SimulatedDatabase({
      inner: place,
      jobs: this.jobs,
      packing: PACKED_AT_ONCE,
      sleep,
      track,
      random: this.random.fork('database'),
      faults: faults.database,
    });
    this.callers = new Callers({
      ...{ runner: this.runner, events: this.events, life: () => this.life },
      durableSequence: () => this.database.landedSequence,
      uploadCut: () => {
        this.ownCounts['upload-cut'] += 1;
      },
    });
    this.agents = new CrashingAgents(faults.agents);
    this.tickFiles = new SimulatedTickFiles(this.random.fork('files'), sleep);
    const instruments = instrumentsOf(symbols);
    this.past = this.options.past && this.openPast(this.options.past.invented, startsAt);
    const openMarket = this.options.market ?? openSimulatedFeed;
    const market = openMarket({ instruments, clock, random: this.random.fork('market'), script: this.marketScript });
    // The venue knows the true market; only what the product is told may be wrong.
    const told: MarketSource = {
      ...market,
      start: (emit) =>
        market.start((quote) => {
          if (this.halted.has(quote.symbol)) return undefined;
          this.quotes.set(quote.symbol, quote);
          this.past?.note(quote);
          const reports = this.venue.onQuote(quote);
          return reports ? reports.then(() => emit(quote)) : emit(quote);
        }),
    };
    this.feed = openFaultyFeed(told, this.random.fork('feed'), faults.feed);
    this.pace = paceOf(this.options.lanes, faults.jobs);
    this.workers = openWorkers(this.options.workers, {
      ...{ runner: this.runner, database: this.database, random: this.random.fork('workers') },
      ...{ pace: () => this.pace, planted: () => this.options.planted ?? {} },
      laneDied: () => this.laneDied(),
      failed: (what) => this.failures.push(what),
    });
    this.setFileFaults(faults);
  }

  private openPast(symbols: readonly string[], startsAt: number): SimulatedPast {
    const { sleep } = this.runner;
    return new SimulatedPast({ random: this.random.fork('past'), sleep, startsAt, invented: instrumentsOf(symbols) });
  }

  get now(): number {
    return this.runner.clock.marketNow();
  }

  /** By how much the product's clock is off, and when it was stepped last. */
  get productClock(): { readonly offsetMs: number; readonly steppedAt: number; readonly putForwardAt: number } {
    return { offsetMs: this.clockOffsetMs, steppedAt: this.clockSteppedAt, putForwardAt: this.putForwardAt };
  }

  /** The true market, as the venue sees it. */
  quote(symbol: string): Quote | undefined {
    return this.quotes.get(symbol);
  }

  get product(): Product | undefined {
    return this.life?.product;
  }

  /** Of each port; the same objects for the whole run. */
  get faultCounters(): readonly Readonly<Record<string, number>>[] {
    const { venue, database, feed, past, tickFiles, agents, workers } = this;
    const ports = [venue, database, database.series, feed, ...(past ? [past] : []), tickFiles, agents];
    const behind = workers ? [workers.queue, workers] : [];
    return [...[...ports, ...behind].map(({ faultCounts }) => faultCounts), this.ownCounts];
  }

  get faultCounts(): Readonly<Record<string, number>> {
    return Object.assign({}, ...this.faultCounters);
  }

  /** The market opens, the product starts; returns when it serves. */
  async open(): Promise<void> {
    this.feed.start((quote) => tellAudience(this.audience, quote));
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

  holdMarket({ silent, frozen, halted }: HeldMarket): void {
    this.halted = halted;
    this.venue.setHalted(halted);
    this.feed.hold(silent, frozen);
  }

  /** From now on the product's clock is off by `offsetMs`; the world's is not. */
  stepClock(offsetMs: number): void {
    if (offsetMs === this.clockOffsetMs) return;
    if (offsetMs < this.clockOffsetMs) this.lateUntil = this.now + this.clockOffsetMs - offsetMs;
    else this.putForwardAt = this.now + offsetMs;
    this.clockOffsetMs = offsetMs;
    this.clockSteppedAt = this.now;
    this.ownCounts['clock-step'] += 1;
    this.life?.clockStepped();
  }

  setFaults(faults: WorldFaults): void {
    this.venue.setFaults(faults.venue);
    this.database.setFaults(faults.database);
    this.feed.setFaults(faults.feed);
    this.agents.setFaults(faults.agents);
    this.setFileFaults(faults);
    this.pace = paceOf(this.options.lanes, faults.jobs);
  }

  private setFileFaults({ series, files, queue, past }: WorldFaults): void {
    this.past?.setFaults(past);
    this.database.series.setFaults(series);
    this.tickFiles.setFaults(files);
    this.workers?.queue.setFaults(queue);
  }

  private laneDied(): void {
    this.ownCounts['worker-died'] += 1;
  }

  /** Somebody kills the process. */
  kill(): void {
    if (!this.life) return;
    this.ownCounts.crash += 1;
    this.crash();
  }

  /** The process dies; a new one starts a little later on what is durable. */
  crash(): void {
    const { life } = this;
    if (!life) return;
    this.life = undefined;
    this.noteLife('crash');
    life.buryInto(this.buried);
    life.end();
    const delayMs = RESTART_MIN_MS + Math.floor(this.random.next() * RESTART_SPREAD_MS);
    this.runner.clock.at('monotonic', this.now + delayMs, () => this.boot());
  }

  /** What nobody took in any life so far, by type and reason. */
  get deadLetters(): ReadonlyMap<string, number> {
    const all = new Map(this.buried);
    this.life?.buryInto(all);
    return all;
  }

  private boot(): void {
    this.lives += 1;
    this.noteLife(`start ${this.lives}`);
    this.life = new Life({
      name: `life-${this.lives}`,
      world: `simulated:${this.options.seed}`,
      settings: this.options.settings,
      log: this.options.log ?? silentLog,
      planted: this.plantedParts(),
      clockOffsetMs: () => this.clockOffsetMs,
      random: this.random.fork(`life-${this.lives}`),
      runner: this.runner,
      venue: this.venue,
      database: this.database,
      feed: this.feed,
      past: this.past,
      audience: this.audience,
      tickFiles: this.tickFiles,
      agents: this.agents,
      pace: () => this.pace,
      delivered: this.options.delivered,
      laneDied: () => this.laneDied(),
      queue: this.workers?.queue,
      crashed: () => this.crash(),
      failed: (what) => this.failed(what),
      // On a full disk nobody can start, nor without the market's past: the process ends, and is started again.
      notStarted: (reason) => (this.database.diskFull || this.past?.hasBroken ? this.crash() : this.failed(reason)),
    });
  }

  private plantedParts(): PlantedParts {
    const { planted, defect } = this.options;
    return planted ?? (defect && this.lives === 1 ? { roster: defect } : {});
  }

  private noteLife(what: string): void {
    this.events.add('life', this.now, what);
    this.lifeEvents.push({ at: this.now, what });
  }

  private failed(what: string): void {
    this.failures.push(what);
    this.crash();
  }

  private noteVenue(): void {
    const { calls } = this.venue;
    for (; this.loggedCalls < calls.length; this.loggedCalls += 1) {
      const call = calls[this.loggedCalls]!;
      this.events.add('venue', call.at, callText(call));
    }
  }
}
