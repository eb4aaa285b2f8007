/** L1, what is read: the tables of orders, fills, halts and approvals say what the records say, row by row and field by field. */
import { text } from '../../domain/decimal.ts';
import type { OrderFilled } from '../../messages/order.ts';
import type { CheckedRecord, Checker, Report, Rest } from './checker.ts';
import type { FoldedApproval } from './folds/approvals.ts';
import { factOf, happenedAt, isOfOrder, orderIdOf } from './folds/facts.ts';
import { Folds } from './folds/folds.ts';
import type { FoldedHalt } from './folds/halts.ts';
import type { FoldedOrder, Stage } from './folds/orders.ts';
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

/** Field by field in one piece: of all rows these are built most often. */
function orderRow(order: FoldedOrder): Fields {
  const { ticket, stage, end, denial } = order;
  const wasCleared = order.gates.length > 0;
  return {
    id: ticket.orderId,
    sequence: order.sequence,
    traderId: ticket.traderId,
    accountId: ticket.accountId,
    userId: ticket.userId,
    surface: ticket.surface,
    symbol: ticket.symbol,
    side: ticket.side,
    quantity: ticket.quantity,
    price: ticket.price,
    orderType: ticket.orderType,
    timeInForce: ticket.timeInForce,
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

/** One table, and what it should hold. */
class Table<T> {
  /** Of things that have not changed since: the row that it should be. */
  private readonly expected = new Map<string, Fields>();
  /** Rows that were found equal to that; a row never changes, another state is another row. */
  private readonly inOrder = new Map<string, Fields>();

  constructor(
    private readonly name: string,
    private readonly all: ReadonlyMap<string, T>,
    private readonly rowOf: (entry: T) => Fields,
  ) {}

  /** A record has told of it. */
  changed(id: string): void {
    this.expected.delete(id);
    this.inOrder.delete(id);
  }

  compare({ rows, healed }: Rest, report: Report): void {
    const { name, all, inOrder } = this;
    const stored = new Map(rows(name).map((row) => [String(row.id), row]));
    for (const id of all.keys()) {
      const row = stored.get(id);
      if (!row) report(`${name} ${id} is missing`);
      else if (healed || inOrder.get(id) !== row) this.compareRow(id, row, report);
    }
    for (const id of stored.keys()) if (!all.has(id)) report(`${name} ${id} has no record`);
  }

  private compareRow(id: string, row: Fields, report: Report): void {
    let same = true;
    compareFields(`${this.name} ${id}`, this.rowFor(id), row, (what) => {
      same = false;
      report(what);
    });
    if (same) this.inOrder.set(id, row);
  }

  private rowFor(id: string): Fields {
    const row = this.expected.get(id) ?? this.rowOf(this.all.get(id)!);
    this.expected.set(id, row);
    return row;
  }
}

class TablesEqualRecords implements Checker {
  readonly name = 'L1 tables equal records';
  readonly takes;
  readonly folds;
  private readonly accounts;
  private readonly fillRows = new Map<string, Fields>();
  private readonly orders;
  private readonly halts;
  private readonly approvals;
  private readonly fills = new Table('fills', this.fillRows, (row) => row);

  constructor({ orders, accounts, halts, approvals }: Folds) {
    this.accounts = accounts;
    this.orders = new Table('orders', orders.all, orderRow);
    this.halts = new Table('halts', halts.all, haltRow);
    this.approvals = new Table('approvals', approvals.all, approvalRow);
    this.folds = [orders, accounts, halts, approvals];
    this.takes = [...orders.takes, ...halts.takes, ...approvals.takes];
  }

  onRecord(record: CheckedRecord) {
    const fact = factOf(record);
    if (fact.type === 'order.filled') {
      this.fillRows.set(fact.executionId, fillRow(fact, record, text(this.accounts.movement.profit)));
      this.fills.changed(fact.executionId);
    }
    if (isOfOrder(fact)) return this.orders.changed(orderIdOf(fact));
    switch (fact.type) {
      case 'approval.decided':
        this.orders.changed(fact.orderId);
        return this.approvals.changed(fact.requestId);
      case 'approval.requested':
      case 'approval.repriced':
        return this.approvals.changed(fact.requestId);
      case 'trading.halted':
      case 'trading.resumed':
        return this.halts.changed(fact.stopId);
    }
  }

  atRest(rest: Rest, report: Report): void {
    for (const table of [this.orders, this.fills, this.halts, this.approvals]) table.compare(rest, report);
  }
}

export const tablesEqualRecords = (folds = new Folds()): Checker => new TablesEqualRecords(folds);
