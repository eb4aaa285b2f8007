/** Groups for tests and measurements: a writer's side of the protocol, with a real chain and the rows that an order leaves. */
import type { OrderRow } from '../../projections/rows.ts';
import { chainHash } from '../../runtime/chain.ts';
import type { Group, Head, StoredRecord, Upsert } from '../../runtime/store.ts';

export type GroupContent = Partial<Pick<Group, 'rows' | 'cursors' | 'opened' | 'closed' | 'upserts'>>;

export class GroupWriter {
  private sequence: number;
  private hash: string;
  private readonly epoch: number;

  constructor(head: Head) {
    this.sequence = head.sequence;
    this.hash = head.hash;
    this.epoch = head.epoch;
  }

  /** The next group, with one record a payload; the writer goes on as if it had been committed. */
  next(payloads: readonly string[], content: GroupContent = {}, fields: Partial<StoredRecord> = {}): Group {
    const previousSequence = this.sequence;
    const records = payloads.map((payload) => this.record(payload, fields));
    return {
      epoch: this.epoch,
      previousSequence,
      sequence: this.sequence,
      hash: this.hash,
      records,
      rows: [],
      cursors: [],
      opened: [],
      closed: [],
      upserts: [],
      ...content,
    };
  }

  private record(payload: string, fields: Partial<StoredRecord>): StoredRecord {
    this.sequence += 1;
    const record = {
      sequence: this.sequence,
      epoch: this.epoch,
      recordedAt: 1_760_000_000_000 + this.sequence,
      type: 'order.submitted',
      payload,
      source: 'orders',
      causationId: this.sequence - 1,
      correlationId: `c-${this.sequence}`,
      principal: 'user-123',
      version: 1,
      ...fields,
    };
    this.hash = chainHash(this.hash, record);
    return { ...record, hash: this.hash };
  }
}

export const orderRow = (id: string, change: Partial<OrderRow> = {}): OrderRow => ({
  id,
  sequence: 1,
  traderId: 'agent-1',
  accountId: 'account-1',
  userId: 'user-123',
  surface: 'creto',
  symbol: 'AAPL',
  side: 'buy',
  quantity: '10',
  price: '150.25',
  orderType: 'limit',
  timeInForce: 'GTC',
  status: 'working',
  listed: true,
  amount: '1502.5',
  filledQuantity: '0',
  averagePrice: '0',
  commission: '0',
  submittedAt: 1_760_000_000_000,
  executedAt: null,
  endedAt: null,
  end: null,
  denialCode: null,
  denialClass: null,
  reason: null,
  requestId: null,
  ...change,
});

export const upsertOrder = (row: OrderRow): Upsert => ({ table: 'orders', key: row.id, row });
