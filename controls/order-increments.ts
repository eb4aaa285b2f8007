/** Takes only what a market trades in: whole steps of quantity, and prices on its ticks. */
import type { Denial, DenialCode } from '../domain/denial.ts';
import { isOnTick, multiplesBeside } from '../domain/money.ts';
import type { Control } from './control.ts';
import { deny } from './deny.ts';

/** `of` as in "step of quantities in NQ". */
function off(code: DenialCode, what: string, value: string, step: string, of: string): Denial | undefined {
  if (isOnTick(value, step)) return undefined;
  const nearest = multiplesBeside(value, step);
  const told = nearest.length === 1 ? `the nearest is ${nearest[0]}` : `the nearest are ${nearest.join(' and ')}`;
  return deny(code, 'terms', `The ${what} ${value} is no multiple of ${step}, the ${of}; ${told}.`, {
    value,
    step,
    nearest: nearest.join(', '),
  });
}

export const orderIncrements: Control = {
  name: 'order-increments',
  codes: ['QUANTITY_STEP', 'PRICE_TICK'],
  class: 'terms',
  gate: 'compliance',
  settings: [],
  appliesToExits: false,
  rule:
    "The quantity is a whole multiple of the instrument's step, and a limit price or a stop price one of its tick: no venue takes anything " +
    'else. The stated price of a market order is no level and may be any. Steps: 1 contract of a future, 1 unit of a pair, 0.01 ounces of a ' +
    'metal, 0.00000001 of a coin, 0.000000001 of a share. Example: 0.5 contracts of NQ are refused, and so is a limit of 21,000.10, because NQ is ' +
    'quoted in quarters; 21,000.25 passes. An exit passes with what is held.',
  decide({ ticket, instrument }) {
    // Who asks for what nobody knows has been refused for that.
    if (!instrument) return undefined;
    const { symbol, quantity, orderType, price, stopPrice } = ticket;
    const { quantityStep, tickSize } = instrument;
    const tick = `tick of ${symbol}`;
    return (
      off('QUANTITY_STEP', 'quantity', quantity, quantityStep, `step of quantities in ${symbol}`) ??
      (orderType === 'limit' ? off('PRICE_TICK', 'limit price', price, tickSize, tick) : undefined) ??
      (stopPrice === undefined ? undefined : off('PRICE_TICK', 'stop price', stopPrice, tickSize, tick))
    );
  },
};
