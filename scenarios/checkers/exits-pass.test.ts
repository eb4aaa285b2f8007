/** A4 on cancels and exits that were held back. */
import { expect, test } from 'vitest';
import { findingsAt } from '../testing/answers.ts';
import { ended, findingsOf, History, submitted } from '../testing/history.ts';
import { exitsPass } from './exits-pass.ts';

const denial = (code: 'HALTED' | 'NOT_AN_EXIT') => ({ code, class: 'halt', explanation: 'no', numbers: {} }) as const;

test('an exit is denied for being none, and for nothing else', () => {
  const exit = submitted({ exit: true });
  const no = (code: 'HALTED' | 'NOT_AN_EXIT') => ({ ...ended(), end: 'denied' as const, denial: denial(code) });
  expect(findingsOf(exitsPass(), new History().say(exit, no('NOT_AN_EXIT')))).toEqual([]);
  expect(findingsOf(exitsPass(), new History().say(exit, no('HALTED')))).toEqual([
    'the exit trade-1 was denied by HALTED',
  ]);
});

test('any other order may be denied', () => {
  const no = { ...ended(), end: 'denied' as const, denial: denial('HALTED') };
  expect(findingsOf(exitsPass(), new History().say(submitted(), no))).toEqual([]);
});

test('finds an exit that a halt has cancelled', () => {
  const gone = { ...ended(), end: 'canceled' as const, reason: 'halt stop-1: test' };
  expect(findingsOf(exitsPass(), new History().say(submitted({ exit: true }), gone))).toHaveLength(1);
});

test.each([
  [200, 0],
  [404, 0],
  [409, 0],
  [423, 1],
  [429, 1],
  [500, 1],
])('a cancel that is answered %i is %i findings', (status, findings) => {
  const cancel = { method: 'DELETE', path: '/api/v1/agents/agent-1/trades/trade-1', status };
  expect(findingsAt(exitsPass(), cancel)).toHaveLength(findings);
});
