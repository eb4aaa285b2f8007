/** Small histories for tests of checkers: facts become chained records as the journal would write them, with a world at rest behind. */
import { createHash } from 'node:crypto';
import type { ApprovalDecided, ApprovalRequested } from '../../messages/approval.ts';
import type { OrderTicket } from '../../messages/common.ts';
import type {
  OrderEnded,
  OrderFilled,
  OrderHeld,
  OrderIntended,
  OrderSent,
  OrderSubmitted,
} from '../../messages/order.ts';
import type { TraderCreated } from '../../messages/trader.ts';
import type { EntityRow, Group } from '../../runtime/store.ts';
import type { CheckedCommit, CheckedGroup, CheckedRecord, Checker, Rest } from '../checkers/checker.ts';
import type { Fact } from '../checkers/folds/facts.ts';
import { Panel } from '../checkers/panel.ts';

export const STARTS_AT = Date.UTC(2026, 2, 2, 14);
type Told = CheckedRecord & { readonly hash: string };

export class History {
  readonly records: Told[] = [];
  at = STARTS_AT;

  /** Each fact one millisecond after the one before. */
  say(...facts: readonly Fact[]): this {
    for (const fact of facts) this.append({ ...fact, at: this.at });
    return this;
  }

  private append(message: Fact): void {
    const before = this.records.at(-1);
    const payload = JSON.stringify(message);
    const sequence = (before?.sequence ?? 0) + 1;
    const record = {
      ...{ sequence, epoch: 1, recordedAt: this.at, type: message.type, payload, message, source: 'test' },
      ...{ causationId: 0, correlationId: 'c', principal: 'user-1', version: 1, landedAt: this.at },
    };
    const fields = [sequence, 1, this.at, message.type, 'test', 0, 'c', 'user-1', 1, payload];
    const hash = createHash('sha256')
      .update([before?.hash ?? '0'.repeat(64), ...fields].join('\n'))
      .digest('hex');
    this.records.push({ ...record, hash });
    this.at += 1;
  }

  /** Nothing stored and an empty venue, but for what is given. */
  rest(world: Partial<Rest> = {}): Rest {
    return {
      stored: { rows: [], cursors: [], effects: [] },
      records: this.records,
      venueOrders: new Map(),
      venueCalls: [],
      healed: true,
      now: this.at,
      deadLetters: new Map(),
      rows: () => [],
      ...world,
    };
  }
}

/** What a checker says of a history, and of the world behind it when one is given. */
export function findingsOf(checker: Checker, { records }: Pick<History, 'records'>, rest?: Rest): string[] {
  const found: string[] = [];
  const panel = new Panel([checker], (_checker, what) => found.push(what));
  for (const record of records) panel.record(record);
  if (rest) panel.rest(rest);
  return found;
}

/** What a database was asked to write: these records and nothing else, but for what is given. */
export function commitOf(
  records: readonly CheckedRecord[],
  changes: Partial<Omit<CheckedCommit, 'group'>> & { readonly group?: Partial<Group> } = {},
): CheckedCommit {
  const [first, last] = [records[0], records.at(-1)];
  const group: Group = {
    epoch: last?.epoch ?? 1,
    previousSequence: (first?.sequence ?? 1) - 1,
    sequence: last?.sequence ?? 0,
    hash: last?.hash ?? '',
    records,
    ...{ rows: [], cursors: [], opened: [], closed: [], upserts: [] },
    ...changes.group,
  };
  const askedAt = last?.landedAt ?? STARTS_AT;
  return { connection: 1, askedAt, freeAt: 0, firstAt: first?.landedAt, ...changes, group };
}

/** These records as one commit, which has landed at a venue that knows nothing, but for what is given. */
export function groupOf(records: readonly CheckedRecord[], changes: Partial<CheckedGroup> = {}): CheckedGroup {
  const at = { landedAt: records.at(-1)?.landedAt ?? STARTS_AT, commit: commitOf(records) };
  const venue = { venueOrders: new Map(), venueCalls: [], outsideOrders: new Set<string>() };
  return { records, ...at, ...venue, ...changes };
}

export const rowOf = (agent: string, entity: string, state: unknown): EntityRow => ({
  agent,
  entity,
  version: 1,
  state: JSON.stringify({ state }),
});

