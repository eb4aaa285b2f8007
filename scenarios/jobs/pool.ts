/** Runs tasks in worker threads, each a whole world at a time; the ambient guard holds for each thread alone. */
import { type Outcome, openThreadPool } from '../../runtime/live/thread-pool.ts';
import type { Done, Task } from './task.ts';

export interface Pool {
  /** Begins as soon as a thread is free, in the order of asking. Never rejects. */
  run<K extends Task['kind']>(task: Extract<Task, { kind: K }>): Promise<Outcome<Done[K]>>;
  close(): Promise<void>;
}

/** `entry` is the built worker; at most `threads` run at a time, and they are started when they are needed. */
export const openPool = (entry: URL, threads: number): Pool => openThreadPool<Task, never>(entry, threads);
