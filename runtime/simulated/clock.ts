/**
 * The simulated clock: time moves only when the runner moves it, one due timer at a time; equal due times fire in the order in
 * which they were set. All three readings are the same virtual time.
 */
import type { Clock } from '../ports.ts';

interface Due {
  readonly due: number;
  readonly order: number;
  fire: (() => void) | undefined;
}

export class SimulatedClock implements Clock {
  private readonly queue: Due[] = [];
  private counter = 0;

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
    const entry: Due = { due: Math.max(due, this.now), order: this.counter, fire };
    this.counter += 1;
    let at = this.queue.length;
    while (at > 0 && this.queue[at - 1]!.due > entry.due) at -= 1;
    this.queue.splice(at, 0, entry);
    return () => {
      entry.fire = undefined;
    };
  }

  /** Due time of the next live timer. */
  nextDue(): number | undefined {
    while (this.queue[0] && !this.queue[0].fire) this.queue.shift();
    return this.queue[0]?.due;
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
    const { fire } = this.queue.shift()!;
    this.now = Math.max(this.now, due);
    fire!();
    return true;
  }

  /** What a port of a simulated world waits with. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.at('market', this.now + ms, resolve);
    });
  }
}
