/** Facts of traders and orders as records, for tests of projections and of what reads them. */
import type { JournalRecord, Message } from '../../runtime/message.ts';

export type FactFields = Readonly<Record<string, unknown>> & { readonly type: string };

export class Facts {
  private sequence = 0;

  /** The next record; market time is its sequence. */
  record(fields: FactFields): JournalRecord {
    this.sequence += 1;
    const { sequence } = this;
    return {
      sequence,
      epoch: 1,
      recordedAt: sequence,
      message: { at: sequence, ...fields } as Message,
      source: 'test',
      causationId: 0,
      correlationId: '',
      principal: 'user-1',
      version: 1,
      hash: '',
    };
  }

  trader(traderId: string, userId = 'user-1'): JournalRecord {
    const config = { budget: 1000, strategy: 'balanced', riskTolerance: 'medium' };
    return this.record({
      type: 'trader.created',
      traderId,
      accountId: `acct-${traderId}`,
      userId,
      name: traderId,
      config,
      by: userId,
    });
  }

  submitted(orderId: string, traderId = 't1'): JournalRecord {
    return this.record({ type: 'order.submitted', ticket: this.ticket(orderId, traderId), amount: '1500' });
  }

  intended(orderId: string, traderId = 't1'): JournalRecord {
    return this.record({ type: 'order.intended', ticket: this.ticket(orderId, traderId), gates: [] });
  }

  held(orderId: string, traderId = 't1'): JournalRecord {
    return this.record({
      type: 'order.held',
      ticket: this.ticket(orderId, traderId),
      requestId: `req-${orderId}`,
      gates: [],
    });
  }

  filled(orderId: string, fill: Readonly<Record<string, unknown>> = {}): JournalRecord {
    return this.record({
      type: 'order.filled',
      orderId,
      traderId: 't1',
      accountId: 'acct-t1',
      symbol: 'AAPL',
      side: 'buy',
      executionId: `x-${orderId}`,
      quantity: '10',
      price: '150',
      commission: '1',
      filledQuantity: '10',
      leavesQuantity: '0',
      averagePrice: '150',
      end: true,
      ...fill,
    });
  }

  ended(orderId: string, end: string, more: Readonly<Record<string, unknown>> = {}): JournalRecord {
    const fields = { orderId, traderId: 't1', accountId: 'acct-t1', symbol: 'AAPL', filledQuantity: '0' };
    return this.record({ type: 'order.ended', ...fields, end, ...more });
  }

  /** The records of `count` orders that were filled at once. */
  filledOrders(count: number, traderId = 't1', prefix = 'o'): readonly JournalRecord[] {
    return Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`).flatMap((id) => [
      this.submitted(id, traderId),
      this.intended(id, traderId),
      this.filled(id, { traderId }),
    ]);
  }

  private ticket(orderId: string, traderId: string) {
    return {
      orderId,
      traderId,
      accountId: `acct-${traderId}`,
      symbol: 'AAPL',
      side: 'buy',
      quantity: '10',
      price: '150',
      orderType: 'limit',
      timeInForce: 'GTC',
      exit: false,
      surface: 'creto',
      userId: 'user-1',
    };
  }
}
