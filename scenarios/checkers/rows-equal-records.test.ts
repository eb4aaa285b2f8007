/** I10 on rows that differ in one field from what the records say. */
import { expect, test } from 'vitest';
import { commitOf, findingsOf, groupOf, rowOf } from '../testing/history.ts';
import { rowsWith, STATES, smallHistory, smallRest } from '../testing/small-world.ts';
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

/** The whole history, and then the same rows with so many commits; the agents have read to `readTo`. */
function foundInCommits(key: string, changes: object | null, readTo = history.records.length, commits = 100): string[] {
  const told: string[] = [];
  const checker = rowsEqualRecords();
  for (const record of history.records) for (const fold of checker.folds ?? []) fold.apply(record);
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

test('reads a sample of what is committed, and only what its agent has read up to', () => {
  expect(foundInCommits('risk acct-1', { positions: {} }, 4)).toEqual([]);
  expect(foundInCommits('risk acct-1', { positions: {} }, 5, 1)).toEqual([]);
});
