/** L1, what is read: the tables of orders, fills, halts and approvals say what the records say, row by row and field by field. */
import { text } from '../../domain/decimal.ts';
import type { OrderFilled } from '../../messages/order.ts';
import type { CheckedRecord, Checker, Report, Rest } from './checker.ts';
import { AccountsFold } from './folds/accounts.ts';
import { ApprovalsFold, type FoldedApproval } from './folds/approvals.ts';
import { factOf, happenedAt } from './folds/facts.ts';
import { type FoldedHalt, HaltsFold } from './folds/halts.ts';
import { type FoldedOrder, OrdersFold, type Stage } from './folds/orders.ts';
import { compareFields, type Fields } from './folds/rows.ts';

const STATUS: Readonly<Record<Stage, string>> = {
  gating: 'gating',
  held: 'held',
  intended: 'sending',
  sent: 'sending',
  working: 'working',
  canceling: 'canceling',
  unresolved: 'unresolved',
  ended: 'ended',
};

function orderRow(order: FoldedOrder): Fields {
  const { ticket, stage, end, denial } = order;
  const { orderId, traderId, accountId, userId, surface, symbol, side, quantity, price, orderType, timeInForce } =
    ticket;
  const wasCleared = order.gates.length > 0;
  return {
    ...{ traderId, accountId, userId, surface, symbol, side, quantity, price, orderType, timeInForce },
    id: orderId,
    sequence: order.sequence,
    // An order that a person approved goes through its gates again, and stays listed as held.
    status: stage === 'gating' && wasCleared ? STATUS.held : STATUS[stage],
    listed: wasCleared || (end !== undefined && end !== 'denied'),
    amount: order.amount,
    filledQuantity: order.filledAtEnd ?? text(order.filled),
    averagePrice: order.averagePrice,
    commission: text(order.commission),
    submittedAt: order.submittedAt,
    executedAt: order.executedAt ?? null,
    endedAt: order.endedAt ?? null,
    end: end ?? null,
    denialCode: denial?.code ?? null,
    denialClass: denial?.class ?? null,
    reason: order.reason ?? null,
    requestId: order.requestId ?? null,
  };
}

function fillRow(fact: OrderFilled, record: CheckedRecord, realizedPnl: string): Fields {
  const { executionId: id, orderId, traderId, accountId, symbol, side, quantity, price, commission } = fact;
  const { sequence } = record;
  const at = happenedAt(record);
  return { id, sequence, orderId, traderId, accountId, symbol, side, quantity, price, commission, realizedPnl, at };
}

function haltRow({ halt, sequence, haltedAt, resolved }: FoldedHalt): Fields {
  const { stopId, scope, targetId, reason, by } = halt;
  return {
    id: stopId,
    sequence,
    scope,
    targetId: targetId ?? null,
    reason,
    triggeredBy: by,
    createdAt: haltedAt,
    status: resolved ? 'resolved' : 'active',
    resolvedBy: resolved?.by ?? null,
    resolvedAt: resolved?.at ?? null,
    resolution: resolved?.reason ?? null,
  };
}

function approvalRow({ request, sequence, requestedAt, decided }: FoldedApproval): Fields {
  const { requestId, ticket, orderId, traderId, amount, reason, priority, contentHash, shownPrice, band } = request;
  const { userId, symbol, side, quantity } = ticket;
  return {
    ...{ sequence, orderId, traderId, userId, symbol, side, quantity, amount, reason, priority, contentHash },
    id: requestId,
    price: shownPrice,
    status: decided?.decision ?? 'pending',
    bandLow: band.low,
    bandHigh: band.high,
    createdAt: requestedAt,
    expiresAt: request.expiresAt,
    decidedBy: decided?.by ?? null,
    decidedAt: decided?.at ?? null,
    comment: decided?.comment ?? null,
  };
}

class TablesEqualRecords implements Checker {
  readonly name = 'L1 tables equal records';
  readonly factsOnly = true;
  private readonly orders = new OrdersFold();
  private readonly accounts = new AccountsFold();
  private readonly halts = new HaltsFold();
  private readonly approvals = new ApprovalsFold();
  private readonly fills = new Map<string, Fields>();

  onRecord(record: CheckedRecord): void {
    this.orders.apply(record);
    this.halts.apply(record);
    this.approvals.apply(record);
    const movement = this.accounts.apply(record);
    const fact = factOf(record);
    if (fact.type === 'order.filled' && movement)
      this.fills.set(fact.executionId, fillRow(fact, record, text(movement.profit)));
  }

  atRest({ rows }: Rest, report: Report): void {
    const table = (name: string) => new Map(rows(name).map((row) => [String(row.id), row]));
    compareTable('orders', this.orders.all, orderRow, table, report);
    compareTable('fills', this.fills, (row) => row, table, report);
    compareTable('halts', this.halts.all, haltRow, table, report);
    compareTable('approvals', this.approvals.all, approvalRow, table, report);
  }
}

function compareTable<T>(
  name: string,
  expected: ReadonlyMap<string, T>,
  rowOf: (entry: T) => Fields,
  table: (name: string) => ReadonlyMap<string, Fields>,
  report: Report,
): void {
  const rows = table(name);
  for (const [id, entry] of expected) {
    const row = rows.get(id);
    if (row) compareFields(`${name} ${id}`, rowOf(entry), row, report);
    else report(`${name} ${id} is missing`);
  }
  for (const id of rows.keys()) if (!expected.has(id)) report(`${name} ${id} has no record`);
}

export const tablesEqualRecords = (): Checker => new TablesEqualRecords();
