/** C4 on cancels that were answered and did nothing. */
import { expect, test } from 'vitest';
import { heard } from '../testing/answers.ts';
import { ended, History, leaving } from '../testing/history.ts';
import { cancelsAreHeard } from './cancels-are-heard.ts';

function found(history: History, status: number, path = '/api/v1/agents/agent-1/trades/trade-1'): string[] {
  const checker = cancelsAreHeard();
  const told: string[] = [];
  for (const record of history.records) checker.onRecord(record, (what) => told.push(what));
  checker.onAnswer?.(heard({ method: 'DELETE', path, status }), (what) => told.push(what));
  return told;
}

test.each([200, 409])('an order that has ended may be answered %i', (status) => {
  expect(found(new History().say(...leaving(), ended()), status)).toEqual([]);
});

test.each([200, 409])('finds an answer %i over an order that goes on', (status) => {
  expect(found(new History().say(...leaving()), status)).toEqual([
    `the cancel of trade-1 was answered ${status}, and it is sent: {}`,
  ]);
});

test('a venue that cannot tell leaves it open', () => {
  expect(found(new History().say(...leaving()), 503)).toEqual([]);
});

test('leaving a trader is no cancel of an order', () => {
  expect(found(new History().say(...leaving()), 409, '/api/v1/agents/agent-1')).toEqual([]);
});
