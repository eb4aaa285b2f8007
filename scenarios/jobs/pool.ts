/**
 * Runs tasks in worker threads, each a whole world at a time; the ambient guard holds for each thread alone. Invariant: every task is
 * answered once, with its result or with an error; a thread that dies takes only its own task with it.
 */
import { Worker } from 'node:worker_threads';
import type { Done, Task } from './task.ts';

export type Outcome<D> = { readonly done: D } | { readonly error: string };

export interface Pool {
  /** Begins as soon as a thread is free, in the order of asking. Never rejects. */
  run<K extends Task['kind']>(task: Extract<Task, { kind: K }>): Promise<Outcome<Done[K]>>;
  close(): Promise<void>;
}

interface Waiting {
  readonly task: Task;
  readonly answer: (outcome: Outcome<never>) => void;
}

class Threads implements Pool {
  private readonly idle: Worker[] = [];
  private readonly busy = new Map<Worker, Waiting>();
  private readonly queue: Waiting[] = [];
  private closed = false;

  constructor(
    private readonly entry: URL,
    private readonly threads: number,
  ) {}

  run<K extends Task['kind']>(task: Extract<Task, { kind: K }>): Promise<Outcome<Done[K]>> {
    return new Promise((resolve) => {
      this.queue.push({ task, answer: resolve });
      this.next();
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    const all = [...this.idle, ...this.busy.keys()];
    for (const { answer } of this.queue.splice(0)) answer({ error: 'the pool was closed' });
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
    const worker = new Worker(this.entry);
    worker.on('message', (outcome: Outcome<never>) => {
      this.settle(worker, outcome);
      this.idle.push(worker);
      this.next();
    });
    worker.on('error', (error) =>
      this.lose(worker, error instanceof Error ? (error.stack ?? error.message) : String(error)),
    );
    worker.on('exit', (code) => this.lose(worker, `the thread ended with code ${code}`));
    return worker;
  }

  private settle(worker: Worker, outcome: Outcome<never>): void {
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

/** `entry` is the built worker; at most `threads` run at a time, and they are started when they are needed. */
export const openPool = (entry: URL, threads: number): Pool => new Threads(entry, threads);
