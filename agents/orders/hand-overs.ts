/**
 * How long ago each order was handed over last, by a clock that nobody puts forward or back. Invariant: it never tells more than has gone by;
 * of what an earlier process handed over, or too many to be remembered, it knows only that this was before a moment.
 */
import { REQUEST_LIFE_MS } from '../../machines/lookup.ts';

const KNOWN_MAX = 100_000;

export class HandOvers {
  /** Oldest first. What is older than the life of a request is as good as unknown, and leaves. */
  private readonly sentAt = new Map<string, number>();
  /** What is not known left before. */
  private unknownUntil: number;

  constructor(private readonly monotonic: () => number) {
    this.unknownUntil = monotonic();
  }

  /** It leaves now. */
  note(orderId: string): void {
    const now = this.monotonic();
    if (this.sentAt.size > 0) this.sweep(now);
    this.sentAt.delete(orderId);
    this.sentAt.set(orderId, now);
  }

  private sweep(now: number): void {
    for (const [id, at] of this.sentAt) {
      const isYoung = now - at < REQUEST_LIFE_MS;
      if (isYoung && this.sentAt.size < KNOWN_MAX) return;
      this.sentAt.delete(id);
      if (isYoung) this.unknownUntil = at;
    }
  }

  /** The venue has answered: nothing of it is on its way any more. */
  arrived(orderId: string): void {
    this.sentAt.delete(orderId);
  }

  /** At least so many milliseconds have gone by since it left. */
  sinceMs(orderId: string): number {
    return this.monotonic() - (this.sentAt.get(orderId) ?? this.unknownUntil);
  }
}
