/**
 * The real clock. Timers longer than the platform allows are set again on the way. Those of market time look again twice a second: whoever puts
 * the clock forward, or lets the machine sleep, makes them due, and the platform's timers go on waiting as if nothing had happened. These looks
 * also notice that it was put back.
 */
import type { Clock } from '../ports.ts';

const LONGEST_MS = 2 ** 31 - 1;
/** A clock that was put forward is noticed within this time. */
export const LOOK_MS = 500;

export function liveClock(): Clock {
  const monotonic = (): number => performance.now();
  const listeners = new Set<() => void>();
  let lookedAt = Number.NEGATIVE_INFINITY;
  /** Who hears of it sets timers: not in the middle of one. */
  function look(): void {
    const now = Date.now();
    if (now < lookedAt) for (const heard of listeners) queueMicrotask(heard);
    lookedAt = now;
  }
  return {
    marketNow: Date.now,
    wallNow: Date.now,
    monotonic,
    at(reading, due, fire) {
      const read = reading === 'monotonic' ? monotonic : Date.now;
      const longestMs = reading === 'market' ? LOOK_MS : LONGEST_MS;
      let timer: NodeJS.Timeout;
      const arm = (): void => {
        const wait = Math.ceil(due - read());
        timer = setTimeout(
          () => {
            look();
            if (read() < due) arm();
            else fire();
          },
          Math.min(Math.max(wait, 0), longestMs),
        );
      };
      arm();
      return () => clearTimeout(timer);
    },
    onPutBack(heard) {
      listeners.add(heard);
    },
  };
}
