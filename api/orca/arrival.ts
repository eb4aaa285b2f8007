/**
 * A file on its way in. Where it takes its time the answer begins before it is whole, and tells how far it has come; a request that is there
 * within a second is answered by its status, whatever is wrong with it.
 */
import type { Clock } from '../../runtime/ports.ts';

const SLOW_AFTER_MS = 1_000;
const TELL_EVERY_MS = 500;

export class Arrival {
  /** Resolves when bytes still come in after a second; never rejects. */
  readonly isSlow: Promise<void>;
  private told: (bytes: number) => void = () => undefined;
  private slow: () => void = () => undefined;
  private readonly startedMs: number;
  private toldMs = Number.NEGATIVE_INFINITY;
  private received = 0;

  constructor(private readonly clock: Pick<Clock, 'monotonic'>) {
    this.startedMs = clock.monotonic();
    this.isSlow = new Promise((resolve) => {
      this.slow = resolve;
    });
  }

  /** So many bytes of the file are here. */
  readonly receive = (bytes: number): void => {
    this.received = bytes;
    const now = this.clock.monotonic();
    if (now - this.startedMs < SLOW_AFTER_MS) return;
    this.slow();
    if (now - this.toldMs < TELL_EVERY_MS) return;
    this.toldMs = now;
    this.told(bytes);
  };

  /** From now on whoever follows it hears of it, twice a second; first how much is here already. */
  follow(told: (bytes: number) => void): void {
    this.told = told;
    told(this.received);
  }
}
