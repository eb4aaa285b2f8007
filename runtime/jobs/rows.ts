/**
 * What is remembered of jobs: one row a job, and its output in parts. Implemented by db/jobs and by a memory twin, held by one suite.
 * Invariant: only the attempt that claimed last may write; an older one learns it at its next word (StaleAttempt).
 */
import type { JobOrder, JobPart, JobStatus } from '../jobs.ts';

export type Wanted = 'run' | 'pause' | 'stop';

export interface JobRow extends JobStatus {
  /** What a person wants of it; a running job obeys. */
  readonly wanted: Wanted;
  /** Runs in a row that died or failed with a chance and got no further. */
  readonly tries: number;
  /** Begins at the mark of a claim and moves with every word of its attempt: who sees it stand still knows that the attempt is dead. */
  readonly beat: number;
}

/** A row taken by an attempt, with what is to be done and the state to go on from. */
export interface ClaimedJob extends JobRow {
  readonly payload: string;
  readonly checkpoint: string | null;
}

/** Words of an attempt are counted from here on without leaving the whole numbers. */
export const CLAIM_MARK_MAX = 2 ** 48;

/** This attempt was followed by another, or its job has ended: it may write no more. */
export class StaleAttempt extends Error {
  readonly retryable = false;
  constructor(id: string, attempt: number) {
    super(`attempt ${attempt} of job ${id} is no longer the newest`);
    this.name = 'StaleAttempt';
  }
}

export interface JobSave {
  readonly progressRatio: number;
  readonly state: string;
  /** The state is another than it was: the job gets on, and tries are counted anew. */
  readonly further: boolean;
  /** Written as part `part`; empty: no part. */
  readonly output: string;
  /** The number after the last saved part. Saving the same part twice is saving it once. */
  readonly part: number;
}

/** How an attempt lets go of a job that has not ended; `failing` counts as a try. */
export type Release = { readonly how: 'paused' | 'left' } | { readonly how: 'failing'; readonly reason: string };
export type JobEnd =
  | { readonly state: 'done'; readonly result: string }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'stopped' };

/** All calls may reject because the database is away; each can be repeated. */
export interface JobRows {
  /** Adds a waiting job; an id that is known stays as it is. */
  add(order: JobOrder): Promise<void>;
  /**
   * Makes the job `running` under the next attempt. Undefined: it is unknown, has ended or is paused, or it runs and `takeOver` is not
   * given. Taking over a running job counts as a try of the attempt that was running. `mark` is a whole number from 1 to CLAIM_MARK_MAX
   * that nobody else draws: the same one again, while the attempt has said nothing yet, is the same claim, whose answer was lost.
   */
  claim(id: string, takeOver: boolean, mark: number): Promise<ClaimedJob | undefined>;
  /** Output and checkpoint in one step. Rejects with StaleAttempt. */
  save(id: string, attempt: number, save: JobSave): Promise<Wanted>;
  /** A sign of life. Rejects with StaleAttempt. */
  beat(id: string, attempt: number, progressRatio: number): Promise<Wanted>;
  /** Paused when that is wanted, else waiting. Rejects with StaleAttempt. */
  release(id: string, attempt: number, release: Release): Promise<JobRow>;
  /** Rejects with StaleAttempt. */
  finish(id: string, attempt: number, end: JobEnd): Promise<JobRow>;
  /**
   * A job that nobody runs obeys at once: waiting becomes paused or stopped, paused waiting or stopped. A stop is final: what is told after
   * it changes nothing. Undefined: unknown.
   */
  want(id: string, wanted: Wanted): Promise<JobRow | undefined>;
  /** Removes a job that has ended, with its parts; any other stays as it is. */
  remove(id: string): Promise<void>;
  find(id: string): Promise<JobRow | undefined>;
  /** Jobs that have not ended, in the order in which they were added. */
  open(): Promise<readonly JobRow[]>;
  parts(id: string, after: number, limit: number): Promise<readonly JobPart[]>;
}

/** What the world may know of a row. */
export const statusOf = ({ id, kind, state, attempt, progressRatio, parts, result, reason }: JobRow): JobStatus => ({
  id,
  kind,
  state,
  attempt,
  progressRatio,
  parts,
  result,
  reason,
});
