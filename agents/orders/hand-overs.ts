/**
 * How long ago each order was handed over last, by a clock that nobody puts forward or back. Invariant: it never tells more than has gone by;
 * of what an earlier process handed over it knows only that this was before its own begin.
 */
import { REQUEST_LIFE_MS } from '../../machines/order-setup.ts';

export class HandOvers {
  /** Oldest first. What is older than the life of a request is as good as unknown, and leaves. */
  private readonly sentAt = new Map<string, number>();
  private readonly begunAt: number;

  constructor(private readonly monotonic: () => number) {
    this.begunAt = monotonic();
  }

  /** It leaves now. */
  note(orderId: string): void {
    const now = this.monotonic();
    for (const [id, at] of this.sentAt) {
      if (now - at < REQUEST_LIFE_MS) break;
      this.sentAt.delete(id);
    }
    this.sentAt.delete(orderId);
    this.sentAt.set(orderId, now);
  }

  /** The venue has answered: nothing of it is on its way any more. */
  arrived(orderId: string): void {
    this.sentAt.delete(orderId);
  }

  /** At least so many milliseconds have gone by since it left. */
  sinceMs(orderId: string): number {
    return this.monotonic() - (this.sentAt.get(orderId) ?? this.begunAt);
  }
}
