/**
 * Our order as the body of order/placeorder, or why it can't be one. Pure. Invariant: prices and quantities leave as numbers that print
 * exactly what we wrote; an order is always marked as automated.
 */
import type { VenueOrder } from '../../agents/venue.ts';
import { type DecimalText, exact, fromNumber, isPositive, text } from '../../domain/decimal.ts';
import type { TvAccount } from './accounts.ts';

const ORDER_TYPES = { market: 'Market', limit: 'Limit', stop: 'Stop' } as const;
const TIMES_IN_FORCE = { GTC: 'GTC', DAY: 'Day', IOC: 'IOC' } as const;

/** Undefined: no JSON number is this decimal. */
function numberOf(value: DecimalText): number | undefined {
  const number = Number(value);
  return Number.isFinite(number) && fromNumber(number) === text(exact(value)) ? number : undefined;
}

function refusalOf({ quantity, orderType, price, stopPrice }: VenueOrder): string | undefined {
  if (!/^[1-9]\d{0,8}$/.test(quantity)) return `${quantity} is no whole number of contracts`;
  if (orderType === 'limit' && !(isPositive(price) && numberOf(price) !== undefined)) return `no limit at ${price}`;
  if (orderType === 'stop' && !(stopPrice && isPositive(stopPrice) && numberOf(stopPrice) !== undefined))
    return `no stop at ${stopPrice}`;
  return undefined;
}

export type Ticket = { readonly body: Readonly<Record<string, unknown>> } | { readonly refused: string };

export function ticketOf(order: VenueOrder, account: TvAccount, contract: string, clOrdId: string): Ticket {
  const refused = refusalOf(order);
  if (refused !== undefined) return { refused };
  const { side, quantity, orderType, timeInForce, price, stopPrice } = order;
  return {
    body: {
      ...{ accountSpec: account.name, accountId: account.id, clOrdId, symbol: contract, isAutomated: true },
      ...{ action: side === 'buy' ? 'Buy' : 'Sell', orderQty: Number(quantity) },
      ...{ orderType: ORDER_TYPES[orderType], timeInForce: TIMES_IN_FORCE[timeInForce] },
      ...(orderType === 'limit' && { price: numberOf(price) }),
      ...(orderType === 'stop' && stopPrice !== undefined && { stopPrice: numberOf(stopPrice) }),
    },
  };
}
