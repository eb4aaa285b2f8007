/**
 * The jobs port in this process: a bounded queue before a bounded number of lanes. Rows remember everything; what an earlier process
 * left running is taken over at the start, because two processes never share a place.
 */
import type { JobOrder, JobSignal, JobStatus, Jobs, JobsHealth } from '../jobs.ts';
import type { Clock } from '../ports.ts';
import { type AttendantOptions, JobAttendant } from './attend.ts';
import { WANTED } from './board.ts';
import { JobsOverRows } from './over-rows.ts';
import { retryDelayMs } from './patience.ts';
import { type JobRow, statusOf } from './rows.ts';

export interface LocalJobsOptions extends Omit<AttendantOptions, 'told'> {
  readonly kind: 'threads' | 'simulated';
  /** Jobs that run at the same time, at least 1. */
  readonly lanes: number;
}

export class LocalJobs extends JobsOverRows implements Jobs {
  private readonly attendant: JobAttendant;
  private readonly clock: Clock;
  private readonly queue: { readonly id: string; readonly takeOver: boolean }[] = [];
  private readonly delays = new Map<string, () => void>();
  private free: number;
  private closed = false;

  constructor(private readonly options: LocalJobsOptions) {
    if (!(options.lanes >= 1)) throw new RangeError('jobs need at least one lane');
    super(options);
    this.attendant = new JobAttendant({ ...options, told: (row) => this.board.tell(row) });
    this.clock = options.clock;
    this.free = options.lanes;
  }

  async start(): Promise<void> {
    for (const row of await this.patience.insist(() => this.options.rows.open())) {
      this.board.tell(row);
      if (row.state !== 'paused') this.enqueue(row.id, row.state === 'running');
    }
  }

  async submit(order: JobOrder): Promise<void> {
    this.enqueueWaiting(await this.board.add(order));
  }

  async control(id: string, signal: JobSignal): Promise<JobStatus | undefined> {
    const row = await this.board.want(id, signal);
    this.attendant.obey(id, WANTED[signal]);
    if (row) this.enqueueWaiting(row);
    return row && statusOf(row);
  }

  health(): JobsHealth {
    return { kind: this.options.kind, reachable: true, ...this.board.counts() };
  }

  async close(): Promise<void> {
    this.closed = true;
    this.patience.end();
    for (const cancel of this.delays.values()) cancel();
    this.delays.clear();
    this.queue.length = 0;
    await this.attendant.close();
  }

  /** Known by its row alone: of two claims one gets nothing, and what rests after a failure has its time. */
  private enqueueWaiting({ id, state }: JobRow): void {
    if (state === 'waiting' && !this.delays.has(id)) this.enqueue(id);
  }

  private enqueue(id: string, takeOver = false): void {
    if (this.closed || this.queue.some((entry) => entry.id === id)) return;
    this.queue.push({ id, takeOver });
    this.pump();
  }

  private pump(): void {
    while (this.free > 0) {
      const next = this.queue.shift();
      if (!next) return;
      this.free -= 1;
      void this.serve(next.id, next.takeOver);
    }
  }

  private async serve(id: string, takeOver: boolean): Promise<void> {
    try {
      const row = await this.attendant.attend(id, takeOver);
      if (row?.state === 'waiting') this.again(row);
    } catch (error) {
      this.options.log.error('job.failed-to-run', { id, reason: String(error) });
    } finally {
      this.free += 1;
      if (!this.closed) this.pump();
    }
  }

  private again({ id, tries, reason }: JobRow): void {
    if (this.closed) return;
    if (reason === null) {
      this.enqueue(id);
      return;
    }
    const due = this.clock.monotonic() + retryDelayMs(tries);
    this.delays.set(
      id,
      this.clock.at('monotonic', due, () => {
        this.delays.delete(id);
        this.enqueue(id);
      }),
    );
  }
}
