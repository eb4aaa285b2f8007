/** I3 on orders that leave in a halt. */
import { expect, test } from 'vitest';
import { findingsOf, History, halted, intended, leaving, resumed, sent, submitted } from '../testing/history.ts';
import type { Fact } from './folds/facts.ts';
import { nothingSentInAHalt } from './nothing-sent-in-a-halt.ts';

const found = (...facts: Fact[]) => findingsOf(nothingSentInAHalt(), new History().say(...facts));
const haltOf = (scope: 'system' | 'account' | 'agent', targetId?: string): Fact => ({
  ...{ type: 'trading.halted', stopId: 'stop-1', reason: 'test', by: 'supervisor-1', scope },
  ...(targetId !== undefined && { targetId }),
});

test('finds an order that was sent after a halt of its account', () => {
  expect(found(submitted(), intended(), halted, sent())).toEqual([
    'order trade-1 was sent although the halt stop-1 (account) covers it',
  ]);
});

test.each([haltOf('system'), haltOf('agent', 'agent-1'), haltOf('account', 'acct-1')])(
  'knows the scope of $scope',
  (halt) => {
    expect(found(halt, ...leaving())).toHaveLength(1);
  },
);

test.each([haltOf('agent', 'agent-2'), haltOf('account', 'agent-1')])(
  'a halt of others ($scope $targetId) covers nothing',
  (halt) => {
    expect(found(halt, ...leaving())).toEqual([]);
  },
);

test('what was sent before the halt, or after its release, is fine', () => {
  expect(found(...leaving(), halted, resumed, ...leaving({ orderId: 'trade-2' }))).toEqual([]);
});

test('exits leave in a halt', () => {
  expect(found(halted, ...leaving({ exit: true, side: 'sell' }))).toEqual([]);
});

test('the release of one halt leaves the other in force', () => {
  const other = { ...haltOf('system'), stopId: 'stop-2' } as Fact;
  expect(found(halted, other, resumed, ...leaving())).toEqual([
    'order trade-1 was sent although the halt stop-2 (system) covers it',
  ]);
});

test('under a halt that lets reduction pass only what risk has seen to reduce leaves', () => {
  const reducing = { ...haltOf('account', 'acct-1'), mode: 'reduce' } as Fact;
  expect(found(reducing, ...leaving())).toHaveLength(1);
  const seen = leaving().map((fact) =>
    fact.type === 'order.intended'
      ? {
          ...fact,
          gates: fact.gates.map((gate) => (gate.gate === 'risk' ? { ...gate, reduces: true as const } : gate)),
        }
      : fact,
  );
  expect(found(reducing, ...seen)).toEqual([]);
  expect(found(haltOf('account', 'acct-1'), ...seen)).toHaveLength(1);
});
