/** Which faults are on at the moment: windows that begin and end, put together. Of two windows the worse rate holds. */
import type { FeedFaults } from '../../adapters/feed/faulty.ts';
import type { PastFaults } from '../../adapters/feed/simulated-past.ts';
import { NO_FAULTS, type VenueFaults } from '../../adapters/paper/faults.ts';
import type { TickFileFaults } from '../../adapters/tick-files/simulated.ts';
import type { DatabaseFaults } from '../../db/simulated/database.ts';
import type { SeriesFaults } from '../../db/simulated/series.ts';
import type { AgentFaults } from '../../runtime/simulated/crashing-agents.ts';
import type { QueueFaults } from '../../runtime/simulated/job-queue.ts';
import { drawFaults, type JobFaults, NO_WORLD_FAULTS, type WorldFaults } from '../faults.ts';
import { DRAWN, type FaultKinds, faultKinds } from '../file/faults-part.ts';
import type { World } from '../world.ts';
import type { Recorder } from './recorder.ts';

interface Window {
  readonly kinds: FaultKinds;
  readonly untilAt: number;
}

/** Which field of a scenario is which rate. */
const VENUE_RATIOS = {
  drop: 'dropRatio',
  duplicate: 'duplicateRatio',
  reorder: 'reorderRatio',
  ackLost: 'ackLostRatio',
  partialFill: 'partialFillRatio',
  lateFill: 'lateFillRatio',
  reject: 'rejectRatio',
} as const;
const FEED_RATIOS = {
  crossed: 'crossedRatio',
  zero: 'zeroRatio',
  notANumber: 'notANumberRatio',
  outOfOrder: 'outOfOrderRatio',
} as const;

const ratesBy = <F extends string, R extends string>(
  names: Readonly<Record<F, R>>,
  given: Partial<Record<NoInfer<F>, number | undefined>>,
) =>
  Object.fromEntries((Object.keys(names) as F[]).map((field) => [names[field], given[field] ?? 0])) as Record<
    R,
    number
  >;

type Port = keyof WorldFaults;
/** Rates as a file writes them down. */
type Written<P extends Port> = Exclude<FaultKinds[P], typeof DRAWN | undefined>;

function venueRates(written: Written<'venue'>, untilAt: number): VenueFaults {
  const { latency = 0, outage } = written;
  const byChance = typeof outage === 'object' ? outage : { perMinute: 0, max: 0 };
  return {
    ...NO_FAULTS,
    ...ratesBy(VENUE_RATIOS, written),
    latencyMaxMs: latency,
    outagePerMinuteRatio: byChance.perMinute,
    outageMaxMs: byChance.max,
    outageUntilMs: outage === true ? untilAt : 0,
  };
}

const NEVER = { chance: 0, max: 0 };

function databaseRates(written: Written<'database'>): DatabaseFaults {
  const { commitError = 0, commitUnknown = 0, slow = NEVER, diskFull = false, crash = 0 } = written;
  return {
    commitErrorRatio: commitError,
    commitUnknownRatio: commitUnknown,
    slowRatio: slow.chance,
    slowMaxMs: slow.max,
    crashRatio: crash,
    diskFull,
  };
}

function feedRates(written: Written<'feed'>): FeedFaults {
  const { gap = NEVER, freeze = NEVER } = written;
  return {
    ...ratesBy(FEED_RATIOS, written),
    ...{ gapRatio: gap.chance, gapMaxMs: gap.max, freezeRatio: freeze.chance, freezeMaxMs: freeze.max },
  };
}

function pastRates({ slow = NEVER, broken = 0, gap = NEVER }: Written<'past'>): PastFaults {
  const late = { slowRatio: slow.chance, slowMaxMs: slow.max };
  return { ...late, brokenRatio: broken, gapRatio: gap.chance, gapMaxMs: gap.max };
}

