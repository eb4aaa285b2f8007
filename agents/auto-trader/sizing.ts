/**
 * How much to trade: what the account may lose at the stop decides, the largest order value caps. Rounded down to whole steps,
 * so that neither is ever exceeded; zero means that even one step is too much.
 */
import { type DecimalText, exact, fromNumber, text } from '../../domain/decimal.ts';
import { ROUND_DOWN } from '../../domain/exact.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { AutoTraderOptions } from './options.ts';

export interface Size {
  readonly quantity: DecimalText;
  /** What `quantity` loses at the stop, and what it might, in account currency. */
  readonly atRisk: DecimalText;
  readonly mayRisk: DecimalText;
  readonly decidedBy: 'risk' | 'value';
}

const NOTHING = { quantity: '0', atRisk: '0', mayRisk: '0', decidedBy: 'risk' } as const;

export function sizeByRisk(
  instrument: Instrument,
  equity: DecimalText,
  price: DecimalText,
  atr: number,
  options: AutoTraderOptions,
): Size {
  const step = exact(options.quantitySteps[instrument.assetClass]);
  const lossPerUnit = exact(fromNumber(atr)).times(options.stopAtrs).times(instrument.multiplier);
  const valuePerUnit = exact(price).times(instrument.multiplier);
  if (lossPerUnit.lessThanOrEqualTo(0) || valuePerUnit.lessThanOrEqualTo(0)) return NOTHING;
  const mayRisk = exact(equity).times(options.riskRatio);
  const byRisk = mayRisk.dividedBy(lossPerUnit);
  const byValue = exact(options.orderValueMax).dividedBy(valuePerUnit);
  const decidedBy = byRisk.lessThan(byValue) ? 'risk' : 'value';
  const steps = (decidedBy === 'risk' ? byRisk : byValue).dividedBy(step).toDecimalPlaces(0, ROUND_DOWN);
  if (!steps.greaterThan(0)) return { ...NOTHING, decidedBy };
  const quantity = steps.times(step);
  return { quantity: text(quantity), atRisk: text(quantity.times(lossPerUnit)), mayRisk: text(mayRisk), decidedBy };
}
