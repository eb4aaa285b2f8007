/** What every implementation of the jobs port shares: orders are checked, rows become reports, reports are never a step back. */
import { JOB_BOUNDS } from '../bounds.ts';
import {
  hasEnded,
  type JobOrder,
  type JobPart,
  type JobSignal,
  type JobStatus,
  type JobsHealth,
  JobsUnavailable,
} from '../jobs.ts';
import type { Log } from '../ports.ts';
import { isStorable } from '../text.ts';
import { type JobRow, type JobRows, statusOf, type Wanted } from './rows.ts';

const GONE_KEPT = 10_000;
const ID = /^[\w.-]{1,100}$/;
export const WANTED: Readonly<Record<JobSignal, Wanted>> = { pause: 'pause', resume: 'run', stop: 'stop' };

function checkOrder({ id, kind, payload }: JobOrder): void {
  if (!ID.test(id)) throw new RangeError('the id of a job is 1 to 100 letters, digits, _ . or -');
  if (payload.length > JOB_BOUNDS.payloadChars) throw new RangeError(`the payload of job ${id} is too large`);
  if (!kind || !isStorable(kind) || !isStorable(payload))
    throw new RangeError(`job ${id} has no kind, or holds NUL or a lone surrogate`);
  JSON.parse(payload);
}

/** Rows that answer with an error are away; what is already a fault of ours passes. */
async function reach<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new JobsUnavailable('jobs are not remembered at the moment', { cause: error });
  }
}

export class JobBoard {
  private readonly listeners = new Set<(status: JobStatus) => void>();
  private readonly known = new Map<string, JobRow>();
  /** The latest that ended: a late word never opens them again. */
  private readonly gone = new Set<string>();
  private readonly ended = { done: 0, failed: 0, stopped: 0 };

  constructor(
    private readonly rows: JobRows,
    private readonly log: Log,
  ) {}

  /** Durable when it resolves; the row as it is then, which for a known id is not `waiting`. */
  async add(order: JobOrder): Promise<JobRow> {
    checkOrder(order);
    if (this.open().waiting >= JOB_BOUNDS.waiting) throw new JobsUnavailable('too many jobs are waiting');
    await reach(this.rows.add(order));
    const row = await reach(this.rows.find(order.id));
    if (!row) throw new Error(`Invariant: job ${order.id} is there after it was added`);
    this.tell(row);
    return row;
  }

  async want(id: string, signal: JobSignal): Promise<JobRow | undefined> {
    const row = await reach(this.rows.want(id, WANTED[signal]));
    if (row) this.tell(row);
    return row;
  }

  remove(id: string): Promise<void> {
    return reach(this.rows.remove(id));
  }

  async find(id: string): Promise<JobStatus | undefined> {
    const row = await reach(this.rows.find(id));
    return row && statusOf(row);
  }

  output(id: string, after: number, limit: number): Promise<readonly JobPart[]> {
    return reach(this.rows.parts(id, after, Math.min(limit, JOB_BOUNDS.partsPage)));
  }

  listen(listener: (status: JobStatus) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  openIds(): readonly string[] {
    return [...this.known.keys()];
  }

  tell(row: JobRow): void {
    const before = this.known.get(row.id);
    if (this.gone.has(row.id) || (before && isBehind(row, before))) return;
    if (hasEnded(row.state)) {
      // The end of a job that was open to nobody here is no news.
      if (!before) return;
      this.forget(row.id);
      this.ended[row.state as keyof typeof this.ended] += 1;
    } else this.known.set(row.id, row);
    if (before && isSame(row, before)) return;
    for (const listener of this.listeners) this.call(listener, statusOf(row));
  }

  private forget(id: string): void {
    this.known.delete(id);
    this.gone.add(id);
    const [oldest] = this.gone;
    if (this.gone.size > GONE_KEPT && oldest !== undefined) this.gone.delete(oldest);
  }

  counts(): Pick<JobsHealth, 'open' | 'ended'> {
    return { open: this.open(), ended: { ...this.ended } };
  }

  private open(): Record<'waiting' | 'running' | 'paused', number> {
    const open = { waiting: 0, running: 0, paused: 0 };
    for (const { state } of this.known.values()) open[state as keyof typeof open] += 1;
    return open;
  }

  private call(listener: (status: JobStatus) => void, status: JobStatus): void {
    try {
      listener(status);
    } catch (error) {
      this.log.error('job.listener-failed', { id: status.id, reason: String(error) });
    }
  }
}

/** Words of an attempt that was followed by another, or that has let go meanwhile. */
const isBehind = (row: JobRow, before: JobRow): boolean =>
  row.attempt < before.attempt ||
  (row.attempt === before.attempt && row.state === 'running' && before.state !== 'running') ||
  (row.attempt === before.attempt && row.parts < before.parts);

const isSame = (row: JobRow, before: JobRow): boolean =>
  row.state === before.state &&
  row.attempt === before.attempt &&
  row.progressRatio === before.progressRatio &&
  row.parts === before.parts;