function seriesRates({ error = 0, slow = NEVER, corrupt = 0 }: Written<'series'>): SeriesFaults {
  return { errorRatio: error, slowRatio: slow.chance, slowMaxMs: slow.max, corruptRatio: corrupt };
}

const fileRates = ({ error = 0 }: Written<'files'>): TickFileFaults => ({ errorRatio: error });
function queueRates({ lost = 0, duplicate = 0, delay = NEVER }: Written<'queue'>): QueueFaults {
  return { lostRatio: lost, duplicateRatio: duplicate, delayRatio: delay.chance, delayMaxMs: delay.max };
}

const agentRates = ({ crash = 0, crashAgain = 0 }: Written<'agents'>): AgentFaults => ({
  crashRatio: crash,
  crashAgainRatio: crashAgain,
});

const jobRates = ({ death = 0, slow = 0 }: Written<'jobs'>): JobFaults => ({ deathRatio: death, slowMs: slow });

function worst<T extends object>(all: readonly T[], none: T): T {
  const names = Object.keys(none) as (keyof T)[];
  const of = (name: keyof T) => {
    const values = all.map((one) => one[name]);
    return typeof none[name] === 'boolean' ? values.some(Boolean) : Math.max(Number(none[name]), ...values.map(Number));
  };
  return Object.fromEntries(names.map((name) => [name, of(name)])) as T;
}

const PORTS: ReadonlySet<string> = new Set(Object.keys(faultKinds.shape));

const namesOf = (kinds: FaultKinds): string =>
  Object.entries(kinds)
    .filter(([port, rates]) => rates !== undefined && PORTS.has(port))
    .map(([port, rates]) => `${port} ${typeof rates === 'string' ? rates : Object.keys(rates as object).join(', ')}`)
    .join('; ');

export class FaultPlan {
  private readonly open = new Set<Window>();

  constructor(
    private readonly world: World,
    private readonly recorder: Recorder,
  ) {}

  /** From now until `untilAt` in market time. */
  begin(kinds: FaultKinds, untilAt: number): void {
    const window: Window = { kinds, untilAt };
    const { world, recorder } = this;
    this.open.add(window);
    recorder.note(`faults begin: ${namesOf(kinds)}`);
    const { venue, queue } = kinds;
    if (typeof queue === 'object' && queue.away) world.workers?.queue.interrupt(untilAt);
    if (typeof venue === 'object' && venue.restart) world.venue.interrupt('restart', untilAt);
    if (typeof venue === 'object' && venue.cut) world.venue.interrupt('connection-cut', untilAt);
    this.apply();
    world.runner.clock.at('market', untilAt, () => {
      if (!this.open.delete(window)) return;
      recorder.note(`faults end: ${namesOf(kinds)}`);
      this.apply();
    });
  }

  /** Everything heals. */
  off(): void {
    if (this.open.size > 0) this.recorder.note('faults end');
    this.open.clear();
    this.apply();
  }

  private apply(): void {
    const windows = [...this.open];
    const drawn = drawFaults(this.world.options.seed);
    const together = <P extends Port>(
      port: P,
      ratesOf: (written: Written<P>, untilAt: number) => WorldFaults[P],
    ): WorldFaults[P] => {
      const rates = windows.flatMap(({ kinds: { [port]: written }, untilAt }) => {
        if (written === undefined) return [];
        return [written === DRAWN ? drawn[port] : ratesOf(written as Written<P>, untilAt)];
      });
      return worst(rates, NO_WORLD_FAULTS[port]);
    };
    this.world.setFaults({
      venue: together('venue', venueRates),
      database: together('database', databaseRates),
      feed: together('feed', feedRates),
      past: together('past', pastRates),
      series: together('series', seriesRates),
      files: together('files', fileRates),
      jobs: together('jobs', jobRates),
      queue: together('queue', queueRates),
      agents: together('agents', agentRates),
    });
    this.world.stepClock(windows.reduce((sum, { kinds }) => sum + (kinds.clock?.step ?? 0), 0));
  }
}
