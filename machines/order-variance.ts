/**
 * Varies an order before any gate has seen it: quantity, prices and time, each within what was asked for. Pure: what is drawn follows
 * from the order's id, so that a repeat of the request is the same order. Invariants: a varied order is still one (never zero, on its ticks);
 * an exit is never varied, because it must close just what it was asked to, and at once.
 */
import { createHash } from 'node:crypto';
import { exact, isPositive, text } from '../domain/decimal.ts';
import { findInstrument } from '../domain/instrument.ts';
import type { OrderTicket } from '../messages/common.ts';
import type { OrderSubmitted } from '../messages/order.ts';

/** What was asked for, beside what goes on its way. */
export interface Varied {
  readonly ticket: OrderTicket;
  readonly base: NonNullable<OrderSubmitted['base']>;
}

const DRAW_BITS = 2 ** 32;

/** In [0, 1), a stream of its own for each order and purpose. */
function draw(orderId: string, purpose: string): number {
  return (
    createHash('sha256')
      .update(JSON.stringify(['variance', orderId, purpose]))
      .digest()
      .readUInt32BE(0) / DRAW_BITS
  );
}

/** In [1 - ratioMax, 1 + ratioMax), exact to six digits. */
function factor(orderId: string, purpose: string, ratioMax: number): string {
  const ratio = (2 * draw(orderId, purpose) - 1) * ratioMax;
  return text(exact(1).plus(exact(Math.round(ratio * 1e6)).dividedBy(1e6)));
}

/** In the decimals that the quantity was asked for with. */
function variedQuantity({ orderId, quantity }: OrderTicket, sizeRatioMax: number): string {
  const whole = exact(quantity);
  const varied = text(whole.times(factor(orderId, 'size', sizeRatioMax)).toDecimalPlaces(whole.decimalPlaces()));
  return isPositive(varied) ? varied : quantity;
}

/** All prices of an order move together, so that they keep their order; each stays on its tick. */
function variedPrice({ orderId, symbol }: OrderTicket, price: string, levelRatioMax: number): string {
  const tickSize = findInstrument(symbol)?.tickSize;
  if (tickSize === undefined) return price;
  const moved = exact(price).times(factor(orderId, 'level', levelRatioMax));
  const varied = text(moved.dividedBy(tickSize).toDecimalPlaces(0).times(tickSize));
  return isPositive(varied) ? varied : price;
}

/** How long the order waits before its gates are asked. Milliseconds. */
export const varianceDelayMs = ({ orderId, variance, exit }: OrderTicket): number =>
  variance && !exit ? Math.floor(draw(orderId, 'delay') * (variance.delayMaxMs + 1)) : 0;

/** Undefined when nothing was asked for, the house does not vary, or the order is an exit. */
export function vary(ticket: OrderTicket, isAllowed: boolean): Varied | undefined {
  const { variance, quantity, price, stopPrice, orderType, exit } = ticket;
  if (!variance || exit || !isAllowed) return undefined;
  const { sizeRatioMax, levelRatioMax } = variance;
  const level = (asked: string): string => variedPrice(ticket, asked, levelRatioMax);
  return {
    base: { quantity, price, ...(stopPrice !== undefined && { stopPrice }) },
    ticket: {
      ...ticket,
      quantity: variedQuantity(ticket, sizeRatioMax),
      // The stated price of a market order is what somebody saw, not a level.
      price: orderType === 'market' ? price : level(price),
      ...(stopPrice !== undefined && { stopPrice: level(stopPrice) }),
    },
  };
}
