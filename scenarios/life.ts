/**
 * One life of the product in a world: it holds port handles of its own, and they die with it. Invariant: after its end it hears
 * nothing, its timers never fire, and a call of it is a failure of the run.
 */
import type { FaultyFeed } from '../adapters/feed/faulty.ts';
import type { SimulatedPast } from '../adapters/feed/simulated-past.ts';
import type { SimulatedVenue } from '../adapters/paper/simulated.ts';
import type { SimulatedTickFiles } from '../adapters/tick-files/simulated.ts';
import type { SimulatedDatabase } from '../db/simulated/database.ts';
import { PACKED_AT_ONCE } from '../market/series/pack.ts';
import type { SeriesStore } from '../market/series/store.ts';
import type { MarketSource } from '../market/source.ts';
import { DistributedJobs } from '../runtime/jobs/distributed.ts';
import { LocalJobs } from '../runtime/jobs/local.ts';
import type { JobRows } from '../runtime/jobs/rows.ts';
import type { OpenLane } from '../runtime/jobs/run.ts';
import type { Jobs } from '../runtime/jobs.ts';
import { LOOK_MS } from '../runtime/live/clock.ts';
import type { Envelope } from '../runtime/message.ts';
import type { Clock, Log, Random } from '../runtime/ports.ts';
import type { CrashingAgents } from '../runtime/simulated/crashing-agents.ts';
import { simulatedLanes } from '../runtime/simulated/job-lanes.ts';
import type { SimulatedQueue } from '../runtime/simulated/job-queue.ts';
import { seededIds, seededScheduler } from '../runtime/simulated/random.ts';
import { jobKinds } from '../system/job-kinds.ts';
import { serviceDesk } from '../system/job-services.ts';
import type { ProductPorts, ProductSettings } from '../system/ports.ts';
import { openProduct, type Product } from '../system/product.ts';
import type { Listener } from './audience.ts';
import { type Door, openDoor } from './door.ts';
import { type JobFaults, QUICK_PIECE_MS } from './faults.ts';
import type { Runner } from './runner.ts';

/** Virtual time of a piece of background work, and the chance that its lane dies with it. */
export interface LaneOptions {
  readonly sliceMs: number;
  readonly deathRatio: number;
}

const QUICK_LANES: LaneOptions = { sliceMs: QUICK_PIECE_MS, deathRatio: 0 };

/** Of two the worse counts. */
export const paceOf = ({ sliceMs, deathRatio } = QUICK_LANES, faults: JobFaults): LaneOptions => ({
  sliceMs: Math.max(sliceMs, faults.slowMs),
  deathRatio: Math.max(deathRatio, faults.deathRatio),
});

/** What a planted bug puts in the place of a part of the product, or of a port of it. */
export interface PlantedParts {
  readonly roster?: NonNullable<ProductPorts['defect']>;
  readonly series?: (series: SeriesStore) => SeriesStore;
  readonly jobRows?: (rows: JobRows) => JobRows;
  readonly lane?: (lane: OpenLane) => OpenLane;
}

export interface LifeOptions {
  readonly name: string;
  readonly world: string;
  readonly settings: ProductSettings;
  readonly log: Log;
  readonly planted: PlantedParts;
  readonly random: Random;
  readonly runner: Runner;
  readonly venue: SimulatedVenue;
  readonly database: SimulatedDatabase;
  readonly feed: FaultyFeed;
  /** Undefined: each start finds an empty market. */
  readonly past: SimulatedPast | undefined;
  readonly tickFiles: SimulatedTickFiles;
  readonly agents: CrashingAgents;
  /** Of background work, at this moment. */
  readonly pace: () => LaneOptions;
  readonly laneDied: () => void;
  /** Where workers of their own take it from; undefined: it is done in this process. */
  readonly queue: SimulatedQueue | undefined;
  /** Looks on as messages reach agents. */
  readonly delivered: ((envelope: Envelope) => void) | undefined;
  /** Who hears the market. */
  readonly audience: Set<Listener>;
  /** By how much this process's clock is off at the moment. */
  readonly clockOffsetMs: () => number;
  /** The process dies now: the database decided so, or the house gave up over agents that crash. */
  readonly crashed: () => void;
  /** What must not happen in any world. */
  readonly failed: (what: string) => void;
  /** It ends before it has served, with this reason. */
  readonly notStarted: (reason: string) => void;
}

const JOB_LANES = 1;
const PAUSE_MS = 1;
const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

export class Life {
  readonly product: Product;
  readonly door: Door;
  /** Resolves at the end: open connections are cut. */
  readonly died: Promise<'cut'>;
  private cut: (value: 'cut') => void = () => undefined;
  private dead = false;
  private diedAtStep = 0;
  private listener: Listener | undefined;
  /** Of each timer of market time: is it due sooner than it was? */
  private readonly looks = new Set<() => void>();
  /** By how much its clock was off at the last step. */
  private offsetMs: number;
  /** Who is told that its market time was put back. */
  private readonly putBack = new Set<() => void>();
  private readonly line: ReturnType<SimulatedVenue['connect']>;
  private readonly disk: ReturnType<SimulatedDatabase['connect']>;

