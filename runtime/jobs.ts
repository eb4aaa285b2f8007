/**
 * The jobs port: long work in the background, in threads of this process or on other machines. A job runs at least once; each run is an
 * attempt with a number of its own, and rows (`job-rows.ts`) let only the newest attempt write. A job that dies goes on from its last
 * checkpoint. Nothing of a job is lost with a process, a queue or a worker: rows are the record.
 */

/** waiting and running are what they say; paused waits for a person; the last three are ends. */
export const JOB_STATES = ['waiting', 'running', 'paused', 'done', 'failed', 'stopped'] as const;
export type JobState = (typeof JOB_STATES)[number];
export type JobSignal = 'pause' | 'resume' | 'stop';

export const hasEnded = (state: JobState): boolean => state === 'done' || state === 'failed' || state === 'stopped';

/** What is asked for. The same id asked for twice is one job. */
export interface JobOrder {
  /** 1 to 100 characters of `A-Z a-z 0-9 _ . -`. */
  readonly id: string;
  readonly kind: string;
  /** JSON text; the kind knows its form. At most `JOB_BOUNDS.payloadChars`. */
  readonly payload: string;
}

/** What is known of a job, durably. */
export interface JobStatus {
  readonly id: string;
  readonly kind: string;
  readonly state: JobState;
  /** Runs so far, this one included; 0 before the first. */
  readonly attempt: number;
  /** 0 to 1, as the kind reckons it. */
  readonly progressRatio: number;
  /** Saved parts of the output. */
  readonly parts: number;
  /** JSON text of the kind, once done. */
  readonly result: string | null;
  /** Why it failed, or failed last. */
  readonly reason: string | null;
}

/** Too many wait, or what remembers them is away: nobody can say whether the work was taken or told. It is asked again with the same id. */
export class JobsUnavailable extends Error {
  readonly retryable = true;
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'JobsUnavailable';
  }
}

export interface JobsHealth {
  readonly kind: 'threads' | 'redis' | 'simulated';
  readonly reachable: boolean;
  /** Jobs that have not ended, by state, as this process knows them. */
  readonly open: Readonly<Record<'waiting' | 'running' | 'paused', number>>;
  /** Jobs that ended since the start of this process, by end. */
  readonly ended: Readonly<Record<'done' | 'failed' | 'stopped', number>>;
}

export interface Jobs {
  /**
   * Takes up what an earlier process left open. Called once, before anything else. What workers ended while no house listened is not told
   * again: who waits for a job asks `find` first.
   */
  start(): Promise<void>;
  /** Resolves when the job is durable. Rejects with JobsUnavailable; throws RangeError for an order that is out of bounds. */
  submit(order: JobOrder): Promise<void>;
  /**
   * Tells a job to pause, go on or stop. Resolves with what is durable then: a running job obeys within `JOB_BOUNDS.stopGraceMs` and is
   * reported. Undefined: there is no such job. A job that has ended stays as it is.
   */
  control(id: string, signal: JobSignal): Promise<JobStatus | undefined>;
  find(id: string): Promise<JobStatus | undefined>;
  /** Output of the parts behind `after`, in order, at most `limit`: what `JobRun.checkpoint` gave, and what the last slice left. */
  output(id: string, after: number, limit: number): Promise<readonly JobPart[]>;
  /** Removes an ended job with its output: whoever asked for it has taken both over. One that has not ended stays. */
  forget(id: string): Promise<void>;
  /** Called on every change of state and now and then on progress, in order, never with a step back. Returns an unsubscribe function. */
  listen(listener: (status: JobStatus) => void): () => void;
  health(): JobsHealth;
  /** Takes no more; what runs saves its state and is taken up by whoever starts next. */
  close(): Promise<void>;
}

export interface JobPart {
  /** From 1, without gaps. */
  readonly part: number;
  readonly attempt: number;
  readonly output: string;
}

/** The worker's side: one kind of work. Listed once, in system/job-kinds.ts. */
export interface JobKind {
  readonly kind: string;
  /** Runs in a row that may die or fail with `retryable`, without a checkpoint further on, before the job is given up. */
  readonly triesMax: number;
  /** Begins, or goes on from `work.checkpoint`. A throw is a failure: with `retryable: true` on the error it is tried again. */
  open(work: JobWork): JobRun | Promise<JobRun>;
}

export interface JobWork {
  readonly id: string;
  readonly attempt: number;
  /** Parsed JSON, not checked. */
  readonly payload: unknown;
  /** `state` of the last checkpoint, undefined at the beginning. */
  readonly checkpoint: string | undefined;
  /** Asks the process that holds the database (threads have no connection of their own); the services are listed in system/. */
  call(service: string, argument: unknown): Promise<unknown>;
}

export type JobSlice =
  /** `full`: so much output is waiting that it is saved at once. */
  | { readonly done: false; readonly progressRatio: number; readonly full?: boolean }
  | { readonly done: true /** JSON text. */; readonly result: string };

/** The same checkpoint always leads to the same output: a run that is repeated from one is not told from the first. */
export interface JobRun {
  /** A piece of work of 5 to 50 ms; between pieces the job is paused, stopped and saved. */
  advance(): JobSlice | Promise<JobSlice>;
  /** Where to go on, and the output since the last checkpoint; both are saved in one step. Absent: a broken run begins again. */
  checkpoint?(): JobCheckpoint;
  close?(): void;
}

export interface JobCheckpoint {
  /** At most `JOB_BOUNDS.stateChars`. */
  readonly state: string;
  /** At most `JOB_BOUNDS.outputChars`; empty: no part is written. */
  readonly output: string;
}
