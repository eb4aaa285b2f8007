/**
 * One small world in good order, records, rows, tables and venue: trade-1 has bought 100 AAPL, trade-2 rests at the venue, the
 * account acct-9 is halted. Tests plant one fault in it.
 */
import type { PaperOrder } from '../../adapters/paper/matching.ts';
import type { OrderTicket } from '../../messages/common.ts';
import type { EntityRow } from '../../runtime/store.ts';
import type { Rest } from '../checkers/checker.ts';
import type { Fact } from '../checkers/folds/facts.ts';
import { created, filled, gatesOf, History, halted, leaving, rowOf, STARTS_AT, ticket } from './history.ts';

const RESTING = { orderId: 'trade-2', quantity: '10', price: '140' } as const;
const bought = filled({}, { commission: '1' });
export const otherHalt: Fact = { ...halted, targetId: 'acct-9' } as Fact;

export function smallHistory(): History {
  const working: Fact = { type: 'order.working', orderId: 'trade-2', traderId: 'agent-1' };
  return new History().say(created(), ...leaving(), bought, ...leaving(RESTING), working, otherHalt);
}

export function venueOrder(order: OrderTicket, changes: Partial<PaperOrder> = {}): PaperOrder {
  const { orderId: clientOrderId, accountId, symbol, side, quantity, price, orderType, timeInForce } = order;
  return {
    order: { clientOrderId, accountId, symbol, side, quantity, price, orderType, timeInForce },
    acceptedAt: STARTS_AT,
    status: 'accepted',
    triggered: false,
    fills: [],
    leavesQuantity: quantity,
    ...changes,
  };
}

const { executionId, quantity, price, commission } = bought;
const FILL = { executionId, quantity, price, commission };
const position = { quantity: '100', cost: '15000', averagePrice: '150', realizedPnl: '0' };
const halt = { stopId: 'stop-1', scope: 'account', targetId: 'acct-9', reason: 'test', by: 'supervisor-1' };
const day = Date.UTC(2026, 2, 2);
const month = Date.UTC(2026, 2, 1);

const restingContext = {
  ticket: ticket(RESTING),
  amount: '1400',
  gates: gatesOf(ticket(RESTING)),
  filledQuantity: '0',
  averagePrice: '0',
  commission: '0',
  executions: [],
  submittedAt: STARTS_AT + 5,
  executedAt: null,
  endedAt: null,
  end: null,
  request: null,
  approvedBy: null,
  attempts: 1,
  lookups: 0,
  accepted: true,
};

export const STATES: Readonly<Record<string, unknown>> = {
  'orders ': { halts: [halt] },
  'orders trade-2': { value: 'working', context: restingContext, status: 'active' },
  'portfolio acct-1': {
    accountId: 'acct-1',
    cash: '84999',
    deposited: '100000',
    commission: '1',
    positions: { AAPL: position },
  },
  'risk acct-1': {
    positions: { AAPL: position },
    reservations: {
      'trade-2': { symbol: 'AAPL', side: 'buy', leavesQuantity: '10', price: '140', amount: '1400', exit: false },
    },
  },
  'quota agent-1': {
    ...{
      traderId: 'agent-1',
      monthlyBudget: '100000',
      terminated: false,
      day,
      month,
      trades: 2,
      volume: '16400',
      spent: '16400',
    },
    warned: { trades: 0, volume: 0, budget: 0 },
    reservations: { 'trade-2': { amount: '1400', budgeted: true, day, month, filledAmount: '0' } },
  },
  'breaker ': { halts: [halt], limits: null },
  'breaker stop/stop-1': { stop: { status: 'active', halt }, account: null },
};

const rowsOf = (states: Readonly<Record<string, unknown>>): EntityRow[] =>
  Object.entries(states).map(([key, state]) => {
    const [agent = '', entity = ''] = key.split(' ');
    return rowOf(agent, entity, state);
  });

/** The same entity rows with `changes` at `<agent> <entity>`; undefined takes a row out. */
export function rowsWith(changes: Readonly<Record<string, object | undefined>> = {}): EntityRow[] {
  const states: Record<string, unknown> = { ...STATES };
  for (const [key, change] of Object.entries(changes)) {
    if (change === undefined) delete states[key];
    else states[key] = { ...(states[key] as object | undefined), ...change };
  }
  return rowsOf(states);
}

export const goodVenue = (): Map<string, PaperOrder> =>
  new Map([
    ['trade-1', venueOrder(ticket(), { status: 'filled', fills: [FILL], leavesQuantity: '0' })],
    ['trade-2', venueOrder(ticket(RESTING))],
  ]);

export function smallRest(history: History, changes: Partial<Rest> = {}): Rest {
  const stored = { rows: rowsWith(), cursors: [], effects: [] };
  return history.rest({ stored, venueOrders: goodVenue(), rows: (table) => TABLES[table] ?? [], ...changes });
}

const orderColumns = (order: OrderTicket, sequence: number) => {
  const { orderId: id, exit, ...columns } = order;
  return {
    ...columns,
    id,
    sequence,
    amount: String(Number(order.quantity) * Number(order.price)),
    submittedAt: STARTS_AT + sequence - 1,
    listed: true,
  };
};
const noTrouble = { denialCode: null, denialClass: null, reason: null, requestId: null };

export const TABLES: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  orders: [
    {
      ...orderColumns(ticket(), 2),
      ...noTrouble,
      ...{ status: 'ended', end: 'filled', filledQuantity: '100', averagePrice: '150', commission: '1' },
      executedAt: STARTS_AT + 4,
      endedAt: STARTS_AT + 4,
    },
    {
      ...orderColumns(ticket(RESTING), 6),
      ...noTrouble,
      ...{ status: 'working', end: null, filledQuantity: '0', averagePrice: '0', commission: '0' },
      executedAt: null,
      endedAt: null,
    },
  ],
  fills: [
    {
      ...{ id: executionId, sequence: 5, orderId: 'trade-1', traderId: 'agent-1', accountId: 'acct-1', symbol: 'AAPL' },
      ...{ side: 'buy', quantity, price, commission, realizedPnl: '0', at: STARTS_AT + 4 },
    },
  ],
  positions: [{ id: 'acct-1/AAPL', quantity: '100', cost: '15000' }],
  ledger: [
    posting('deposit/acct-1', { cash: '100000', capital: '-100000' }),
    posting(executionId, { cash: '-15001', securities: '15000', commission: '1' }),
  ],
  halts: [
    {
      ...{
        id: 'stop-1',
        sequence: 10,
        scope: 'account',
        targetId: 'acct-9',
        reason: 'test',
        triggeredBy: 'supervisor-1',
      },
      ...{ createdAt: STARTS_AT + 9, status: 'active', resolvedBy: null, resolvedAt: null, resolution: null },
    },
  ],
};

export function posting(id: string, books: Readonly<Record<string, string>>) {
  const entries = Object.entries(books).map(([book, amount]) => ({ account: `acct-1/${book}`, amount }));
  return { id, entries: JSON.stringify(entries) };
}
