/**
 * The jobs port over a queue: workers anywhere run the jobs, this process asks for them and watches their rows. Whatever the queue loses is
 * queued again from the rows, and a job whose worker shows no sign of life is given to another.
 */
import { JOB_BOUNDS } from '../bounds.ts';
import { hasEnded, type JobOrder, type JobSignal, type JobStatus, type Jobs, type JobsHealth } from '../jobs.ts';
import type { Clock, Log } from '../ports.ts';
import { JobsOverRows } from './over-rows.ts';
import { retryDelayMs } from './patience.ts';
import type { JobQueue, QueueEntry } from './queue.ts';
import { type JobRow, type JobRows, statusOf } from './rows.ts';

export interface DistributedJobsOptions {
  /** What the queue is; on Redis when absent. */
  readonly kind?: Extract<JobsHealth['kind'], 'redis' | 'simulated'>;
  readonly rows: JobRows;
  /** Called once, by `start`. */
  readonly openQueue: () => Promise<JobQueue>;
  readonly clock: Clock;
  readonly log: Log;
  readonly deadAfterMs?: number;
}

/** What was seen of an open job last, by our own clock. */
interface Watched {
  attempt: number;
  beat: number;
  state: JobRow['state'];
  movedAt: number;
  queuedAt: number | undefined;
}

export class DistributedJobs extends JobsOverRows implements Jobs {
  private readonly watched = new Map<string, Watched>();
  private readonly pushing = new Set<string>();
  private queue: JobQueue | undefined;
  private cancelPoll = (): void => undefined;
  private polling: Promise<void> | undefined;
  private closed = false;

  constructor(private readonly options: DistributedJobsOptions) {
    super(options);
  }

  async start(): Promise<void> {
    this.queue = await this.patience.insist(this.options.openQueue);
    for (const row of await this.patience.insist(() => this.options.rows.open())) {
      this.board.tell(row);
      this.watch(row);
    }
    this.pollLater();
  }

  async submit(order: JobOrder): Promise<void> {
    this.watch(await this.board.add(order));
  }

  async control(id: string, signal: JobSignal): Promise<JobStatus | undefined> {
    const row = await this.board.want(id, signal);
    if (row) this.watch(row);
    return row && statusOf(row);
  }

  health(): JobsHealth {
    return { kind: this.options.kind ?? 'redis', reachable: this.queue?.reachable ?? false, ...this.board.counts() };
  }

  /** Workers go on; whoever starts next hears of what they did. */
  async close(): Promise<void> {
    this.closed = true;
    this.patience.end();
    this.cancelPoll();
    await this.polling;
    await this.queue?.close();
  }

  private pollLater(): void {
    const { clock, log } = this.options;
    if (this.closed) return;
    this.cancelPoll = clock.at('monotonic', clock.monotonic() + JOB_BOUNDS.pollMs, () => {
      this.polling = this.poll()
        .catch((error: unknown) => log.warn('job.rows-away', { reason: String(error) }))
        .then(() => this.pollLater());
    });
  }

  private async poll(): Promise<void> {
    const before = this.board.openIds();
    if (before.length === 0) return;
    const rows = await this.options.rows.open();
    const open = new Set(rows.map(({ id }) => id));
    for (const row of rows) {
      this.board.tell(row);
      this.watch(row);
    }
    for (const id of before) {
      if (open.has(id)) continue;
      this.watched.delete(id);
      const row = await this.options.rows.find(id);
      if (row) this.board.tell(row);
    }
  }

  private watch(row: JobRow): void {
    const now = this.options.clock.monotonic();
    const { id, attempt, beat, state } = row;
    if (hasEnded(state)) {
      this.watched.delete(id);
      return;
    }
    const last = this.watched.get(id);
    const moved = !last || last.attempt !== attempt || last.beat !== beat || last.state !== state;
    const watched = moved ? { attempt, beat, state, movedAt: now, queuedAt: undefined } : last;
    this.watched.set(id, watched);
    if (state === 'waiting') this.queueWaiting(row, watched, now);
    if (state === 'running' && now - watched.movedAt >= (this.options.deadAfterMs ?? JOB_BOUNDS.deadAfterMs)) {
      watched.movedAt = now;
      this.push({ id, turn: `${attempt}-over-${beat}`, takeOver: true }, 0);
    }
  }

  private queueWaiting({ id, attempt, tries, reason }: JobRow, watched: Watched, now: number): void {
    const first = watched.queuedAt === undefined;
    if (!first && now - (watched.queuedAt ?? 0) < JOB_BOUNDS.queueAgainMs) return;
    // Before the start there is no queue yet.
    if (!this.queue) return;
    watched.queuedAt = now;
    const delayMs = first && tries > 0 && reason !== null ? retryDelayMs(tries) : 0;
    this.push({ id, turn: String(attempt), takeOver: false }, delayMs);
  }

  /** While the queue is away an entry waits for it; one that fails is told again with the next look at its row. */
  private push(entry: QueueEntry, delayMs: number): void {
    const key = `${entry.id} ${entry.turn}`;
    if (!this.queue || this.pushing.has(key)) return;
    this.pushing.add(key);
    this.queue
      .push(entry, delayMs)
      .catch((error: unknown) => this.options.log.warn('job.queue-away', { id: entry.id, reason: String(error) }))
      .finally(() => this.pushing.delete(key));
  }
}
