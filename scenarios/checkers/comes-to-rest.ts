/**
 * L1. In a healed world everything comes to rest: an order has ended, rests at the venue too, waits for a person who can still
 * decide, or is unresolved because the venue cannot tell; no effect is open, and the venue works nothing that we have given up.
 */
import type { Checker, Report, Rest } from './checker.ts';
import { Folds } from './folds/folds.ts';
import { type FoldedOrder, leavesOf } from './folds/orders.ts';
import { type Fields, statesOf } from './folds/rows.ts';
import { placeOf } from './rows/orders.ts';

/**
 * Our books are held against the venue's for ever, every minute: what began just now may be under way, also in a world at rest. An order
 * is over a few milliseconds after its intent where nothing goes wrong; what takes longer than all of this is a finding.
 */
export const UNDER_WAY_MS = 5_000;

const recordedAt = ({ records }: Rest, sequence: number): number =>
  records.find((record) => record.sequence === sequence)?.recordedAt ?? Number.NEGATIVE_INFINITY;

class ComesToRest implements Checker {
  readonly name = 'L1 comes to rest';
  readonly takes = [];
  readonly folds;
  private readonly orders;
  private readonly approvals;

  constructor({ orders, approvals }: Folds) {
    this.orders = orders;
    this.approvals = approvals;
    this.folds = [orders, approvals];
  }

  onRecord(): void {}

  atRest(rest: Rest, report: Report): void {
    if (!rest.healed) return;
    const states = statesOf(rest, 'orders');
    const requests = statesOf(rest, 'oversight');
    for (const [orderId, order] of this.orders.open) {
      const what = this.unrest(orderId, order, placeOf(states.get(orderId) ?? {}), requests, rest);
      if (what !== undefined) report(`order ${orderId} ${what}`);
    }
    for (const [orderId, { status }] of rest.venueOrders)
      if (status === 'accepted' && !this.orders.open.has(orderId) && !rest.outsideOrders?.has(orderId))
        report(`order ${orderId} works at the venue, and has ended or was never submitted`);
    for (const { agent, sequence } of rest.stored.effects)
      if (rest.now - recordedAt(rest, sequence) > UNDER_WAY_MS)
        report(`the effect of record ${sequence} by ${agent} has no outcome`);
  }

  private unrest(
    orderId: string,
    order: FoldedOrder,
    place: string,
    requests: ReadonlyMap<string, Fields>,
    { venueOrders, venueIsMute = false, now }: Rest,
  ): string | undefined {
    const venueOrder = venueOrders.get(orderId);
    switch (place) {
      case 'held': {
        const requestId = order.requestId ?? '';
        const approval = this.approvals.all.get(requestId);
        if (!approval || approval.decided) return 'waits for a decision that nobody was asked for, or that was made';
        if (approval.request.expiresAt < now) return 'waits for a person although its time is over';
        const request = requests.get(requestId);
        return request && placeOf(request) === 'pending' ? undefined : 'waits for a person who cannot decide';
      }
      case 'working':
        if (venueOrder?.status !== 'accepted') return `works, and is ${venueOrder?.status ?? 'unknown'} at the venue`;
        if (venueOrder.leavesQuantity === leavesOf(order)) return undefined;
        return `has ${leavesOf(order)} left, and ${venueOrder.leavesQuantity} at the venue`;
      case 'unresolved':
        return venueOrder || !(order.accepted || venueIsMute) ? 'is unresolved, and the venue can tell' : undefined;
      default:
        return `is still ${place || 'without a row'}`;
    }
  }
}

export const comesToRest = (folds = new Folds()): Checker => new ComesToRest(folds);
