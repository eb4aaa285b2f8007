/**
 * The database of a simulated world: any real place behind a port whose answers arrive at virtual times. It outlives the product's
 * crashes and misbehaves at seeded rates. Invariants: a commit lands whole or not at all, and never after the epoch has moved;
 * the same seed gives the same faults over memory and over the embedded database.
 */
import type { Packing } from '../../market/series/pack.ts';
import type { SeriesStore } from '../../market/series/store.ts';
import type { Queries } from '../../projections/queries.ts';
import type { RunOutputs } from '../../projections/run-outputs.ts';
import type { Upkeep } from '../../projections/upkeep.ts';
import type { JobRows } from '../../runtime/jobs/rows.ts';
import type { Random } from '../../runtime/ports.ts';
import { CommitError, type Group, type Store } from '../../runtime/store.ts';
import { JOB_CALLS, OUTPUT_CALLS, READ_CALLS, through } from './calls.ts';
import type { CommitWatch, TellOfCommit } from './commit-watch.ts';
import { SimulatedSeries } from './series.ts';
import { simulatedUpkeep } from './upkeep.ts';

export const DATABASE_FAULT_KINDS = [
  'commit-error',
  'commit-unknown-landed',
  'commit-unknown-lost',
  'slow',
  'crash-before-commit',
  'crash-after-commit',
  'disk-full',
  'statement-error',
  'statement-answer-lost',
] as const;
export type DatabaseFaultKind = (typeof DATABASE_FAULT_KINDS)[number];

export interface DatabaseFaults {
  /** Of statements of background work too. */
  readonly commitErrorRatio: number;
  readonly commitUnknownRatio: number;
  readonly slowRatio: number;
  readonly slowMaxMs: number;
  /** Chance that the process dies at a commit, before or after it. */
  readonly crashRatio: number;
  /** Nothing can be written. */
  readonly diskFull: boolean;
}

export const NO_DATABASE_FAULTS: DatabaseFaults = {
  commitErrorRatio: 0,
  commitUnknownRatio: 0,
  slowRatio: 0,
  slowMaxMs: 0,
  crashRatio: 0,
  diskFull: false,
};

/** Rates for one world, each off in a third of the worlds. */
export function drawDatabaseFaults(random: Random): DatabaseFaults {
  const rate = (max: number): number => (random.next() < 1 / 3 ? 0 : random.next() * max);
  return {
    commitErrorRatio: rate(0.02),
    commitUnknownRatio: rate(0.01),
    slowRatio: rate(0.05),
    slowMaxMs: rate(5_000),
    crashRatio: rate(0.01),
    diskFull: false,
  };
}

/** A disk: an opened place, in memory or embedded. */
export interface SimulatedPlace {
  readonly store: Store;
  readonly queries: Queries;
  readonly outputs: RunOutputs;
  readonly series: SeriesStore;
  readonly upkeep: Upkeep;
  /** What is remembered of background work; absent: somebody else remembers it. */
  readonly jobs?: JobRows;
}

export interface SimulatedDatabaseOptions {
  readonly inner: SimulatedPlace;
  /** What is remembered of background work. */
  readonly jobs: JobRows;
  /** Packs chunks of series without other threads. */
  readonly packing: Packing;
  readonly random: Random;
  /** Resolves `ms` of simulated time later. */
  readonly sleep: (ms: number) => Promise<void>;
  /** The runner waits for what is tracked before it resumes anything else. */
  readonly track: <T>(work: Promise<T>) => Promise<T>;
  readonly faults?: DatabaseFaults;
}

/** One product instance's line to the database. */
export interface DatabaseConnection {
  readonly place: SimulatedPlace;
  readonly jobs: JobRows;
  /** The instance died: it hears nothing any more. */
  cut(): void;
}

const COMMIT_MIN_MS = 1;
const COMMIT_SPREAD_MS = 4;
const DISK_FULL = 'simulated: no space is left on the disk';
const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

