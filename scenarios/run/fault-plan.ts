/** Which faults are on at the moment: windows that begin and end, put together. Of two windows the worse rate holds. */
import { drawFeedFaults, type FeedFaults, NO_FEED_FAULTS } from '../../adapters/feed/faulty.ts';
import { drawRates, NO_FAULTS, type VenueFaults } from '../../adapters/paper/faults.ts';
import { drawTickFileFaults, NO_TICK_FILE_FAULTS, type TickFileFaults } from '../../adapters/tick-files/simulated.ts';
import { type DatabaseFaults, drawDatabaseFaults, NO_DATABASE_FAULTS } from '../../db/simulated/database.ts';
import { drawSeriesFaults, NO_SERIES_FAULTS, type SeriesFaults } from '../../db/simulated/series.ts';
import { seededRandom } from '../../runtime/simulated/random.ts';
import { drawJobFaults, type JobFaults, NO_JOB_FAULTS } from '../faults.ts';
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

function venueRates(seed: string, { kinds: { venue }, untilAt }: Window): VenueFaults {
  if (venue === undefined) return NO_FAULTS;
  if (venue === DRAWN) return drawRates(seededRandom(`${seed}/faults`).fork('venue'));
  const { latency = 0, outage } = venue;
  const byChance = typeof outage === 'object' ? outage : { perMinute: 0, max: 0 };
  return {
    ...NO_FAULTS,
    ...ratesBy(VENUE_RATIOS, venue),
    latencyMaxMs: latency,
    outagePerMinuteRatio: byChance.perMinute,
    outageMaxMs: byChance.max,
    outageUntilMs: outage === true ? untilAt : 0,
  };
}

function databaseRates(seed: string, { kinds: { database } }: Window): DatabaseFaults {
  if (database === undefined) return NO_DATABASE_FAULTS;
  if (database === DRAWN) return drawDatabaseFaults(seededRandom(`${seed}/faults`).fork('database'));
  const { commitError = 0, commitUnknown = 0, slow = { chance: 0, max: 0 }, diskFull = false, crash = 0 } = database;
  return {
    commitErrorRatio: commitError,
    commitUnknownRatio: commitUnknown,
    slowRatio: slow.chance,
    slowMaxMs: slow.max,
    crashRatio: crash,
    diskFull,
  };
}

function feedRates(seed: string, { kinds: { feed } }: Window): FeedFaults {
  if (feed === undefined) return NO_FEED_FAULTS;
  if (feed === DRAWN) return drawFeedFaults(seededRandom(`${seed}/faults`));
  const { gap = { chance: 0, max: 0 }, freeze = { chance: 0, max: 0 } } = feed;
  return {
    ...ratesBy(FEED_RATIOS, feed),
    ...{ gapRatio: gap.chance, gapMaxMs: gap.max, freezeRatio: freeze.chance, freezeMaxMs: freeze.max },
  };
}

function seriesRates(seed: string, { kinds: { series } }: Window): SeriesFaults {
  if (series === undefined) return NO_SERIES_FAULTS;
  if (series === DRAWN) return drawSeriesFaults(seededRandom(`${seed}/faults`).fork('series'));
  const { error = 0, slow = { chance: 0, max: 0 }, corrupt = 0 } = series;
  return { errorRatio: error, slowRatio: slow.chance, slowMaxMs: slow.max, corruptRatio: corrupt };
}

function fileRates(seed: string, { kinds: { files } }: Window): TickFileFaults {
  if (files === undefined) return NO_TICK_FILE_FAULTS;
  if (files === DRAWN) return drawTickFileFaults(seededRandom(`${seed}/faults`).fork('files'));
  return { errorRatio: files.error ?? 0 };
}

function jobRates(seed: string, { kinds: { jobs } }: Window): JobFaults {
  if (jobs === undefined) return NO_JOB_FAULTS;
  if (jobs === DRAWN) return drawJobFaults(seededRandom(`${seed}/faults`).fork('jobs'));
  return { deathRatio: jobs.death ?? 0, slowMs: jobs.slow ?? 0 };
}

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
    const { venue } = kinds;
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
    const { seed } = this.world.options;
    const windows = [...this.open];
    const together = <T extends object>(ratesOf: (seed: string, window: Window) => T, none: T): T =>
      worst(
        windows.map((window) => ratesOf(seed, window)),
        none,
      );
    this.world.setFaults({
      venue: together(venueRates, NO_FAULTS),
      database: together(databaseRates, NO_DATABASE_FAULTS),
      feed: together(feedRates, NO_FEED_FAULTS),
      series: together(seriesRates, NO_SERIES_FAULTS),
      files: together(fileRates, NO_TICK_FILE_FAULTS),
      jobs: together(jobRates, NO_JOB_FAULTS),
    });
    this.world.stepClock(windows.reduce((sum, { kinds }) => sum + (kinds.clock?.step ?? 0), 0));
  }
}
