/**
 * Takes what jobs of runs tell into the house: first their output into the run tables, then their state to the runs agent. So whoever
 * hears that a run has ended finds all that it has said. Whatever the house can't take now is looked at again.
 */
import type { RunStatus } from '../domain/run.ts';
import type { RunChanged, RunReported } from '../messages/run.ts';
import type { RunRow } from '../projections/rows.ts';
import { pagesOf, type RunHead, type RunOutputs } from '../projections/run-outputs.ts';
import { sharedPositionNotices } from '../projections/shared-position.ts';
import type { ReadView } from '../projections/view.ts';
import type { BacktestPart } from '../runs/backtest/payload.ts';
import type { JobPart, JobStatus, Jobs } from '../runtime/jobs.ts';
import type { Clock, Log } from '../runtime/ports.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { type Addition, ERROR_OCCURRED, messageOf, withPart, withStatus } from './run-lines.ts';
import { executionOf, isLive } from './run-work.ts';

const PARTS_AT_ONCE = 4;
/** Open runs are held against their jobs this often. */
const CHECK_MS = 5_000;
/** A job that is not there for so long will not come any more. */
const LOST_AFTER_MS = 60_000;

/** Where runs tell of themselves: jobs, and what trades live. */
export interface RunSource {
  readonly listen: Jobs['listen'];
  find(run: RunRow): Promise<JobStatus | undefined>;
  output(run: RunRow, after: number, limit: number): Promise<readonly JobPart[]>;
}

export interface RunNewsOptions {
  readonly runtime: Pick<Runtime, 'deliver' | 'onCommitted'>;
  readonly jobs: RunSource;
  readonly outputs: RunOutputs;
  readonly view: Pick<ReadView, 'findRun' | 'openRuns'>;
  readonly clock: Clock;
  readonly log: Log;
}

const RUNS = { state: 'running', reason: null } as const;

/** What a job's state means for its run; undefined: nothing new. */
function statusOf({ state }: JobStatus, present: RunStatus): RunStatus | undefined {
  switch (state) {
    case 'done':
      return 'completed';
    case 'failed':
    case 'stopped':
    case 'paused':
      return state;
    default:
      return present === 'paused' ? 'running' : undefined;
  }
}

export class RunNews {
  /** The newest word of each run that has not been taken yet; taking one is under way for those in `busy`. */
  private readonly words = new Map<number, JobStatus>();
  private readonly busy = new Set<number>();
  private readonly taken = new Map<number, string>();
  private readonly missing = new Map<number, number>();
  private readonly readers = new Set<(executionId: number) => void>();
  private checkedAt: number;
  private readonly unlisten: readonly (() => void)[];

  constructor(private readonly options: RunNewsOptions) {
    this.checkedAt = options.clock.monotonic();
    const { jobs, runtime } = options;
    this.unlisten = [
      jobs.listen((status) => this.hear(status)),
      runtime.onCommitted(({ message }) => this.changed(message as RunChanged)),
    ];
  }

  /** What has happened while no house listened. */
  start(): Promise<void> {
    return this.check();
  }

  /** Called now and then: what could not be taken is tried again, and open runs are held against their jobs. */
  flush(): void {
    for (const executionId of this.words.keys()) this.take(executionId);
    const now = this.options.clock.monotonic();
    if (now - this.checkedAt < CHECK_MS) return;
    this.checkedAt = now;
    void this.check();
  }

  close(): void {
    for (const unlisten of this.unlisten) unlisten();
  }

  /** Whoever shows runs hears which one has something new to be read. Returns an unsubscribe function. */
  onNews(reader: (executionId: number) => void): () => void {
    this.readers.add(reader);
    return () => this.readers.delete(reader);
  }

  private tellReaders(executionId: number): void {
    for (const reader of this.readers) reader(executionId);
  }

  private changed({ type, executionId }: RunChanged): void {
    if (type === 'run.changed') this.tellReaders(executionId);
  }

  private hear(status: JobStatus): void {
    const executionId = executionOf(status.id);
    if (executionId === undefined || this.taken.get(executionId) === keyOf(status)) return;
    this.words.set(executionId, status);
    this.take(executionId);
  }

  /** A run that can't be asked about now is asked about with the next check. */
  private async check(): Promise<void> {
    for (const run of this.options.view.openRuns())
      await this.checkOne(run).catch((error: unknown) => {
        this.options.log.warn('runs.not-checked', { run: run.id, reason: String(error) });
      });
  }

