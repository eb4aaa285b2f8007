/**
 * Attends to running jobs: claims a row, runs it in a lane, keeps what it saves, makes it obey, and writes down how it ended. A lane
 * that dies, hangs or has lost its claim is ended from outside; what its row then says is true.
 */
import { JOB_BOUNDS } from '../bounds.ts';
import type { JobKind } from '../jobs.ts';
import type { Clock, Log, Random } from '../ports.ts';
import { Patience } from './patience.ts';
import {
  CLAIM_MARK_MAX,
  type ClaimedJob,
  type JobEnd,
  type JobRow,
  type JobRows,
  type Release,
  StaleAttempt,
  type Wanted,
} from './rows.ts';
import type { LaneEnd, LaneRun, OpenLane } from './run.ts';

export interface AttendantOptions {
  readonly rows: JobRows;
  readonly kinds: readonly Pick<JobKind, 'kind' | 'triesMax'>[];
  readonly lane: OpenLane;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly call: (service: string, argument: unknown) => Promise<unknown>;
  /** Hears of a job that has begun, moved on or let go of its lane. */
  readonly told: (row: JobRow) => void;
}

type Outcome = { readonly release: Release } | { readonly end: JobEnd } | 'stale';
type Cause = 'stale' | 'closing' | Exclude<Wanted, 'run'>;

/** One job in its lane. */
class Attended {
  private readonly lane: LaneRun;
  private readonly timers = new Set<() => void>();
  private cause: Cause | undefined;
  private over = false;
  private parts: number;
  private progressRatio: number;
  private checkpoint: string | null;
  /** Before this run, and 0 once it has got further. */
  tries: number;

  constructor(
    private readonly claim: ClaimedJob,
    private readonly options: AttendantOptions,
    private readonly patience: Patience,
  ) {
    const { id, kind, attempt, payload, checkpoint, parts, progressRatio, tries, wanted } = claim;
    this.parts = parts;
    this.progressRatio = progressRatio;
    this.checkpoint = checkpoint;
    this.tries = tries;
    this.lane = options.lane(
      { id, kind, attempt, payload, checkpoint },
      {
        save: (ratio, state, output) => this.save(ratio, state, output),
        progress: (ratio) => this.moved(ratio),
        call: options.call,
      },
    );
    this.beat();
    this.obey(wanted);
  }

  async outcome(): Promise<Outcome> {
    const end = await this.lane.ended;
    this.over = true;
    for (const cancel of this.timers) cancel();
    return this.outcomeOf(end);
  }

  obey(wanted: Wanted): void {
    if (wanted !== 'run') this.leave(wanted);
  }

  /** Only the first reason counts, unless a stop follows a pause. */
  leave(cause: Cause): void {
    if (this.cause === cause || (this.cause !== undefined && cause !== 'stop' && cause !== 'stale')) return;
    this.cause = cause;
    if (cause === 'stale') {
      this.lane.kill();
      return;
    }
    this.lane.leave();
    const { clock } = this.options;
    this.timer(clock.monotonic() + JOB_BOUNDS.stopGraceMs, () => this.lane.kill());
  }

  private outcomeOf(end: LaneEnd): Outcome {
    if (this.cause === 'stale') return 'stale';
    if (end.end === 'done') return { end: { state: 'done', result: end.result } };
    if (end.end === 'failed')
      return end.retryable
        ? { release: { how: 'failing', reason: end.reason } }
        : { end: { state: 'failed', reason: end.reason } };
    switch (this.cause) {
      case 'stop':
        return { end: { state: 'stopped' } };
      case 'pause':
        return { release: { how: 'paused' } };
      case 'closing':
        return { release: { how: 'left' } };
      default:
        return { release: { how: 'failing', reason: end.end === 'died' ? end.reason : 'it ended without a result' } };
    }
  }

  private async save(progressRatio: number, state: string, output: string): Promise<void> {
    const { id, attempt } = this.claim;
    const save = { progressRatio, state, further: state !== this.checkpoint, output, part: this.parts + 1 };
    try {
      const { rows } = this.options;
      const wanted = await this.patience.insist(() => rows.save(id, attempt, save));
      if (output !== '') this.parts = save.part;
      if (save.further) this.tries = 0;
      this.checkpoint = state;
      this.moved(progressRatio);
      this.obey(wanted);
    } catch (error) {
      if (error instanceof StaleAttempt) this.leave('stale');
      throw error;
    }
  }

  private moved(progressRatio: number): void {
    if (this.over) return;
    this.progressRatio = progressRatio;
    this.options.told({ ...this.claim, progressRatio, parts: this.parts });
  }

