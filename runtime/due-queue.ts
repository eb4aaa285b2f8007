/**
 * What is due when: a heap by due time. Equal due times come in the order in which they were set; what was cancelled never comes, and is
 * swept out once it is most of what is kept.
 */
export interface Timer {
  readonly due: number;
  readonly order: number;
  fire: (() => void) | undefined;
}

const SWEPT_FROM = 256;

export class DueQueue {
  private heap: Timer[] = [];
  private counter = 0;
  live = 0;

  set(due: number, fire: () => void): Timer {
    const timer: Timer = { due, order: this.counter, fire };
    this.counter += 1;
    this.live += 1;
    this.push(timer);
    return timer;
  }

  cancel(timer: Timer): void {
    if (!timer.fire) return;
    timer.fire = undefined;
    this.live -= 1;
    if (this.heap.length > SWEPT_FROM && this.heap.length > this.live * 4) this.sweep();
  }

  /** The next that is due. */
  first(): Timer | undefined {
    while (this.heap[0] && !this.heap[0].fire) this.pop();
    return this.heap[0];
  }

  /** Takes the first one out, which `first` has just told of, and returns what it does. */
  take(): () => void {
    const timer = this.heap[0]!;
    this.pop();
    this.live -= 1;
    const { fire } = timer;
    timer.fire = undefined;
    return fire!;
  }

  clear(): void {
    for (const timer of this.heap) timer.fire = undefined;
    this.heap = [];
    this.live = 0;
  }

  private sweep(): void {
    const kept = this.heap.filter((timer) => timer.fire);
    this.heap = [];
    for (const timer of kept) this.push(timer);
  }

  private push(timer: Timer): void {
    const { heap } = this;
    let at = heap.length;
    heap.push(timer);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(timer, heap[parent]!)) break;
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
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (!isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}

const isBefore = (a: Timer, b: Timer): boolean => a.due < b.due || (a.due === b.due && a.order < b.order);
