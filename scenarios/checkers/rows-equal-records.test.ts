/** I10 on rows that differ in one field from what the records say. */
import { describe, expect, test } from 'vitest';
import type { OrderSubmitted } from '../../messages/order.ts';
import {
  commitOf,
  decided,
  ended,
  findingsOf,
  gatesOf,
  groupOf,
  held,
  requested,
  rowOf,
  submitted,
  ticket,
} from '../testing/history.ts';
import { rowsWith, STATES, smallHistory, smallRest } from '../testing/small-world.ts';
import type { Fact } from './folds/facts.ts';
import { rowsEqualRecords } from './rows-equal-records.ts';

const history = smallHistory();
const contextOf = (key: string) => (STATES[key] as { context: object }).context;

function found(changes: Readonly<Record<string, object | undefined>>, healed = true): string[] {
  const stored = { rows: rowsWith(changes), cursors: [], effects: [] };
  return findingsOf(rowsEqualRecords(), history, smallRest(history, { stored, healed }));
}

test('finds an open order without a row, and a row without an open order', () => {
  expect(found({ 'orders trade-2': undefined })).toEqual(['order trade-2 is working, and has no row']);
  expect(found({ 'orders trade-1': { value: 'working', context: {} } })).toEqual([
    'order trade-1 has a row, and has ended',
  ]);
});

test.each([
  ['filledQuantity', '3'],
  ['executions', ['x']],
  ['accepted', false],
  ['attempts', 2],
  ['submittedAt', 0],
])('finds a wrong %s of an order', (field, value) => {
  const context = { ...contextOf('orders trade-2'), [field]: value };
  const [finding, ...others] = found({ 'orders trade-2': { context } });
  expect(finding).toContain(`order trade-2: ${field} is`);
  expect(others).toEqual([]);
});

test('finds an order in another state than it was told to be', () => {
  expect(found({ 'orders trade-2': { value: 'held' } })).toEqual(['order trade-2 is held, the records say working']);
});

test('finds a wrong position, cash and commission', () => {
  expect(found({ 'portfolio acct-1': { cash: '85000' } })).toHaveLength(1);
  expect(found({ 'portfolio acct-1': { positions: {} } })).toHaveLength(1);
  expect(found({ 'risk acct-1': { positions: {} } })).toHaveLength(1);
  expect(found({ 'portfolio acct-1': undefined })).toEqual(['account acct-1 is known to the records only']);
});

test('finds room that was not set aside, and room that nobody needs', () => {
  expect(found({ 'risk acct-1': { reservations: {} } })).toEqual([
    'risk of acct-1 has set nothing aside for order trade-2',
  ]);
  const { reservations } = STATES['risk acct-1'] as { reservations: Record<string, object> };
  const stale = { ...reservations, 'trade-1': reservations['trade-2'] };
  expect(found({ 'risk acct-1': { reservations: stale } })).toEqual([
    'risk of acct-1 has set room aside for order trade-1, which has ended or was never cleared',
  ]);
});

test.each([
  ['trades', 3],
  ['volume', '16401'],
  ['spent', '0'],
  ['monthlyBudget', '1'],
  ['reservations', {}],
])('finds wrong %s of a quota', (field, value) => {
  expect(found({ 'quota agent-1': { [field]: value } })).toHaveLength(1);
});

test('finds whoever does not know a halt, or knows one that is over', () => {
  expect(found({ 'orders ': { halts: [] } })).toEqual(['orders does not know the halt stop-1, which is in force']);
  expect(found({ 'breaker ': { halts: [] } })).toEqual(['breaker does not know the halt stop-1, which is in force']);
  const { halts } = STATES['orders '] as { halts: object[] };
  const more = [...halts, { stopId: 'stop-0', scope: 'system' }];
  expect(found({ 'orders ': { halts: more } })).toEqual(['orders knows the halt stop-0, which is over']);
  expect(found({ 'breaker stop/stop-1': { stop: { status: 'released' } } })).toHaveLength(2);
});

test('while faults last an agent may lag behind what it reads, and never behind what it said', () => {
  expect(found({ 'risk acct-1': { positions: {} }, 'orders ': { halts: [] } }, false)).toEqual([]);
  expect(found({ 'orders trade-2': undefined }, false)).toHaveLength(1);
});

