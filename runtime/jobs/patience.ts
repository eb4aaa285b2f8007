/** Asks again what is away, with growing waits, until it answers, refuses for good, or nobody wants to wait any more. */
import { JOB_BOUNDS } from '../bounds.ts';
import type { Clock, Log } from '../ports.ts';

/** The wait behind the n-th failure, in milliseconds. */
export const retryDelayMs = (failures: number): number =>
  Math.min(JOB_BOUNDS.retryMaxMs, JOB_BOUNDS.retryMinMs * 2 ** Math.max(0, failures - 1));

export class Patience {
  private readonly naps = new Set<() => void>();
  private ended = false;

  constructor(
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Passes on an error that says `retryable: false`, and after `end` every error. */
  async insist<T>(work: () => Promise<T>): Promise<T> {
    for (let failures = 1; ; failures += 1) {
      try {
        return await work();
      } catch (error) {
        if ((error as { retryable?: unknown }).retryable === false || this.ended) throw error;
        this.log.warn('job.rows-away', { reason: String(error) });
        await this.nap(retryDelayMs(failures));
      }
    }
  }

  end(): void {
    this.ended = true;
    for (const wake of this.naps) wake();
  }

  private nap(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        cancel();
        this.naps.delete(wake);
        resolve();
      };
      const cancel = this.clock.at('monotonic', this.clock.monotonic() + ms, wake);
      this.naps.add(wake);
    });
  }
}
