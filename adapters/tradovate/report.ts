/**
 * What is known of an order as the venue port tells it. Pure. Invariants: fills are cumulative and told by their id, with their fees as
 * commission; no end is told before all fills that belong to it are known; prices are whole ticks, so that no binary fraction gets in.
 */
import type { VenueReport } from '../../agents/venue.ts';
import { findInstrument } from '../../domain/instrument.ts';
import { tickGrid } from '../../market/tick-grid.ts';
import type { Fill } from '../../messages/order.ts';
import { hasEnded, type OrderFacts } from './mirror.ts';

/** `undecided`: Tradovate has not said yet. `unread`: only an answer over REST makes it certain. */
export type Told = VenueReport | 'undecided' | 'unread';

const RESTS = new Set(['Working', 'Suspended', 'PendingCancel', 'PendingReplace']);
const ENDS: Readonly<Record<string, VenueReport['status']>> = {
  Canceled: 'canceled',
  Expired: 'expired',
  Rejected: 'rejected',
  Completed: 'canceled',
};

/** A JSON number of theirs on the contract's ticks. */
export const priceText = (contract: string, price: number): string => {
  const grid = tickGrid(findInstrument(contract)?.tickSize ?? '0.000000001');
  return grid.text(grid.ticks(price));
};

/** Fills whose fees nobody has asked for. */
export const unpricedOf = ({ fills, fees }: OrderFacts): readonly number[] =>
  [...fills.keys()].filter((id) => !fees.has(id));

function fillsOf({ fills, fees }: OrderFacts, contract: string): Fill[] {
  return [...fills.values()]
    .sort((a, b) => a.id - b.id)
    .map(({ id, qty, price }) => ({
      ...{ executionId: `tradovate-${id}`, quantity: String(qty), price: priceText(contract, price) },
      commission: fees.get(id) ?? '0',
    }));
}

export function reportOf(clientOrderId: string, facts: OrderFacts, contracts: ReadonlyMap<number, string>): Told {
  const { order, version, reason } = facts;
  const contract = contracts.get(order?.contractId ?? -1);
  if (!order) return 'undecided';
  if (!version || contract === undefined || unpricedOf(facts).length > 0) return 'unread';
  const filled = [...facts.fills.values()].reduce((sum, { qty }) => sum + qty, 0);
  const told = { orderId: clientOrderId, fills: fillsOf(facts, contract) };
  if (filled >= version.orderQty) return { ...told, status: 'filled' };
  const { ordStatus } = order;
  if (!hasEnded(facts)) return RESTS.has(ordStatus) || filled > 0 ? { ...told, status: 'accepted' } : 'undecided';
  if (!facts.isComplete) return 'unread';
  const status = ENDS[ordStatus];
  // Filled, but not all of its fills are told yet.
  if (status === undefined) return 'undecided';
  const isPartly = status === 'rejected' && filled > 0;
  return { ...told, status: isPartly ? 'canceled' : status, reason: reason ?? `${ordStatus} by Tradovate` };
}
