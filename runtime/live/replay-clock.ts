/**
 * The clock of a replay: market time is the data's and moves only when the feed moves it; wall and monotonic time are real. A
 * deadline in market time fires when the data has passed it, in the order of due times.
 */
import type { Clock } from '../ports.ts';
import { SimulatedClock } from '../simulated/clock.ts';

export interface ReplayClock extends Clock {
  /** Moves market time forward to `at`; earlier times are ignored. */
  advance(at: number): void;
}

export function replayClock(real: Clock, startAt: number): ReplayClock {
  const market = new SimulatedClock(startAt);
  return {
    marketNow: () => market.marketNow(),
    wallNow: real.wallNow,
    monotonic: real.monotonic,
    at: (reading, due, fire) => (reading === 'market' ? market.at(reading, due, fire) : real.at(reading, due, fire)),
    advance(at) {
      while (market.step(at));
    },
  };
}
