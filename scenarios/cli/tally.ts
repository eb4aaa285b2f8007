/** What many drawn worlds were together: virtual hours, seeds, events, faults by kind, rare situations. */
import type { DrawnResult } from '../drawn.ts';
import { neverReached, type Sometimes, sum } from '../sometimes/sometimes.ts';
import { faultsText } from './show.ts';

const HOUR_MS = 3_600_000;

export class Tally {
  seeds = 0;
  failed = 0;
  private virtualMs = 0;
  private records = 0;
  private lives = 0;
  private faults: Sometimes = {};
  sometimes: Sometimes = {};

  add({ virtualMs, records, lives, faults, sometimes, failures }: DrawnResult): void {
    this.seeds += 1;
    if (failures.length > 0) this.failed += 1;
    this.virtualMs += virtualMs;
    this.records += records;
    this.lives += lives;
    this.faults = sum([this.faults, faults]);
    this.sometimes = sum([this.sometimes, sometimes]);
  }

  /** The same as `lines`, for a program: sums over all seeds, rare situations that were never reached among them. */
  summary(realMs: number, bankBroken: number) {
    const { seeds, failed, virtualMs, records, lives, faults, sometimes } = this;
    const never = neverReached(sometimes);
    return {
      seeds,
      failed,
      bankBroken,
      virtualMs,
      realMs: Math.round(realMs),
      records,
      lives,
      faults,
      sometimes,
      never,
    };
  }

  /** `realMs` is how long it took, all threads together. */
  lines(realMs: number): string[] {
    const hours = this.virtualMs / HOUR_MS;
    const faster = realMs > 0 ? Math.round(this.virtualMs / realMs) : 0;
    return [
      `${this.seeds} seeds, ${hours.toFixed(1)} virtual hours in ${(realMs / 1_000).toFixed(1)} s (${faster} x real time)`,
      `${this.records} events recorded, ${this.lives} starts of the product`,
      `faults: ${faultsText(this.faults)}`,
    ];
  }
}
