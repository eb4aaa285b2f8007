/** D4 on a stop whose commit was lost. */
import { expect, test } from 'vitest';
import { commitOf, ended, groupOf, History, halted, leaving, submitted } from '../testing/history.ts';
import type { CheckedRecord } from './checker.ts';
import type { Fact } from './folds/facts.ts';
import { haltsAreNeverVoid } from './halts-are-never-void.ts';

const said = (...facts: readonly Fact[]): readonly CheckedRecord[] => new History().say(...facts).records;

/** A commit with these records is lost; then others land, of the same process or of the next one. */
function found(
  lost: readonly CheckedRecord[],
  landed: readonly (readonly CheckedRecord[])[],
  connection = 1,
): string[] {
  const told: string[] = [];
  const checker = haltsAreNeverVoid();
  checker.onLost?.(commitOf(lost), (what) => told.push(what));
  for (const records of landed)
    checker.onGroup?.(groupOf(records, { commit: commitOf(records, { connection }) }), (what) => told.push(what));
  checker.atRest(new History().rest(), (what) => told.push(what));
  return told;
}

test('the recovery says it first, whatever has ended before', () => {
  expect(found(said(halted), [said(ended(), halted, ...leaving())])).toEqual([]);
  expect(found(said(halted), [said(ended()), said(halted), said(...leaving())])).toEqual([]);
});

test('finds an order that comes before it', () => {
  expect(found(said(halted), [said(submitted(), halted)])).toEqual([
    'order.submitted comes before the stop stop-1, which a lost commit took',
  ]);
});

test('while the agent that halts is down an order may come in, and no further', () => {
  const life = (type: string, agent: string) => ({ type, agent, reason: 'planted' }) as never;
  const [crashed, restarted] = [life('agent.crashed', 'breaker'), life('agent.restarted', 'breaker')];
  expect(found(said(halted), [said(crashed, submitted()), said(restarted, halted, ...leaving())])).toEqual([]);
  expect(found(said(halted), [said(crashed), said(...leaving())])).toEqual([
    'order.intended comes before the stop stop-1, which a lost commit took',
  ]);
  const submittedFirst = ['order.submitted comes before the stop stop-1, which a lost commit took'];
  expect(found(said(halted), [said(crashed, restarted, submitted(), halted)])).toEqual(submittedFirst);
  expect(found(said(halted), [said(crashed, life('agent.recovered', 'journal'), submitted())])).toEqual(submittedFirst);
  expect(found(said(halted), [said(life('agent.crashed', 'quota'), submitted())])).toEqual(submittedFirst);
});

test('finds a halt that never comes again', () => {
  expect(found(said(halted), [said(ended())])).toEqual([
    'the stop stop-1, which a lost commit took, was never recorded again',
  ]);
});

test('the breaker concludes its own anew, under another id, for the same account', () => {
  const tripped = (stopId: string, targetId: string) =>
    said(Object.assign({}, halted, { stopId, targetId, by: 'circuit-breaker' }));
  const lost = tripped('stop-1', 'acct-1');
  expect(found(lost, [tripped('stop-2', 'acct-1'), said(...leaving())])).toEqual([]);
  expect(found(lost, [tripped('stop-2', 'acct-2'), said(...leaving())])).toEqual([
    'order.submitted comes before the stop of the account acct-1, which a lost commit took',
  ]);
});

test('a process that has died takes with it what nobody was told', () => {
  expect(found(said(halted), [said(...leaving())], 2)).toEqual([]);
});

test('what an agent concluded it concludes again in its time', () => {
  const concluded = said(halted).map((record) => ({ ...record, causationId: 7 }));
  expect(found(concluded, [said(...leaving())])).toEqual([]);
});
