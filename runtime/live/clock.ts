/** The real clock. Timers longer than the platform allows are set again on the way. */
import type { Clock } from '../ports.ts';

const LONGEST_MS = 2 ** 31 - 1;

export function liveClock(): Clock {
  const monotonic = (): number => performance.now();
  return {
    marketNow: Date.now,
    wallNow: Date.now,
    monotonic,
    at(reading, due, fire) {
      const read = reading === 'monotonic' ? monotonic : Date.now;
      let timer: NodeJS.Timeout;
      const arm = (): void => {
        const wait = Math.ceil(due - read());
        timer = setTimeout(() => (read() < due ? arm() : fire()), Math.min(Math.max(wait, 0), LONGEST_MS));
      };
      arm();
      return () => clearTimeout(timer);
    },
  };
}
