/**
 * Runs one scenario from its first to its last moment: the world opens, its traders come, the script plays, faults come and go, then
 * everything heals and comes to rest. The same scenario, seed and build give the same recording but for `realMs`.
 */
import type { SimulatedPlace } from '../../db/simulated/database.ts';
import { seededRandom } from '../../runtime/simulated/random.ts';
import type { CheckedRecord } from '../checkers/checker.ts';
import { watch } from '../expect/all.ts';
import type { End, Watcher } from '../expect/watcher.ts';
import { NO_WORLD_FAULTS } from '../faults.ts';
import type { LoadedScenario } from '../file/load.ts';
import type { Scenario } from '../file/schema.ts';
import { NOTHING_HELD } from '../held-market.ts';
import type { Recording } from '../recording.ts';
import { Session } from '../session.ts';
import { defectAt } from '../testing/defects.ts';
import { WORLD_STARTS_AT } from '../world.ts';
import { Books } from './books.ts';
import { Cast } from './cast.ts';
import { FaultPlan } from './fault-plan.ts';
import { MarketPlan, readQuotes } from './market-plan.ts';
import { PLANTED } from './planted.ts';
import { Recorder } from './recorder.ts';
import { recordingOf } from './result.ts';
import { Script } from './script.ts';
import { settingsOf } from './settings.ts';
import { openTraders } from './traders.ts';

export interface RunOptions {
  readonly place: SimulatedPlace;
  /** Instead of the file's. */
  readonly seed?: string;
  readonly untilMs?: number;
  /** Real milliseconds, for the only figure that is not virtual. */
  readonly monotonic?: () => number;
  readonly commit?: string;
  /** Also keeps what agents say to each other, for a report. */
  readonly overheard?: boolean;
}

const HEALING_MS = 5 * 60_000;
/** Behind the end: who insists hears at last what a healed world says. */
const INSISTING_MS = 4 * 60_000;
const ASKING_MS = 100;
const ASKING_MAX_MS = 120_000;

/** Throws what keeps the scenario from running at all: files that cannot be read, a product that never starts. */
export async function runScenario(loaded: LoadedScenario, options: RunOptions): Promise<Recording> {
  const { seed = loaded.scenario.seed, untilMs = loaded.scenario.until } = options;
  const scenario: Scenario = { ...loaded.scenario, seed, until: untilMs };
  const startAt = scenario.world.start === undefined ? WORLD_STARTS_AT : Date.parse(scenario.world.start);
  const endAt = startAt + untilMs;
  const quotes = await readQuotes(scenario, loaded.file, startAt);
  const market = new MarketPlan(scenario.market, scenario.world.instruments, startAt, endAt, quotes);
  return new Run(loaded, scenario, market, { startAt, endAt }, options).run();
}

interface Times {
  readonly startAt: number;
  readonly endAt: number;
}

class Run {
  private readonly session: Session;
  private readonly books: Books;
  private readonly recorder: Recorder;
  private readonly cast: Cast;
  private readonly faults: FaultPlan;
  private readonly script: Script;
  private readonly scope = new Map<string, unknown>();
  private readonly watchers: Watcher[];
  /** When each record became durable, by its place in the journal. */
  private readonly landedAtMs: number[] = [];
  private readonly startedMs: number;
  private agents: readonly string[] = [];

  constructor(
    private readonly loaded: LoadedScenario,
    private readonly scenario: Scenario,
    private readonly market: MarketPlan,
    private readonly times: Times,
    private readonly options: RunOptions,
  ) {
    this.startedMs = options.monotonic?.() ?? 0;
    this.session = this.openSession();
    const { world } = this.session;
    const { startAt, endAt } = times;
    const { seed } = scenario;
    this.books = new Books(world);
    this.recorder = new Recorder(world, this.books, startAt);
    this.cast = new Cast(world, this.recorder, seededRandom(`${seed}/cast`));
    this.faults = new FaultPlan(world, this.recorder);
    const { scope, cast, books, recorder, faults } = this;
    this.session.onStep = () => recorder.countFaults();
    const fail = (what: string): void => void world.failures.push(what);
    const { outsider } = this.session;
    this.script = new Script(
      {
        world,
        outsider,
        cast,
        faults,
        market,
        recorder,
        scope,
        startAt,
        endAt,
        insistUntil: endAt + INSISTING_MS,
        fail,
      },
      scenario.script,
      loaded.places,
    );
    const sight = { world, cast, books, scope, startAt, untilMs: scenario.until };
    this.watchers = scenario.expect.map((expectation) => watch(expectation, sight));
  }

