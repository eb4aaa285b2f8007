/**
 * I5. One venue order for each client order id, exactly the ticket that was intended; and no more hand-overs than intents that were durable
 * by then, so that nothing is ever sent twice on one promise, or on none. Each call is held against that as it is told.
 */
import type { VenueCall } from '../../adapters/paper/calls.ts';
import type { PaperOrder } from '../../adapters/paper/matching.ts';
import { isSame } from '../../domain/decimal.ts';
import type { OrderTicket } from '../../messages/common.ts';
import type { CheckedGroup, CheckedRecord, Checker, Report, Rest } from './checker.ts';
import { factOf } from './folds/facts.ts';

interface Intended {
  readonly ticket: OrderTicket;
  /** When each intent was durable, oldest first. */
  readonly landedAt: number[];
  /** When each hand-over left, in the order of their answers. */
  readonly leftAt: number[];
}

const SAME = ['accountId', 'symbol', 'side', 'orderType', 'timeInForce', 'stopPrice'] as const;

/** Fields in which an order is otherwise than its ticket. */
function differing(order: PaperOrder['order'], ticket: OrderTicket): string[] {
  const fields: string[] = SAME.filter((field) => order[field] !== ticket[field]);
  if (!isSame(order.quantity, ticket.quantity)) fields.push('quantity');
  if (!isSame(order.price, ticket.price)) fields.push('price');
  return fields;
}

const countUpTo = (times: readonly number[], at: number): number => times.filter((time) => time <= at).length;

type Calls = Pick<CheckedGroup, 'venueCalls' | 'venueOrders'> & Pick<Rest, 'outsideOrders'>;

class OneVenueOrder implements Checker {
  readonly name = 'I5 one venue order';
  readonly takes = ['order.intended'] as const;
  private readonly intended = new Map<string, Intended>();
  /** What the venue was found to have as it was intended; neither ever changes. */
  private readonly inOrder = new Map<string, PaperOrder['order']>();
  private callsRead = 0;

  onRecord(record: CheckedRecord): void {
    const fact = factOf(record);
    if (fact.type !== 'order.intended') return;
    const { orderId } = fact.ticket;
    const known = this.intended.get(orderId);
    if (known) known.landedAt.push(record.landedAt);
    else this.intended.set(orderId, { ticket: fact.ticket, landedAt: [record.landedAt], leftAt: [] });
  }

  onGroup(group: CheckedGroup, report: Report): void {
    this.readCalls(group, report);
  }

  atRest(rest: Rest, report: Report): void {
    const { venueOrders, outsideOrders, venueIsMute, healed } = rest;
    const seen = new Set<string>();
    for (const [key, { order }] of venueOrders) {
      const { clientOrderId } = order;
      if (!healed && this.inOrder.get(key) === order) continue;
      if (outsideOrders?.has(clientOrderId)) continue;
      if (key !== clientOrderId || seen.has(clientOrderId)) report(`the venue has order ${clientOrderId} twice`);
      seen.add(clientOrderId);
      const ticket = this.intended.get(clientOrderId)?.ticket;
      if (!ticket) {
        report(`the venue has order ${clientOrderId}, which was never intended`);
        continue;
      }
      const fields = differing(order, ticket);
      if (fields.length > 0)
        report(`the venue has order ${clientOrderId} otherwise than intended: ${fields.join(', ')}`);
      else if (key === clientOrderId) this.inOrder.set(key, order);
    }
    this.readCalls(rest, report);
    if (!venueIsMute) return;
    for (const [orderId, { landedAt }] of this.intended)
      if (landedAt.length > 1) report(`order ${orderId} is sent again at a venue that can't tell whether it has it`);
  }

  private readCalls({ venueCalls, venueOrders, outsideOrders }: Calls, report: Report): void {
    for (; this.callsRead < venueCalls.length; this.callsRead += 1) {
      const call = venueCalls[this.callsRead]!;
      const { clientOrderId, told } = call;
      if (call.call !== 'submit' || outsideOrders?.has(clientOrderId)) continue;
      this.handOver(call, report);
      if (told !== 'unresolved' && told !== 'absent' && !venueOrders.has(clientOrderId))
        report(`the venue accepted order ${clientOrderId} (${told}) and does not have it`);
    }
  }

  private handOver({ clientOrderId, at, order }: VenueCall, report: Report): void {
    const intended = this.intended.get(clientOrderId);
    if (!intended) {
      report(`order ${clientOrderId} was handed over, and never intended`);
      return;
    }
    const { ticket, landedAt, leftAt } = intended;
    leftAt.push(at);
    if (leftAt.length > landedAt.length)
      report(`order ${clientOrderId} was handed over ${leftAt.length} times, which is more often than it was intended`);
    else if (countUpTo(leftAt, at) > countUpTo(landedAt, at))
      report(`order ${clientOrderId} was handed over at ${at}, before its intent was durable`);
    const fields = order ? differing(order, ticket) : [];
    if (fields.length > 0) report(`order ${clientOrderId} was handed over otherwise: ${fields.join(', ')}`);
  }
}

export const oneVenueOrder = (): Checker => new OneVenueOrder();
