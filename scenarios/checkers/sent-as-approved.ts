/**
 * I4. Nothing is sent that the gates have not allowed, exactly as it was submitted: each `order.sent` has its own
 * `order.intended`, which carries every gate's yes, room set aside for the whole size at the price that the market asks, and a person's approval
 * where one was asked.
 */
import { type Exact, exact } from '../../domain/decimal.ts';
import type { OrderTicket } from '../../messages/common.ts';
import type { OrderIntended, OrderSent, OrderSubmitted } from '../../messages/order.ts';
import type { CheckedRecord, Checker, Report } from './checker.ts';
import { multiplierOf } from './folds/accounts.ts';
import { factOf } from './folds/facts.ts';
import { compareFields } from './folds/rows.ts';

interface Approved {
  readonly ticket: OrderTicket;
  readonly quote: OrderSubmitted['quote'];
  /** An intent that no hand-over has used. */
  intended: boolean;
  held: boolean;
  approvedBy: string | undefined;
}

const MACHINE_GATES = ['halt', 'compliance', 'risk', 'quota'] as const;

/** What one unit is worth at least: whatever a market order states, it meets the market. */
function priceOf({ ticket: { orderType, side, price }, quote }: Approved): Exact {
  const met = orderType === 'market' && quote ? exact(side === 'buy' ? quote.ask : quote.bid) : exact(price);
  return met.greaterThan(price) ? met : exact(price);
}

class SentAsApproved implements Checker {
  readonly name = 'I4 sent as approved';
  readonly takes = [
    'order.submitted',
    'approval.requested',
    'approval.decided',
    'order.intended',
    'order.sent',
    'order.ended',
  ] as const;
  private readonly orders = new Map<string, Approved>();

  onRecord(record: CheckedRecord, report: Report) {
    const fact = factOf(record);
    switch (fact.type) {
      case 'order.submitted': {
        const { ticket, quote } = fact;
        this.orders.set(ticket.orderId, { ticket, quote, intended: false, held: false, approvedBy: undefined });
        return;
      }
      case 'approval.requested': {
        const order = this.orders.get(fact.orderId);
        if (order) order.held = true;
        return;
      }
      case 'approval.decided': {
        const order = this.orders.get(fact.orderId);
        if (order) order.approvedBy = fact.decision === 'approved' ? fact.by : undefined;
        return;
      }
      case 'order.intended':
        return this.intend(fact, report);
      case 'order.sent':
        return this.send(fact, report);
      case 'order.ended':
        this.orders.delete(fact.orderId);
    }
  }

  private intend({ ticket, gates, approvedBy }: OrderIntended, report: Report) {
    const order = this.orders.get(ticket.orderId);
    if (!order) return report(`order ${ticket.orderId} is intended without having been submitted`);
    order.intended = true;
    const { orderId, quantity, price, symbol } = order.ticket;
    const tell: Report = (what) => report(`order ${orderId} is intended ${what}`);
    compareFields(`otherwise than submitted`, { ...order.ticket }, { ...ticket }, tell);
    const allowed = (gate: string) => gates.find((answer) => answer.gate === gate && answer.allowed);
    for (const gate of MACHINE_GATES) if (!allowed(gate)) tell(`without a yes of the gate ${gate}`);
    const reserved = exact(allowed('risk')?.reserved ?? '0');
    const { held } = order;
    // What a person has approved counts with a price of that moment, which no record tells.
    const counted = held ? exact(price) : priceOf(order);
    if (reserved.lessThan(counted.times(quantity).times(multiplierOf(symbol))))
      tell(`with room for ${reserved.toFixed()} only`);
    if (held && (approvedBy === undefined || approvedBy !== order.approvedBy))
      tell('without the approval it waited for');
    if (!held && !allowed('oversight')) tell('without a yes of the gate oversight');
  }

  private send({ orderId, accountId, traderId }: OrderSent, report: Report) {
    const order = this.orders.get(orderId);
    if (!order?.intended) return report(`order ${orderId} was sent without an intent of its own`);
    order.intended = false;
    if (order.ticket.accountId !== accountId || order.ticket.traderId !== traderId)
      report(`order ${orderId} was sent for the account ${accountId} of ${traderId}`);
  }

  atRest(): void {}
}

export const sentAsApproved = (): Checker => new SentAsApproved();