  async run(): Promise<Recording> {
    const { session, recorder, market, script, scenario, times } = this;
    const { world } = session;
    await session.open();
    await this.drive(openTraders(scenario.world.traders, this.cast, this.scope));
    recorder.sampleUntil(scenario.until);
    market.arm(world);
    this.armFaults();
    for (const watcher of this.watchers) watcher.onStart?.();
    script.start();
    await this.runTo(times.endAt);
    await this.drive(Promise.all(this.watchers.map(async (watcher) => watcher.onEnd?.())));
    this.faults.off();
    world.setFaults(NO_WORLD_FAULTS);
    world.holdMarket(NOTHING_HELD);
    session.heal();
    await this.runTo(world.now + HEALING_MS);
    world.failures.push(...script.unfinished());
    this.agents = world.product?.runtime.stats().agents.map(({ address }) => address) ?? [];
    await session.rest();
    return this.record();
  }

  private openSession(): Session {
    const { seed, world, defect } = this.scenario;
    const { startAt, endAt } = this.times;
    const isActive = (now: number): boolean => {
      const { from = 0, until } = defect ?? {};
      return now >= startAt + from && now < (until === undefined ? endAt : startAt + until);
    };
    const { agent, types, planted } = defect ?? {};
    const session: Session = new Session(
      {
        seed,
        place: this.options.place,
        settings: settingsOf(world),
        symbols: world.instruments,
        startsAt: startAt,
        workers: world.workers,
        idempotency: world.idempotency,
        ...(world.past && this.market.isInvented && { past: { invented: world.instruments } }),
        market: (ports) => this.market.open(ports),
        ...(this.options.overheard && { delivered: (envelope) => this.recorder.overhear(envelope) }),
        ...(agent !== undefined && types && { defect: defectAt(agent, types, () => isActive(session.world.now)) }),
        ...(planted !== undefined && { planted: PLANTED[planted]!.parts }),
      },
      (record) => this.hear(record),
    );
    return session;
  }

  private hear(record: CheckedRecord): void {
    const { atMs } = this.recorder;
    this.landedAtMs.push(atMs);
    this.books.apply(record);
    for (const watcher of this.watchers) watcher.onRecord?.(record, atMs);
    this.script.onRecord(record);
  }

  private armFaults(): void {
    const { world } = this.session;
    const { startAt, endAt } = this.times;
    for (const { from, until, ...kinds } of this.scenario.faults) {
      const untilAt = until === undefined ? endAt : startAt + until;
      world.runner.clock.at('market', startAt + from, () => this.faults.begin(kinds, untilAt));
    }
  }

  private async runTo(end: number): Promise<void> {
    await this.session.runUntil(end);
  }

  /** Moves the world until something has been answered. */
  private async drive(work: Promise<unknown>): Promise<void> {
    const { world } = this.session;
    let done = false;
    const settled = work.then(
      () => {
        done = true;
      },
      (error: unknown) => {
        done = true;
        world.failures.push(error instanceof Error ? error.message : String(error));
      },
    );
    const latest = world.now + ASKING_MAX_MS;
    while (!done && world.now < latest) await this.runTo(world.now + ASKING_MS);
    if (done) await settled;
    else world.failures.push('somebody still waits for an answer');
  }

  private record(): Recording {
    const { loaded, scenario, session, recorder, options, times, landedAtMs } = this;
    const { findings } = session;
    const { failures } = session.world;
    const end: End = { findings, failures };
    return recordingOf({
      loaded,
      scenario,
      session,
      recorder,
      landedAtMs,
      startAt: times.startAt,
      expectations: this.watchers.map((watcher) => watcher.result(end)),
      realMs: Math.round((options.monotonic?.() ?? 0) - this.startedMs),
      commit: options.commit,
      agents: this.agents,
      overheard: options.overheard === true,
    });
  }
}
