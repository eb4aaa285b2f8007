/**
 * How much to trade: what the account may lose at the stop decides, the largest order value caps. Rounded down to whole steps,
 * so that neither is ever exceeded; zero means that even one step is too much.
 */
import { type DecimalText, exact, fromNumber, text } from '../../domain/decimal.ts';
import { ROUND_DOWN } from '../../domain/exact.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { AutoTraderOptions } from './options.ts';

export function sizeByRisk(
  instrument: Instrument,
  equity: DecimalText,
  price: DecimalText,
  atr: number,
  options: AutoTraderOptions,
): DecimalText {
  const step = exact(options.quantitySteps[instrument.assetClass]);
  const lossPerUnit = exact(fromNumber(atr)).times(options.stopAtrs).times(instrument.multiplier);
  const valuePerUnit = exact(price).times(instrument.multiplier);
  if (lossPerUnit.lessThanOrEqualTo(0) || valuePerUnit.lessThanOrEqualTo(0)) return '0';
  const byRisk = exact(equity).times(options.riskRatio).dividedBy(lossPerUnit);
  const byValue = exact(options.orderValueMax).dividedBy(valuePerUnit);
  const steps = (byRisk.lessThan(byValue) ? byRisk : byValue).dividedBy(step).toDecimalPlaces(0, ROUND_DOWN);
  return steps.greaterThan(0) ? text(steps.times(step)) : '0';
}
