/**
 * What an invented market is told to do: regimes for a time, drift and volatility of its own, shocks. Pure over its lists; times are
 * milliseconds of market time. Invariant: a shock moves the price by its ratio in all, however its time is cut into steps.
 */
import type { Regime } from './simulated.ts';

export interface RegimePeriod {
  readonly symbol: string;
  /** Inclusive and exclusive. */
  readonly fromMs: number;
  readonly untilMs: number;
  readonly regime?: Regime | undefined;
  /** Expected move a day, as a ratio. */
  readonly driftDailyRatio?: number | undefined;
  /** Standard deviation a day, as a ratio. */
  readonly volatilityDailyRatio?: number | undefined;
}

export interface Shock {
  readonly symbol: string;
  readonly atMs: number;
  /** -0.04: four percent down. */
  readonly ratio: number;
  /** Evenly over this time; 0: at once. */
  readonly overMs: number;
}

/** How one step of the walk is steered. */
export interface Steering extends Omit<RegimePeriod, 'symbol' | 'fromMs' | 'untilMs'> {
  /** Logarithm of the factor by which shocks move the price in this step. */
  readonly shockLog: number;
}

export interface MarketScript {
  readonly periods: readonly RegimePeriod[];
  readonly shocks: readonly Shock[];
}

const FREE: Steering = { shockLog: 0 };

/** The part of a shock that falls into a step that ends at `toMs`. */
function shockLog({ atMs, ratio, overMs }: Shock, fromMs: number, toMs: number): number {
  const whole = Math.log1p(ratio);
  if (overMs === 0) return atMs > fromMs && atMs <= toMs ? whole : 0;
  const hitMs = Math.min(toMs, atMs + overMs) - Math.max(fromMs, atMs);
  return hitMs > 0 ? (whole * hitMs) / overMs : 0;
}

/** For the step of an instrument from `fromMs`, exclusive, to `toMs`; of overlapping periods the last one listed holds. */
export function steeringOf({ periods, shocks }: MarketScript, symbol: string, fromMs: number, toMs: number): Steering {
  // Usually there is nothing, a step a second and instrument.
  if (periods.length === 0 && shocks.length === 0) return FREE;
  const period = periods.findLast((one) => one.symbol === symbol && toMs >= one.fromMs && toMs < one.untilMs);
  const moved = shocks
    .filter((shock) => shock.symbol === symbol)
    .reduce((sum, shock) => sum + shockLog(shock, fromMs, toMs), 0);
  if (!period) return moved === 0 ? FREE : { shockLog: moved };
  const { regime, driftDailyRatio, volatilityDailyRatio } = period;
  return { regime, driftDailyRatio, volatilityDailyRatio, shockLog: moved };
}