  constructor(private readonly options: LifeOptions) {
    const { venue, database, settings, agents, crashed, failed, notStarted, name } = options;
    this.died = new Promise((resolve) => {
      this.cut = resolve;
    });
    this.offsetMs = options.clockOffsetMs();
    this.line = venue.connect();
    this.disk = database.connect(crashed, (what) => this.late(what));
    this.product = openProduct(this.ports(), settings, {
      failed: (reason) => (agents.mayEndHouse(reason) ? crashed() : failed(`the house gave up: ${reason}`)),
      marketEnded: () => undefined,
    });
    if (options.delivered) this.product.runtime.onDelivered(options.delivered);
    this.door = openDoor((request) => this.product.api.fetch(request));
    this.product.start().catch((error: unknown) => {
      if (!this.dead) notStarted(`${name} did not start: ${error instanceof Error ? error.message : String(error)}`);
    });
  }

  end(): void {
    this.dead = true;
    this.diedAtStep = this.options.runner.steps;
    this.cut('cut');
    this.disk.cut();
    this.line.cut();
    if (this.listener) this.options.audience.delete(this.listener);
    this.product.abandon();
  }

  /** Adds what nobody took in this life, by type and reason. */
  buryInto(letters: Map<string, number>): void {
    for (const [kind, count] of this.product.runtime.stats().deadLetters)
      letters.set(kind, (letters.get(kind) ?? 0) + count);
  }

  /** Within the step in which it died, code of the dead process still runs to its next wait; later is a leak. */
  private late(what: string): void {
    if (this.options.runner.steps > this.diedAtStep)
      this.options.failed(`${this.options.name} called the database after its end (${what})`);
  }

  private ports(): ProductPorts {
    const { world, random, runner, log, planted, tickFiles, past, venue, agents } = this.options;
    const { place } = this.disk;
    const clock = this.clock();
    const series = planted.series?.(place.series) ?? place.series;
    return {
      world,
      clock,
      random: random.fork('kernel'),
      ids: seededIds(random.fork('ids'), () => clock.wallNow()),
      scheduler: { ...seededScheduler(random.fork('pick')), pause: () => this.pause() },
      log,
      place: { ...place, series },
      tickFiles: tickFiles.connect(() => this.dead),
      venue: this.line.venue,
      venueHealth: () => venue.health(),
      jobs: this.jobs(clock, series),
      market: () => this.market(),
      ...(past && { past: past.connect(() => this.dead) }),
      checksEachFact: true,
      defect: (roster) => agents.connect(planted.roster?.(roster) ?? roster, random.fork('agents')),
      track: async (work) => {
        const answer = await runner.park(work);
        return this.dead ? never() : answer;
      },
    };
  }

  /** Virtual time passes while somebody waits until nothing is under way. */
  private async pause(): Promise<void> {
    await this.options.runner.sleep(PAUSE_MS);
    if (this.dead) await never();
  }

  /** Background work: of others, or in this very process; then it dies with it, and its rows stay. */
  private jobs(clock: Clock, series: SeriesStore): Jobs {
    const { random, log, pace, laneDied: died, planted, queue } = this.options;
    const rows = planted.jobRows?.(this.disk.jobs) ?? this.disk.jobs;
    if (queue) {
      const openQueue = async () => queue.connect(() => this.dead);
      return new DistributedJobs({ kind: 'simulated', rows, openQueue, clock, log });
    }
    const kinds = jobKinds(PACKED_AT_ONCE);
    const lanes = simulatedLanes({ kinds, clock, random: random.fork('lanes'), pace, died });
    const lane = planted.lane?.(lanes) ?? lanes;
    return new LocalJobs({
      ...{ kind: 'simulated', lanes: JOB_LANES, rows, kinds, lane, clock, log, random: random.fork('claims') },
      call: serviceDesk(series),
    });
  }

  /** The process's clock has been put forward, or back: the live one notices that with its next look. */
  clockStepped(): void {
    for (const look of [...this.looks]) look();
    const {
      clockOffsetMs,
      runner: { clock },
    } = this.options;
    const isBack = clockOffsetMs() < this.offsetMs;
    this.offsetMs = clockOffsetMs();
    if (!isBack) return;
    clock.at('monotonic', clock.monotonic() + LOOK_MS, () => {
      if (!this.dead) for (const heard of this.putBack) heard();
    });
  }

  /**
   * As the live one: a timer looks again when it fires, because the clock may have been put back meanwhile, and one of market time soon after it
   * has been put forward.
   */
  private clock(): Clock {
    const { runner, clockOffsetMs } = this.options;
    const { clock } = runner;
    const stepped = (): number => clock.wallNow() + clockOffsetMs();
    return {
      marketNow: stepped,
      wallNow: stepped,
      monotonic: () => clock.monotonic(),
      at: (reading, due, fire) => {
        if (reading === 'monotonic') return clock.at(reading, due, () => (this.dead ? undefined : fire()));
        let cancel = (): void => undefined;
        let armedFor = due - clockOffsetMs();
        const arm = (): void => {
          cancel = clock.at(reading, armedFor, () => {
            if (this.dead) return;
            armedFor = due - clockOffsetMs();
            if (stepped() < due) return arm();
            this.looks.delete(look);
            fire();
          });
        };
        const look = (): void => {
          const seenAt = Math.max(due - clockOffsetMs(), clock.monotonic() + LOOK_MS);
          if (seenAt >= armedFor) return;
          cancel();
          armedFor = seenAt;
          arm();
        };
        arm();
        if (reading === 'market') this.looks.add(look);
        return () => {
          this.looks.delete(look);
          cancel();
        };
      },
      onPutBack: (heard) => void this.putBack.add(heard),
    };
  }

  private market(): MarketSource {
    const { audience, feed } = this.options;
    return {
      name: 'simulated',
      start: (emit) => {
        this.listener = emit;
        audience.add(emit);
      },
      stop: async () => undefined,
      describe: () => feed.describe(),
    };
  }
}
