/**
 * Many due times over one armed clock timer. Equal due times fire in the order in which they were set; a cancelled timer never fires; a
 * timer that throws does not stop the later ones.
 */
import { DueQueue, type Timer } from './due-queue.ts';
import type { Clock } from './ports.ts';

export class Timers {
  private readonly queue = new DueQueue();
  private armedFor = Number.POSITIVE_INFINITY;
  private disarm: (() => void) | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly reading: 'market' | 'monotonic',
  ) {}

  get live(): number {
    return this.queue.live;
  }

  now(): number {
    return this.reading === 'market' ? this.clock.marketNow() : this.clock.monotonic();
  }

  set(due: number, fire: () => void): Timer {
    const timer = this.queue.set(due, fire);
    if (due < this.armedFor) this.arm();
    return timer;
  }

  cancel(timer: Timer): void {
    if (!timer.fire) return;
    this.queue.cancel(timer);
    if (this.queue.live === 0) this.clear();
  }

  clear(): void {
    this.queue.clear();
    this.disarm?.();
    this.disarm = undefined;
    this.armedFor = Number.POSITIVE_INFINITY;
  }

  private arm(): void {
    const first = this.queue.first();
    if (!first) return;
    if (this.disarm && this.armedFor === first.due) return;
    this.disarm?.();
    this.armedFor = first.due;
    this.disarm = this.clock.at(this.reading, first.due, this.run);
  }

  private readonly run = (): void => {
    this.disarm = undefined;
    this.armedFor = Number.POSITIVE_INFINITY;
    const now = this.now();
    try {
      for (let first = this.queue.first(); first && first.due <= now; first = this.queue.first()) this.queue.take()();
    } finally {
      this.arm();
    }
  };
}
