/** What an agent has only once something has happened to it: what waits at it, what it does outside, its crashes. */
import { setMaxListeners } from 'node:events';
import type { Ask } from './asks.ts';
import type { Timer } from './due-queue.ts';
import type { Deadline, Letter } from './letter.ts';

/** Effects under way for one life of an agent, and the signal that ends them. */
export class Outside {
  readonly end = new AbortController();
  readonly jobs = new Set<Promise<void>>();
  readonly retries = new Set<Timer>();

  constructor() {
    // Many effects listen to one signal.
    setMaxListeners(0, this.end.signal);
  }
}

export class Affairs {
  deadlines: Map<string, Deadline> | undefined;
  stash: Letter[] | undefined;
  asks: Ask[] | undefined;
  ended = false;
  outside: Outside | undefined;
  /** Crashes by one deadline or release, which a restart brings back from its row. */
  crashesBy: Map<string, number> | undefined;
  restarts = 0;
  /** Consecutive restarts, and when the last one was, in monotonic milliseconds. */
  failures = 0;
  lastRestartAt: number | undefined;

  /** A life is over; what is known of its crashes stays. */
  drop(): void {
    this.outside?.end.abort();
    this.outside = undefined;
    this.deadlines = undefined;
    this.stash = undefined;
    this.asks = undefined;
    this.ended = false;
  }
}
