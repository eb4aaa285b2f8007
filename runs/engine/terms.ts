/** On which terms a run trades: the instrument's figures as floats, and what an order costs. Defaults cost nothing. */
import { times } from '../../domain/decimal.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { roundToCent } from '../../domain/money.ts';
import { PRICE_SCALE } from '../../market/columns.ts';
import type { Traits } from '../../strategies/strategy.ts';

export interface Costs {
  /** Added to the spread of the data, in ticks, half on each side. */
  readonly spreadTicks: number;
  /** Against market and triggered stop orders. */
  readonly slippageTicks: number;
  /** Of the notional, rounded to the cent, as on the paper venue. */
  readonly commissionBps: number;
  /** In account currency, each side. */
  readonly commissionPerUnit: number;
  /** From the step that wanted an order to the first tick that may fill it; 0 fills on the very tick. */
  readonly latencyMs: number;
}

export const NO_COSTS: Costs = {
  spreadTicks: 0,
  slippageTicks: 0,
  commissionBps: 0,
  commissionPerUnit: 0,
  latencyMs: 0,
};

export interface Terms extends Traits {
  readonly multiplier: number;
  /** In whole units of a column, so that a side is the decimal it means and "at or above" holds at the very price. */
  readonly halfSpreadUnits: number;
  readonly slippage: number;
  readonly latencyMs: number;
  /** Nothing is added to a price of the series: what orders pay is as exact as it. */
  readonly isExact: boolean;
  /** Is there any commission? */
  readonly isCharged: boolean;
  /** In account currency. */
  commissionOf(units: number, price: number): number;
}

/** Throws RangeError for a cost that is negative or no number. */
export function termsOf(instrument: Instrument, given: Partial<Costs> = {}): Terms {
  const costs = { ...NO_COSTS, ...given };
  for (const [name, value] of Object.entries(costs))
    if (!(Number.isFinite(value) && value >= 0)) throw new RangeError(`${name} must be a number from 0, is ${value}`);
  const tickSize = Number(instrument.tickSize);
  const multiplier = Number(instrument.multiplier);
  const { commissionBps, commissionPerUnit } = costs;
  return {
    tickSize,
    pipSize: Number(instrument.pipSize),
    multiplier,
    halfSpreadUnits: Math.round((costs.spreadTicks * tickSize * PRICE_SCALE) / 2),
    slippage: costs.slippageTicks * tickSize,
    latencyMs: costs.latencyMs,
    isExact: costs.spreadTicks === 0 && costs.slippageTicks === 0,
    isCharged: commissionBps > 0 || commissionPerUnit > 0,
    commissionOf(units, price) {
      const perUnit = units * commissionPerUnit;
      if (commissionBps === 0) return perUnit;
      const notional = (units * price * multiplier).toFixed(10);
      return perUnit + Number(roundToCent(times(times(notional, String(commissionBps)), '0.0001')));
    },
  };
}