export const ticket = (changes: Partial<OrderTicket> = {}): OrderTicket => ({
  orderId: 'trade-1',
  traderId: 'agent-1',
  accountId: 'acct-1',
  symbol: 'AAPL',
  side: 'buy',
  quantity: '100',
  price: '150',
  orderType: 'limit',
  timeInForce: 'GTC',
  exit: false,
  surface: 'creto',
  userId: 'user-1',
  ...changes,
});

const amountOf = ({ quantity, price }: OrderTicket): string => String(Number(quantity) * Number(price));

export const created = (config: Partial<TraderCreated['config']> = {}): TraderCreated => ({
  type: 'trader.created',
  traderId: 'agent-1',
  accountId: 'acct-1',
  userId: 'user-1',
  name: 'first',
  config: { budget: 100_000, strategy: 'balanced', riskTolerance: 'medium', ...config },
  by: 'user-1',
});

export const submitted = (changes: Partial<OrderTicket> = {}): OrderSubmitted => {
  const order = ticket(changes);
  const { price } = order;
  const quote = { bid: price, ask: price, last: price, at: STARTS_AT };
  return { type: 'order.submitted', ticket: order, amount: amountOf(order), quote };
};

/** Every gate's yes, with what it set aside. */
export function gatesOf(order: OrderTicket): OrderIntended['gates'] {
  const reserved = { risk: amountOf(order), quota: order.exit ? '0' : amountOf(order) };
  const plain = (['halt', 'compliance', 'oversight'] as const).map((gate) => ({ gate, allowed: true }));
  const sized = (['risk', 'quota'] as const).map((gate) => ({ gate, allowed: true, reserved: reserved[gate] }));
  return [...plain, ...sized];
}

export const intended = (changes: Partial<OrderTicket> = {}, more: Partial<OrderIntended> = {}): OrderIntended => {
  const order = ticket(changes);
  return { type: 'order.intended', ticket: order, gates: gatesOf(order), ...more };
};

export const held = (changes: Partial<OrderTicket> = {}): OrderHeld => {
  const order = ticket(changes);
  return { type: 'order.held', ticket: order, requestId: 'req-1', gates: gatesOf(order) };
};

export const sent = (changes: Partial<OrderTicket> = {}): OrderSent => {
  const { orderId, traderId, accountId } = ticket(changes);
  return { type: 'order.sent', orderId, traderId, accountId };
};

/** A complete fill, unless it says otherwise. */
export const filled = (order: Partial<OrderTicket> = {}, changes: Partial<OrderFilled> = {}): OrderFilled => {
  const { orderId, traderId, accountId, symbol, side, quantity, price } = ticket(order);
  const fill = { executionId: `${orderId}-1`, quantity, price, commission: '0' };
  const totals = { filledQuantity: quantity, leavesQuantity: '0', averagePrice: price, end: true };
  return { type: 'order.filled', orderId, traderId, accountId, symbol, side, ...fill, ...totals, ...changes };
};

export const ended = (order: Partial<OrderTicket> = {}, changes: Partial<OrderEnded> = {}): OrderEnded => {
  const { orderId, traderId, accountId, symbol } = ticket(order);
  return {
    type: 'order.ended',
    orderId,
    traderId,
    accountId,
    symbol,
    end: 'canceled',
    filledQuantity: '0',
    ...changes,
  };
};

/** The way of one order up to the hand-over. */
export const leaving = (changes: Partial<OrderTicket> = {}): Fact[] => [
  submitted(changes),
  intended(changes),
  sent(changes),
];

export const halted: Fact = {
  type: 'trading.halted',
  stopId: 'stop-1',
  scope: 'account',
  targetId: 'acct-1',
  reason: 'test',
  by: 'supervisor-1',
};
export const resumed: Fact = { type: 'trading.resumed', stopId: 'stop-1', by: 'supervisor-1', reason: 'over' };

export const requested = (changes: Partial<OrderTicket> = {}): ApprovalRequested => {
  const order = ticket(changes);
  const { orderId, traderId } = order;
  const shown = { contentHash: 'h', shownPrice: '150', band: { low: '148.5', high: '151.5' }, expiresAt: 0 };
  return {
    ...{ type: 'approval.requested', requestId: 'req-1', orderId, traderId, ticket: order },
    ...{ amount: amountOf(order), reason: 'large', priority: 'medium', ...shown },
  };
};

export const decided = (decision: ApprovalDecided['decision'], changes: Partial<OrderTicket> = {}): ApprovalDecided => {
  const { orderId, traderId } = ticket(changes);
  return { type: 'approval.decided', requestId: 'req-1', orderId, traderId, decision, by: 'supervisor-1' };
};