describe('of an order that waits for a person', () => {
  const asking = { orderId: 'trade-3', quantity: '10', price: '140' } as const;
  const order = ticket(asking);
  const [asked, waits] = [[submitted(asking), requested(asking)], held(asking)];

  /** Findings on an order that stands here, with room and a quota for so many dollars. */
  function foundOf(
    facts: readonly Fact[],
    place: object | string,
    amount: string,
    approvedBy: string | null,
  ): string[] {
    const told = smallHistory().say(...facts);
    const { sequence } = told.records.find(
      ({ message }) => (message as Partial<OrderSubmitted>).ticket?.orderId === 'trade-3',
    )!;
    const context = {
      ...contextOf('orders trade-2'),
      ...{ ticket: order, amount, gates: gatesOf(order), request: { requestId: 'req-1' }, approvedBy },
      ...{ submittedAt: told.records[sequence - 1]!.message.at, attempts: 0, accepted: false },
    };
    const { day, month, reservations, ...quota } = STATES['quota agent-1'] as Record<string, object>;
    const { reservations: room } = STATES['risk acct-1'] as Record<string, object>;
    const price = String(Number(amount) / 10);
    const rows = rowsWith({
      'orders trade-3': { value: place, context, status: 'active' },
      'risk acct-1': {
        reservations: {
          ...room,
          'trade-3': { symbol: 'AAPL', side: 'buy', leavesQuantity: '10', price, amount, exit: false },
        },
      },
      'quota agent-1': {
        ...quota,
        ...{ trades: 3, volume: String(16_400 + Number(amount)) },
        reservations: { ...reservations, 'trade-3': { amount, budgeted: false, day, month, filledAmount: '0' } },
      },
    });
    const stored = { rows, cursors: [], effects: [] };
    return findingsOf(rowsEqualRecords(), told, smallRest(told, { stored }));
  }

  test('a rejected one keeps what it has set aside until it ends', () => {
    const rejected = [...asked, waits, decided('rejected', asking)];
    expect(foundOf(rejected, 'held', '1400', null)).toEqual([]);
    expect(foundOf(rejected, { gating: 'risk' }, '1400', 'supervisor-1').length).toBeGreaterThan(0);
  });

  test.each([
    ['behind its own word that it waits', [...asked, waits, decided('approved', asking)]],
    ['before it', [...asked, decided('approved', asking), waits]],
  ])('an approved one is in its gates again, at another price: approved %s', (_when, approved) => {
    expect(foundOf(approved, 'held', '1400', null)).toEqual([]);
    expect(foundOf(approved, { gating: 'oversight' }, '1410', 'supervisor-1')).toEqual([]);
    expect(foundOf(approved, 'working', '1410', 'supervisor-1')).toEqual([
      'order trade-3 is working, the records say gating',
    ]);
  });
});

/** The whole history, and then the same rows with so many commits; the agents have read to `readTo`. */
function foundInCommits(
  key: string,
  changes: object | null,
  readTo = history.records.length,
  commits = 100,
  { records } = history,
): string[] {
  const told: string[] = [];
  const checker = rowsEqualRecords();
  for (const record of records) for (const fold of checker.folds ?? []) fold.apply(record);
  const [agent = '', entity = ''] = key.split(' ');
  const state = changes && { ...(STATES[key] as object), ...changes };
  const row = state ? rowOf(agent, entity, state) : { agent, entity, version: 1, state: null };
  const commit = commitOf([], { group: { rows: [row], cursors: [{ agent, sequence: readTo }] } });
  for (let count = 0; count < commits; count += 1)
    checker.onGroup?.(groupOf([], { commit }), (what) => told.push(what));
  return [...new Set(told)];
}

test.each([
  ['orders trade-2', { value: 'held' }, 'order trade-2 is held, the records say working'],
  ['orders trade-2', null, 'order trade-2 is working, and has no row'],
  ['portfolio acct-1', { cash: '1' }, 'portfolio of acct-1: cash is "1", the records say "84999"'],
  ['risk acct-1', { reservations: {} }, 'risk of acct-1 has set nothing aside for order trade-2'],
  ['quota agent-1', { trades: 3 }, 'quotas of agent-1: trades is 3, the records say 2'],
  ['orders ', { halts: [] }, 'orders does not know the halt stop-1, which is in force'],
  ['breaker ', { halts: [] }, 'breaker does not know the halt stop-1, which is in force'],
])('finds a row of %s that is committed otherwise', (key, changes, finding) => {
  expect(foundInCommits(key, changes)).toContain(finding);
  expect(foundInCommits(key, {})).toEqual([]);
});

test('a quota that is still set aside for an order which was refused is none while its agent has not read that end', () => {
  const order = { orderId: 'trade-3' } as const;
  const told = smallHistory().say(submitted(order), ended(order, { end: 'denied' }));
  const { day, month, reservations } = STATES['quota agent-1'] as Record<string, object>;
  const room = { amount: '1400', budgeted: false, day, month, filledAmount: '0' };
  const changes = { trades: 3, volume: '17800', reservations: { ...reservations, 'trade-3': room } };
  const { length } = told.records;
  expect(foundInCommits('quota agent-1', changes, length - 1, 100, told)).toEqual([]);
  expect(foundInCommits('quota agent-1', changes, length, 100, told)).toContain(
    'order trade-3 holds a quota, and has ended or was never cleared',
  );
});

test('reads a sample of what is committed, and only what its agent has read up to', () => {
  expect(foundInCommits('risk acct-1', { positions: {} }, 4)).toEqual([]);
  expect(foundInCommits('risk acct-1', { positions: {} }, 5, 1)).toEqual([]);
});