export class SimulatedDatabase {
  readonly faultCounts: Record<DatabaseFaultKind, number> = {
    'commit-error': 0,
    'commit-unknown-landed': 0,
    'commit-unknown-lost': 0,
    slow: 0,
    'crash-before-commit': 0,
    'crash-after-commit': 0,
    'disk-full': 0,
    'statement-error': 0,
    'statement-answer-lost': 0,
  };
  /** Sequence of the newest record that has landed, acknowledged or not. */
  landedSequence = 0;
  /** How many groups have landed, those without records too: nothing of the journal changes in between. */
  landedGroups = 0;
  onCommit: CommitWatch = () => () => undefined;
  readonly series: SimulatedSeries;
  private connections = 0;
  private readonly statements: Random;
  private readonly upkeep: Random;
  private faults: DatabaseFaults;
  private opened = false;

  constructor(private readonly options: SimulatedDatabaseOptions) {
    this.faults = options.faults ?? NO_DATABASE_FAULTS;
    const { inner, random, sleep, packing } = options;
    this.statements = random.fork('statements');
    this.upkeep = random.fork('upkeep');
    const isDiskFull = (): boolean => this.faults.diskFull;
    this.series = new SimulatedSeries({
      ...{ inner: inner.series, random: random.fork('series'), sleep, packing, isDiskFull },
    });
  }

  get diskFull(): boolean {
    return this.faults.diskFull;
  }

  /** Nothing more can be written, or again; all rates stay. */
  fillDisk(diskFull: boolean): void {
    this.faults = { ...this.faults, diskFull };
  }

  /** New rates from now on. */
  setFaults(faults: DatabaseFaults): void {
    this.faults = faults;
  }

  /** `onLateCall` hears of a call of the instance after its death; the call is never answered. */
  connect(onCrash: () => void, onLateCall: (what: string) => void): DatabaseConnection {
    let dead = false;
    const connection = ++this.connections;
    /** The answer of `work` at the next virtual moment, in the order of asking. */
    const parked = async <T>(work: () => Promise<T>): Promise<T> => {
      if (dead) {
        onLateCall('read');
        return never<T>();
      }
      const landed = this.landed(work);
      await this.options.sleep(0);
      return dead ? never<T>() : landed;
    };
    const isDead = (): boolean => dead;
    const { inner, jobs } = this.options;
    const { store, queries, outputs } = inner;
    const open = async (world: string) => {
      await this.series.sweep();
      if (this.opened) return store.takeEpoch();
      this.opened = true;
      return store.open(world);
    };
    return {
      cut() {
        dead = true;
      },
      jobs: through(jobs, JOB_CALLS, (work) => parked(() => this.statement(work))),
      place: {
        series: this.series.connect({ isDead, parked }),
        upkeep: simulatedUpkeep({
          ...{ inner: inner.upkeep, random: this.upkeep, sleep: this.options.sleep, isDead, parked },
          refuseWhenFull: () => this.refuseWhenFull(),
        }),
        store: {
          ...through(store, READ_CALLS, parked),
          // The place stays open over the lives of the product; the lock of a dead process is gone with it.
          open: (world) => parked(() => open(world)),
          takeEpoch: () => parked(() => this.written(() => store.takeEpoch())),
          close: async () => undefined,
          commit: (group) => {
            if (dead) {
              onLateCall('commit');
              return never<void>();
            }
            return this.commit(group, this.onCommit(group, connection), () => dead, onCrash);
          },
        },
        queries: {
          get: (table, id) => parked(() => queries.get(table, id)),
          list: (table, query) => parked(() => queries.list(table, query)),
        },
        outputs: through(outputs, OUTPUT_CALLS, parked),
      },
    };
  }

