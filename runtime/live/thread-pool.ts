/**
 * Tasks in worker threads that are kept: each takes one task after the other. Invariant: every task is answered once, with its result or
 * with an error; a thread that dies takes only its own task with it.
 */
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { Ring } from '../ring.ts';

export type Outcome<Done> = { readonly done: Done } | { readonly error: string };

export interface ThreadPool<Task, Done> {
  /** Begins as soon as a thread is free, in the order of asking. Never rejects. */
  run(task: Task): Promise<Outcome<Done>>;
  /** Ends all threads, whatever they do; what waits is answered with an error. */
  close(): Promise<void>;
}

interface Waiting<Task, Done> {
  readonly task: Task;
  readonly answer: (outcome: Outcome<Done>) => void;
}

/** Tasks make much and keep little: in a larger nursery more of it is dead before it would be copied. */
const LIMITS = { maxYoungGenerationSizeMb: 192 };

class Threads<Task, Done> implements ThreadPool<Task, Done> {
  private readonly idle: Worker[] = [];
  private readonly busy = new Map<Worker, Waiting<Task, Done>>();
  private readonly queue = new Ring<Waiting<Task, Done>>();
  private closed = false;

  constructor(
    private readonly entry: string | URL,
    private readonly threads: number,
    private readonly common: unknown,
  ) {}

  run(task: Task): Promise<Outcome<Done>> {
    return new Promise((resolve) => {
      if (this.closed) return resolve({ error: 'the pool was closed' });
      this.queue.push({ task, answer: resolve });
      this.next();
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    const all = [...this.idle, ...this.busy.keys()];
    for (const { answer } of this.queue.clear()) answer({ error: 'the pool was closed' });
    await Promise.all(all.map((worker) => worker.terminate()));
  }

  private next(): void {
    if (this.closed || this.queue.length === 0) return;
    const worker = this.idle.pop() ?? (this.busy.size < this.threads ? this.open() : undefined);
    const waiting = worker && this.queue.shift();
    if (!worker || !waiting) return;
    this.busy.set(worker, waiting);
    worker.postMessage(waiting.task);
  }

  private open(): Worker {
    const worker = new Worker(this.entry, { workerData: this.common, resourceLimits: LIMITS });
    worker.on('message', (outcome: Outcome<Done>) => {
      this.settle(worker, outcome);
      this.idle.push(worker);
      this.next();
    });
    worker.on('error', (error) => this.lose(worker, reasonOf(error)));
    worker.on('exit', (code) => this.lose(worker, `the thread ended with code ${code}`));
    return worker;
  }

  private settle(worker: Worker, outcome: Outcome<Done>): void {
    this.busy.get(worker)?.answer(outcome);
    this.busy.delete(worker);
  }

  private lose(worker: Worker, error: string): void {
    this.settle(worker, { error });
    const place = this.idle.indexOf(worker);
    if (place >= 0) this.idle.splice(place, 1);
    this.next();
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

/**
 * `entry` is a built file that calls `servePool`; at most `threads` run at a time, started when they are needed. `common` is what every
 * thread is given at its start: copied, but for shared memory.
 */
export const openThreadPool = <Task, Done>(
  entry: string | URL,
  threads: number,
  common?: unknown,
): ThreadPool<Task, Done> => new Threads(entry, threads, common);

/** The thread's side: takes one task after the other and answers each. */
export function servePool<Task, Done, Common = undefined>(
  perform: (task: Task, common: Common) => Done | Promise<Done>,
): void {
  const port = parentPort;
  if (!port) throw new Error('this file runs in a worker thread only');
  const answer = (outcome: Outcome<Done>): void => port.postMessage(outcome);
  port.on('message', async (task: Task) => {
    try {
      answer({ done: await perform(task, workerData as Common) });
    } catch (error) {
      answer({ error: reasonOf(error) });
    }
  });
}
