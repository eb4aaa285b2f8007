/** Rare situations are counted where they are, and missed where they are not. */
import { expect, test } from 'vitest';
import { ended, filled, History, halted, intended, leaving } from '../testing/history.ts';
import { coverageLines } from './coverage.ts';
import { SITUATIONS } from './situations.ts';
import { neverReached, sometimesOf, sum } from './sometimes.ts';

type Messages = Parameters<typeof sometimesOf>[0]['messages'];

const count = (history: History, faults: Readonly<Record<string, number>> = {}, messages: Messages = []) =>
  sometimesOf({ rest: history.rest(), records: history.records, answers: [], messages, faults });

test('a world in which nothing happens reaches nothing', () => {
  expect(neverReached(count(new History()))).toHaveLength(SITUATIONS.length);
});

test('a stop while a cancel is in flight counts once', () => {
  const canceling = {
    type: 'order.cancel-requested',
    orderId: 'trade-1',
    traderId: 'a',
    by: 'b',
    reason: 'c',
  } as const;
  const counts = count(new History().say(...leaving(), canceling, halted));
  expect(counts['stop while a cancel is in flight']).toBe(1);
  expect(counts['stop with a second one in force']).toBe(0);
});

test('a second hand-over and a partial fill before a cancel count', () => {
  const part = filled({}, { quantity: '40', filledQuantity: '40', leavesQuantity: '60', end: false });
  const history = new History().say(...leaving(), intended(), part, { ...ended(), filledQuantity: '40' });
  expect(count(history)).toMatchObject({ 'handed over again': 1, 'partial fill, then a cancel': 1, 'late fill': 0 });
});

test('an agent that crashes counts by what is on its way', () => {
  const crashed = { type: 'agent.crashed', agent: 'risk', reason: 'planted' } as never;
  const gaveUp = { type: 'agent.escalated', agent: 'order-flow', reason: 'planted' } as never;
  const history = new History().say(crashed, ...leaving(), crashed, gaveUp);
  expect(count(history)).toMatchObject({ 'agent crashed with an order in flight': 1, 'supervisor gave up': 1 });
});

test('faults count with their number', () => {
  expect(count(new History(), { duplicate: 3 })['fault: duplicate']).toBe(3);
});

test('who comes back after he was let in, and hears on, counts', () => {
  const hears = (who: string, text: object) => ({ who, text: JSON.stringify(text) });
  const [letIn, line] = [{ type: 'auth:ok' }, { event_type: 'x', source: 'execution' }];
  const told = [letIn, line, letIn, line, line].map((text) => hears('ann', text));
  const counts = count(new History(), {}, [hears('bob', letIn), hears('bob', line), ...told]);
  expect(counts['line lost and taken up again']).toBe(1);
  expect(counts['run followed over a lost line']).toBe(2);
});

test('worlds add up, and what none of them reached is told', () => {
  const one = count(new History(), { duplicate: 3 });
  const total = sum([one, one]);
  expect(total['fault: duplicate']).toBe(6);
  const lines = coverageLines(total);
  expect(lines[0]).toBe(`rare situations reached: 1 of ${SITUATIONS.length}`);
  expect(lines).toContain('  NEVER late fill');
});

test('names are unique', () => {
  expect(new Set(SITUATIONS.map(({ name }) => name)).size).toBe(SITUATIONS.length);
});
