/**
 * I1. An order's fills never add up to more than its quantity, here as at the venue, and an execution is booked once: one that the venue
 * has told, by the time that it is durable with us.
 */

import type { PaperOrder } from '../../adapters/paper/matching.ts';
import { type Exact, exact, isSame, text } from '../../domain/decimal.ts';
import type { OrderFilled } from '../../messages/order.ts';
import type { CheckedGroup, CheckedRecord, Checker, Report, Rest } from './checker.ts';
import { factOf } from './folds/facts.ts';

interface Filling {
  readonly quantity: Exact;
  filled: Exact;
}

class FillsWithinQuantity implements Checker {
  readonly name = 'I1 fills within quantity';
  readonly takes = ['order.submitted', 'order.filled'] as const;
  private readonly orders = new Map<string, Filling>();
  private readonly executions = new Map<string, OrderFilled>();
  /** Booked since the last commit, as a venue tells them. */
  private news: OrderFilled[] = [];
  /** Orders of the venue that were found in order, with all their fills booked; another state is another object. */
  private readonly inOrder = new Map<string, PaperOrder>();

  onRecord(record: CheckedRecord, report: Report) {
    const fact = factOf(record);
    if (fact.type === 'order.submitted') {
      const { orderId, quantity } = fact.ticket;
      if (!this.orders.has(orderId)) this.orders.set(orderId, { quantity: exact(quantity), filled: exact('0') });
    } else if (fact.type === 'order.filled') this.book(fact, report);
  }

  private book(fact: OrderFilled, report: Report) {
    const { executionId, orderId, quantity, late } = fact;
    if (this.executions.has(executionId)) report(`execution ${executionId} is booked twice`);
    this.executions.set(executionId, fact);
    if (!fact.synthetic) this.news.push(fact);
    const order = this.orders.get(orderId);
    if (!order) return late ? undefined : report(`execution ${executionId} is of ${orderId}, which nobody submitted`);
    if (exact(quantity).lessThanOrEqualTo(0)) report(`execution ${executionId} has the quantity ${quantity}`);
    order.filled = order.filled.plus(quantity);
    if (order.filled.greaterThan(order.quantity))
      report(`order ${orderId} over ${text(order.quantity)} has fills of ${text(order.filled)}`);
    if (!late) this.compareTotals(fact, order, report);
  }

  onGroup({ venueOrders }: CheckedGroup, report: Report): void {
    for (const { executionId, orderId } of this.news)
      if (!venueOrders.get(orderId)?.fills.some((fill) => fill.executionId === executionId))
        report(`execution ${executionId} is booked, and the venue has not told it`);
    this.news = [];
  }

  /** What the fact says of the order so far is what its fills add up to. */
  private compareTotals(fact: OrderFilled, { quantity, filled }: Filling, report: Report) {
    const { executionId, filledQuantity, leavesQuantity, end } = fact;
    const leaves = quantity.minus(filled);
    if (!filled.equals(filledQuantity)) report(`${executionId} says ${filledQuantity} filled, it is ${text(filled)}`);
    if (!leaves.equals(leavesQuantity)) report(`${executionId} says ${leavesQuantity} are left, it is ${text(leaves)}`);
    if (end !== leaves.isZero()) report(`${executionId} says end: ${end}, with ${text(leaves)} left`);
  }

  /** Of somebody else's orders our books only know what they make of the position, see I2. */
  atRest({ venueOrders, healed, outsideOrders }: Rest, report: Report) {
    const atVenue = new Set<string>();
    for (const [id, venueOrder] of venueOrders) {
      const isOutside = outsideOrders?.has(id) === true;
      if (!isOutside) for (const { executionId } of venueOrder.fills) atVenue.add(executionId);
      if (!healed && this.inOrder.get(id) === venueOrder) continue;
      let same = true;
      this.compareOrder(id, venueOrder, { isOutside, healed }, (what) => {
        same = false;
        if (what !== undefined) report(what);
      });
      if (same) this.inOrder.set(id, venueOrder);
    }
    for (const [executionId, { synthetic }] of this.executions)
      if (!atVenue.has(executionId) && !(synthetic && outsideOrders?.size))
        report(`execution ${executionId} is booked, and the venue has none`);
  }

  /** Tells what is not in order; undefined: it may still become so. */
  private compareOrder(
    id: string,
    { order, fills }: PaperOrder,
    { isOutside, healed }: { readonly isOutside: boolean; readonly healed: boolean },
    tell: (what: string | undefined) => void,
  ) {
    const filled = fills.reduce((sum, fill) => sum.plus(fill.quantity), exact('0'));
    if (filled.greaterThan(order.quantity))
      tell(`the venue filled ${text(filled)} of order ${id} over ${order.quantity}`);
    for (const fill of isOutside ? [] : fills) {
      const booked = this.executions.get(fill.executionId);
      if (!booked) tell(healed ? `execution ${fill.executionId} of the venue is not booked` : undefined);
      else if (!isBookedAs(booked, order, fill))
        tell(`execution ${fill.executionId} is booked otherwise than the venue tells it`);
    }
  }
}

const isBookedAs = (booked: OrderFilled, order: PaperOrder['order'], fill: PaperOrder['fills'][number]): boolean =>
  booked.orderId === order.clientOrderId &&
  booked.accountId === order.accountId &&
  booked.symbol === order.symbol &&
  booked.side === order.side &&
  isSame(booked.quantity, fill.quantity) &&
  isSame(booked.price, fill.price) &&
  isSame(booked.commission, fill.commission);

export const fillsWithinQuantity = (): Checker => new FillsWithinQuantity();
