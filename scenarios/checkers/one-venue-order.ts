/**
 * I5. One venue order for each client order id, exactly the ticket that was intended; and no more hand-overs than intents, so that
 * nothing is ever sent twice on one promise.
 */
import type { PaperOrder } from '../../adapters/paper/matching.ts';
import { isSame } from '../../domain/decimal.ts';
import type { OrderTicket } from '../../messages/common.ts';
import type { CheckedRecord, Checker, Report, Rest } from './checker.ts';
import { factOf } from './folds/facts.ts';

interface Intended {
  readonly ticket: OrderTicket;
  times: number;
}

const SAME = ['accountId', 'symbol', 'side', 'orderType', 'timeInForce', 'stopPrice'] as const;

class OneVenueOrder implements Checker {
  readonly name = 'I5 one venue order';
  readonly takes = ['order.intended'] as const;
  private readonly intended = new Map<string, Intended>();
  /** Calls and their hand-overs by order, read so far. */
  private readonly handOvers = new Map<string, number>();
  /** What the venue was found to have as it was intended; neither ever changes. */
  private readonly inOrder = new Map<string, PaperOrder['order']>();
  private callsRead = 0;

  onRecord(record: CheckedRecord): void {
    const fact = factOf(record);
    if (fact.type !== 'order.intended') return;
    const { orderId } = fact.ticket;
    const known = this.intended.get(orderId);
    if (known) known.times += 1;
    else this.intended.set(orderId, { ticket: fact.ticket, times: 1 });
  }

  atRest({ venueOrders, venueCalls, outsideOrders, healed }: Rest, report: Report): void {
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
      const differing: string[] = SAME.filter((field) => order[field] !== ticket[field]);
      if (!isSame(order.quantity, ticket.quantity)) differing.push('quantity');
      if (!isSame(order.price, ticket.price)) differing.push('price');
      if (differing.length > 0)
        report(`the venue has order ${clientOrderId} otherwise than intended: ${differing.join(', ')}`);
      else if (key === clientOrderId) this.inOrder.set(key, order);
    }
    for (; this.callsRead < venueCalls.length; this.callsRead += 1) {
      const { call, clientOrderId, told } = venueCalls[this.callsRead]!;
      if (call !== 'submit' || outsideOrders?.has(clientOrderId)) continue;
      const times = (this.handOvers.get(clientOrderId) ?? 0) + 1;
      this.handOvers.set(clientOrderId, times);
      if (times > (this.intended.get(clientOrderId)?.times ?? 0))
        report(`order ${clientOrderId} was handed over ${times} times, which is more often than it was intended`);
      if (told !== 'unresolved' && told !== 'absent' && !venueOrders.has(clientOrderId))
        report(`the venue accepted order ${clientOrderId} (${told}) and does not have it`);
    }
  }
}

export const oneVenueOrder = (): Checker => new OneVenueOrder();