  private async commit(group: Group, tell: TellOfCommit, isDead: () => boolean, onCrash: () => void): Promise<void> {
    const { random, sleep } = this.options;
    const fault = this.draw();
    const latencyMs = COMMIT_MIN_MS + Math.floor(random.next() * COMMIT_SPREAD_MS) + this.slowness();
    // It lands somewhere on its way there and back: who answers before that has answered too early.
    const landsAfterMs = Math.floor(random.next() * latencyMs);
    await sleep(landsAfterMs);
    if (fault === 'crash-before-commit') {
      tell('lost');
      if (!isDead()) onCrash();
      return never();
    }
    const lands = fault !== 'commit-error' && fault !== 'commit-unknown-lost';
    const landed = lands ? this.landed(() => this.written(() => this.land(group, tell))) : undefined;
    (landed ?? Promise.reject(fault)).catch(() => tell('lost'));
    if (fault === 'crash-after-commit') {
      if (!isDead()) onCrash();
      return never();
    }
    await sleep(latencyMs - landsAfterMs);
    tell('over');
    if (isDead()) return never();
    await landed;
    if (fault === 'commit-error') throw new CommitError('certain', 'simulated: nothing of the group was written');
    if (fault !== undefined) throw new CommitError('unknown', 'simulated: the acknowledgement was lost');
  }

  /** Of background work, at the rates of commits: one that failed has changed nothing, one whose answer is lost has. */
  private async statement<T>(work: () => Promise<T>): Promise<T> {
    const { commitErrorRatio, commitUnknownRatio } = this.faults;
    const [error, unknown] = [this.statements.next(), this.statements.next()];
    if (error < commitErrorRatio) throw this.failed('statement-error', 'the statement was refused');
    const answer = await work();
    if (unknown < commitUnknownRatio) throw this.failed('statement-answer-lost', 'the answer was lost');
    return answer;
  }

  private failed(kind: DatabaseFaultKind, what: string): Error {
    this.faultCounts[kind] += 1;
    return Object.assign(new Error(`simulated: ${what}`), { retryable: true });
  }

  private async land(group: Group, tell: TellOfCommit): Promise<void> {
    await this.options.inner.store.commit(group);
    this.landedGroups += 1;
    this.landedSequence = Math.max(this.landedSequence, group.sequence);
    tell('landed');
  }

  private async written<T>(work: () => Promise<T>): Promise<T> {
    if (!this.faults.diskFull) return work();
    this.faultCounts['disk-full'] += 1;
    throw new CommitError('certain', DISK_FULL);
  }

  private refuseWhenFull(): void {
    if (!this.faults.diskFull) return;
    this.faultCounts['disk-full'] += 1;
    throw new Error(DISK_FULL);
  }

  /** What the runner waits for; a failure is the asker's to hear, at its own time. */
  private landed<T>(work: () => Promise<T>): Promise<T> {
    // A query of the embedded database is asked anew by everybody who waits for it: only its one answer is waited for.
    const landed = this.options.track((async () => work())());
    landed.catch(() => undefined);
    return landed;
  }

  /** Every rate draws, so that one rate does not shift the others. */
  private draw(): DatabaseFaultKind | undefined {
    const { random } = this.options;
    const { commitErrorRatio, commitUnknownRatio, crashRatio } = this.faults;
    const [error, unknown, crash, side] = [random.next(), random.next(), random.next(), random.next()];
    let fault: DatabaseFaultKind | undefined;
    if (crash < crashRatio) fault = side < 0.5 ? 'crash-before-commit' : 'crash-after-commit';
    else if (error < commitErrorRatio) fault = 'commit-error';
    else if (unknown < commitUnknownRatio) fault = side < 0.5 ? 'commit-unknown-landed' : 'commit-unknown-lost';
    if (fault) this.faultCounts[fault] += 1;
    return fault;
  }

  private slowness(): number {
    const { random } = this.options;
    const [happens, long] = [random.next(), random.next()];
    if (happens >= this.faults.slowRatio) return 0;
    this.faultCounts.slow += 1;
    return Math.round(long * this.faults.slowMaxMs);
  }
}