  private beat(): void {
    const { clock, rows, log } = this.options;
    const { id, attempt } = this.claim;
    this.timer(clock.monotonic() + JOB_BOUNDS.saveEveryMs, () => {
      rows
        .beat(id, attempt, this.progressRatio)
        .then((wanted) => this.obey(wanted))
        .catch((error: unknown) => {
          if (error instanceof StaleAttempt) this.leave('stale');
          else log.warn('job.rows-away', { id, reason: String(error) });
        });
      this.beat();
    });
  }

  private timer(due: number, fire: () => void): void {
    const cancel = this.options.clock.at('monotonic', due, () => {
      this.timers.delete(cancel);
      fire();
    });
    this.timers.add(cancel);
  }
}

export class JobAttendant {
  private readonly attended = new Map<string, Attended>();
  private readonly busy = new Set<Promise<unknown>>();
  private closing = false;

  /** Nothing is given up because the database is away for a while; while closing nobody waits. */
  private readonly patience: Patience;

  constructor(private readonly options: AttendantOptions) {
    this.patience = new Patience(options.clock, options.log);
  }

  /** The row as it is when the lane is free again; undefined: there was nothing to run here. Rejects when rows refuse for good. */
  attend(id: string, takeOver: boolean): Promise<JobRow | undefined> {
    if (this.closing || this.attended.has(id)) return Promise.resolve(undefined);
    const work = this.claimAndRun(id, takeOver);
    const settled = work.catch(() => undefined);
    this.busy.add(settled);
    void settled.then(() => this.busy.delete(settled));
    return work;
  }

  /** Passes on at once what rows say already. */
  obey(id: string, wanted: Wanted): void {
    this.attended.get(id)?.obey(wanted);
  }

  /** What runs saves and lets go. */
  async close(): Promise<void> {
    this.closing = true;
    for (const attended of this.attended.values()) attended.leave('closing');
    this.patience.end();
    await Promise.all(this.busy);
  }

  private async claimAndRun(id: string, takeOver: boolean): Promise<JobRow | undefined> {
    const { rows, random } = this.options;
    const mark = 1 + Math.floor(random.next() * CLAIM_MARK_MAX);
    const claim = await this.patience.insist(() => rows.claim(id, takeOver, mark));
    if (!claim) return undefined;
    this.options.told(claim);
    const refusal = this.refusalOf(claim);
    if (refusal) return this.finish(claim, { state: 'failed', reason: refusal });
    const attended = new Attended(claim, this.options, this.patience);
    this.attended.set(id, attended);
    if (this.closing) attended.leave('closing');
    const outcome = await attended.outcome();
    this.attended.delete(id);
    if (outcome === 'stale') return undefined;
    if ('end' in outcome) return this.finish(claim, outcome.end);
    return this.release({ ...claim, tries: attended.tries }, outcome.release);
  }

  private refusalOf({ kind, tries, reason }: ClaimedJob): string | undefined {
    const known = this.options.kinds.find(({ kind: name }) => name === kind);
    if (!known) return `nobody here knows jobs of kind ${kind}`;
    if (tries >= known.triesMax) return `given up after ${tries} tries: ${reason}`;
    return undefined;
  }

  private async finish(claim: ClaimedJob, end: JobEnd): Promise<JobRow | undefined> {
    const { rows } = this.options;
    const { id, attempt } = claim;
    return this.settled(claim, async () => {
      try {
        return await this.patience.insist(() => rows.finish(id, attempt, end));
      } catch (error) {
        if (error instanceof StaleAttempt || end.state !== 'done') throw error;
        return this.patience.insist(() =>
          rows.finish(id, attempt, { state: 'failed', reason: 'its result cannot be kept' }),
        );
      }
    });
  }

  private release(claim: ClaimedJob, release: Release): Promise<JobRow | undefined> {
    const { id, attempt, kind, tries } = claim;
    const triesMax = this.options.kinds.find(({ kind: name }) => name === kind)?.triesMax ?? 0;
    if (release.how === 'failing' && tries + 1 >= triesMax)
      return this.finish(claim, { state: 'failed', reason: `given up after ${tries + 1} tries: ${release.reason}` });
    return this.settled(claim, () => this.patience.insist(() => this.options.rows.release(id, attempt, release)));
  }

  /** A repeated last word finds its row already let go: then the row tells what became of it. */
  private async settled({ id, attempt }: ClaimedJob, write: () => Promise<JobRow>): Promise<JobRow | undefined> {
    let row: JobRow | undefined;
    try {
      row = await write();
    } catch (error) {
      if (!(error instanceof StaleAttempt)) throw error;
      row = await this.patience.insist(() => this.options.rows.find(id));
      if (!row || row.attempt !== attempt || row.state === 'running') return undefined;
    }
    this.options.told(row);
    return row;
  }
}
