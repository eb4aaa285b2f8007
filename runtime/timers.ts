/**
 * One heap of due times over one armed clock timer. Equal due times fire in the order in which they were set; a cancelled
 * timer never fires; a timer that throws does not stop the later ones.
 */
import type { Clock } from './ports.ts';

export interface Timer {
  readonly due: number;
  readonly order: number;
  fire: (() => void) | undefined;
}

export class Timers {
  private heap: Timer[] = [];
  private counter = 0;
  private armedFor = Number.POSITIVE_INFINITY;
  private disarm: (() => void) | undefined;
  live = 0;

  constructor(
    private readonly clock: Clock,
    private readonly reading: 'market' | 'monotonic',
  ) {}

  now(): number {
    return this.reading === 'market' ? this.clock.marketNow() : this.clock.monotonic();
  }

  set(due: number, fire: () => void): Timer {
    const timer: Timer = { due, order: this.counter, fire };
    this.counter += 1;
    this.live += 1;
    this.push(timer);
    if (due < this.armedFor) this.arm();
    return timer;
  }

  cancel(timer: Timer): void {
    if (!timer.fire) return;
    timer.fire = undefined;
    this.live -= 1;
    if (this.live === 0) this.clear();
    else if (this.heap.length > 1_024 && this.heap.length > this.live * 4) this.sweep();
  }

  clear(): void {
    for (const timer of this.heap) timer.fire = undefined;
    this.heap = [];
    this.live = 0;
    this.disarm?.();
    this.disarm = undefined;
    this.armedFor = Number.POSITIVE_INFINITY;
  }

  private sweep(): void {
    const kept = this.heap.filter((timer) => timer.fire);
    this.heap = [];
    for (const timer of kept) this.push(timer);
  }

  private arm(): void {
    while (this.heap[0] && !this.heap[0].fire) this.pop();
    const first = this.heap[0];
    if (!first) return;
    if (this.disarm && this.armedFor === first.due) return;
    this.disarm?.();
    this.armedFor = first.due;
    this.disarm = this.clock.at(this.reading, first.due, () => this.run());
  }

  private run(): void {
    this.disarm = undefined;
    this.armedFor = Number.POSITIVE_INFINITY;
    const now = this.now();
    try {
      for (let first = this.heap[0]; first && (!first.fire || first.due <= now); first = this.heap[0]) {
        this.pop();
        const { fire } = first;
        if (!fire) continue;
        first.fire = undefined;
        this.live -= 1;
        fire();
      }
    } finally {
      this.arm();
    }
  }

  private before(a: Timer, b: Timer): boolean {
    return a.due < b.due || (a.due === b.due && a.order < b.order);
  }

  private push(timer: Timer): void {
    const { heap } = this;
    let at = heap.length;
    heap.push(timer);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.before(timer, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = timer;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.before(heap[child + 1]!, heap[child]!)) child += 1;
      if (!this.before(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}
