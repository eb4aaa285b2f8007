/** Every order that was ever submitted, as the records tell it. The first end stands: what comes later changes nothing here. */
import { type Exact, exact, text } from '../../../domain/decimal.ts';
import type { Denial } from '../../../domain/denial.ts';
import type { OrderTicket } from '../../../messages/common.ts';
import type { OrderEnded, OrderFilled, OrderIntended } from '../../../messages/order.ts';
import type { CheckedRecord, Fold } from '../checker.ts';
import { Again } from './again.ts';
import { type Fact, factOf, happenedAt, isStep, ORDER_TYPES, type OrderStep, orderIdOf } from './facts.ts';

/** `gating` also after an approval, when the order goes through its gates again. */
export type Stage = 'gating' | 'held' | 'intended' | 'sent' | 'working' | 'canceling' | 'unresolved' | 'ended';

export interface FoldedOrder {
  readonly ticket: OrderTicket;
  readonly sequence: number;
  readonly submittedAt: number;
  readonly amount: string;
  stage: Stage;
  /** Answers of the gates in the newest record that carries them. */
  gates: OrderIntended['gates'];
  approvedBy: string | undefined;
  requestId: string | undefined;
  intents: number;
  lookups: number;
  accepted: boolean;
  filled: Exact;
  commission: Exact;
  averagePrice: string;
  readonly executions: string[];
  executedAt: number | undefined;
  endedAt: number | undefined;
  end: string | undefined;
  /** As the end told it. */
  filledAtEnd: string | undefined;
  denial: Denial | undefined;
  reason: string | undefined;
}

const ZERO = exact('0');

export const leavesOf = ({ ticket, filled }: FoldedOrder): string => text(exact(ticket.quantity).minus(filled));
export const reservedBy = ({ gates }: FoldedOrder, gate: 'risk' | 'quota'): string | undefined =>
  gates.find((answer) => answer.gate === gate && answer.allowed)?.reserved;

export class OrdersFold implements Fold {
  readonly takes = [...ORDER_TYPES, 'approval.decided'] as const;
  readonly all = new Map<string, FoldedOrder>();
  readonly open = new Map<string, FoldedOrder>();
  /** Sequence of the last record that freed what an order had set aside. */
  lastSequence = 0;
  private readonly again = new Again();

  apply(record: CheckedRecord) {
    const fact = factOf(record);
    this.take(fact, record);
    const again = this.again.begins(fact);
    const order = again && this.open.get(again.orderId);
    if (order) order.stage = 'gating';
  }

  private take(fact: Fact, record: CheckedRecord) {
    switch (fact.type) {
      case 'order.submitted':
        return this.submit(fact.ticket, fact.amount, record);
      case 'order.filled':
        return this.fill(fact, record);
      case 'order.ended':
        return this.end(fact, record);
      default:
        if (isStep(fact)) this.step(fact);
    }
  }

  private submit(ticket: OrderTicket, amount: string, record: CheckedRecord) {
    if (this.all.has(ticket.orderId)) return;
    const order: FoldedOrder = {
      ticket,
      amount,
      sequence: record.sequence,
      submittedAt: happenedAt(record),
      stage: 'gating',
      gates: [],
      approvedBy: undefined,
      requestId: undefined,
      intents: 0,
      lookups: 0,
      accepted: false,
      filled: ZERO,
      commission: ZERO,
      averagePrice: '0',
      executions: [],
      executedAt: undefined,
      endedAt: undefined,
      end: undefined,
      filledAtEnd: undefined,
      denial: undefined,
      reason: undefined,
    };
    this.all.set(ticket.orderId, order);
    this.open.set(ticket.orderId, order);
  }

  private step(fact: OrderStep) {
    const order = this.open.get(orderIdOf(fact));
    if (!order) return;
    switch (fact.type) {
      case 'order.held':
        order.stage = 'held';
        order.gates = fact.gates;
        order.requestId = fact.requestId;
        return;
      case 'order.intended':
        order.stage = 'intended';
        order.gates = fact.gates;
        order.approvedBy = fact.approvedBy;
        order.intents += 1;
        return;
      case 'order.sent':
        order.stage = 'sent';
        return;
      case 'order.working':
        order.stage = 'working';
        order.accepted = true;
        return;
      case 'order.cancel-requested':
        order.stage = 'canceling';
        return;
      case 'order.unresolved':
        order.stage = 'unresolved';
        order.reason = fact.reason;
        return;
      case 'order.lookup-requested':
        order.lookups += 1;
    }
  }

  private fill(fact: OrderFilled, record: CheckedRecord) {
    this.lastSequence = record.sequence;
    const order = this.open.get(fact.orderId);
    if (!order || fact.late) return;
    order.filled = order.filled.plus(fact.quantity);
    order.commission = order.commission.plus(fact.commission);
    order.averagePrice = fact.averagePrice;
    order.executions.push(fact.executionId);
    order.executedAt = happenedAt(record);
    if (fact.end) this.finish(order, 'filled', record);
  }

  private end(fact: OrderEnded, record: CheckedRecord) {
    const order = this.open.get(fact.orderId);
    if (!order) return;
    // Refused by a later gate it frees what an earlier one had set aside.
    this.lastSequence = record.sequence;
    order.denial = fact.denial;
    order.reason = fact.reason ?? fact.denial?.explanation ?? order.reason;
    order.filledAtEnd = fact.filledQuantity;
    this.finish(order, fact.end, record);
  }

  private finish(order: FoldedOrder, end: string, record: CheckedRecord) {
    order.stage = 'ended';
    order.end = end;
    order.endedAt = happenedAt(record);
    this.open.delete(order.ticket.orderId);
  }
}
