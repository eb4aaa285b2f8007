/**
 * The simulated clock: time moves only when the runner moves it, one due timer at a time; equal due times fire in the order in
 * which they were set. All three readings are the same virtual time, in whole milliseconds as the platform tells them.
 */
import { DueQueue } from '../due-queue.ts';
import type { Clock } from '../ports.ts';

export class SimulatedClock implements Clock {
  private readonly queue = new DueQueue();

  constructor(private now: number) {}

  marketNow(): number {
    return this.now;
  }
  wallNow(): number {
    return this.now;
  }
  monotonic(): number {
    return this.now;
  }

  at(_reading: 'market' | 'wall' | 'monotonic', due: number, fire: () => void): () => void {
    // A backoff ends at any fraction; no clock that is read has one, and no database stores it as a time.
    const timer = this.queue.set(Math.ceil(Math.max(due, this.now)), fire);
    return () => this.queue.cancel(timer);
  }

  /** Due time of the next live timer. */
  nextDue(): number | undefined {
    return this.queue.first()?.due;
  }

  /** Nothing happens for so long, as on a suspended machine: what was due meanwhile comes late, in the order in which it was due. */
  leap(ms: number): void {
    this.now += ms;
  }

  /** Moves to the next timer and fires it; false when there is none up to `until`. */
  step(until: number): boolean {
    const due = this.nextDue();
    if (due === undefined || due > until) {
      this.now = Math.max(this.now, until === Number.POSITIVE_INFINITY ? this.now : until);
      return false;
    }
    const fire = this.queue.take();
    this.now = Math.max(this.now, due);
    fire();
    return true;
  }

  /** What a port of a simulated world waits with. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.at('market', this.now + ms, resolve);
    });
  }
}