  private async checkOne(run: RunRow): Promise<void> {
    const { status } = run;
    const executionId = Number(run.id);
    const job = await this.options.jobs.find(run);
    const now = this.options.clock.monotonic();
    if (job) {
      this.missing.delete(executionId);
      const isKnown = job.state === 'waiting' || job.state === status;
      if (isKnown && this.taken.get(executionId) === keyOf(job)) return;
      this.taken.delete(executionId);
      this.hear(job);
    } else if (!this.missing.has(executionId)) this.missing.set(executionId, now);
    else if (now - this.missing.get(executionId)! >= LOST_AFTER_MS) {
      this.missing.delete(executionId);
      this.tell(run, { state: 'failed', reason: 'its work was lost' });
    }
  }

  private take(executionId: number): void {
    const status = this.words.get(executionId);
    if (!status || this.busy.has(executionId)) return;
    this.busy.add(executionId);
    const { log } = this.options;
    this.takeIn(executionId, status)
      .then((isTaken) => {
        if (isTaken && this.words.get(executionId) === status) this.words.delete(executionId);
        return isTaken;
      })
      .catch((error: unknown) => {
        log.warn('runs.news-kept', { executionId, reason: String(error) });
        return false;
      })
      .then((isTaken) => {
        this.busy.delete(executionId);
        if (isTaken) this.take(executionId);
      });
  }

  /** False: the house does not take it now. */
  private async takeIn(executionId: number, status: JobStatus): Promise<boolean> {
    const { view, clock } = this.options;
    const run = await view.findRun(String(executionId));
    // Its creation is not visible yet: the house hears of it again.
    if (!run) return false;
    const head = await this.collect(run);
    const to = statusOf(status, head.status);
    const error = to === 'failed' ? await this.untold(executionId, status.reason) : null;
    const said = to && withStatus(head, to, error, run.marketFrom ?? run.createdAt, clock.wallNow());
    if (said) await this.append(executionId, said);
    // The word that it runs may have been passed over for a newer one: its run has begun all the same.
    const hasBegun = head.part > 0 || to === 'completed';
    if (to && to !== 'running' && hasBegun && run.startedAt === null && !this.tell(run, RUNS)) return false;
    if (!this.tell(run, status)) return false;
    this.taken.set(executionId, keyOf(status));
    if (to && to !== 'paused' && to !== 'running') this.taken.delete(executionId);
    return true;
  }

  /** What the lines of a run that has failed do not say yet: one that trades live says why its end begins when it begins. */
  private async untold(executionId: number, reason: string | null): Promise<string | null> {
    const error = reason ?? 'no reason was given';
    for await (const lines of pagesOf(this.options.outputs, executionId, 'event', { kind: ERROR_OCCURRED }))
      if (lines.some(({ payload }) => messageOf(payload) === error)) return null;
    return error;
  }

  /** Who traded on its account what this run trades when it began. */
  private sharingOf(run: RunRow): readonly string[] {
    if (!isLive(run)) return [];
    const { symbol, accountId } = run;
    const others = this.options.view
      .openRuns()
      .filter((one) => isLive(one) && one.symbol === symbol && one.accountId === accountId)
      .map(({ id }) => Number(id));
    const before = others.filter((executionId) => executionId < Number(run.id));
    return sharedPositionNotices(symbol, accountId, before);
  }

  /** How far its output goes, all of it taken. */
  private async collect(run: RunRow): Promise<RunHead> {
    const { jobs, outputs, clock } = this.options;
    const executionId = Number(run.id);
    let head = await outputs.head(executionId);
    for (;;) {
      const parts = await jobs.output(run, head.part, PARTS_AT_ONCE);
      if (parts.length === 0) return head;
      for (const { part, output } of parts) {
        const said = JSON.parse(output) as BacktestPart;
        const notices = head.status === 'created' ? this.sharingOf(run) : [];
        const addition = withPart(head, part, said, clock.wallNow(), notices);
        await this.append(executionId, addition);
        head = addition.head;
      }
    }
  }

  /** Who else has written meanwhile was this house, whose answer was lost: everything is looked at anew. */
  private async append(executionId: number, { head, lines }: Addition): Promise<void> {
    if (!(await this.options.outputs.append(executionId, head, lines)))
      throw new Error(`the output of run ${executionId} has moved on`);
    this.tellReaders(executionId);
  }

  private tell({ id, taskId }: RunRow, { state, reason }: Pick<JobStatus, 'state' | 'reason'>): boolean {
    const news: RunReported = { type: 'run.reported', taskId, executionId: Number(id), state, reason };
    return this.options.runtime.deliver(news);
  }
}

const keyOf = ({ state, attempt, parts }: JobStatus): string => `${state} ${attempt} ${parts}`;
