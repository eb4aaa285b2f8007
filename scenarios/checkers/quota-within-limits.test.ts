/** I9 on traders who use more than their quotas. */
import { expect, test } from 'vitest';
import type { DenialCode } from '../../domain/denial.ts';
import { created, ended, filled, findingsOf, History, intended, leaving, submitted } from '../testing/history.ts';
import type { Fact } from './folds/facts.ts';
import { quotaWithinLimits } from './quota-within-limits.ts';

const DAY_MS = 86_400_000;
const settings = { limits: undefined, quotaDailyTrades: 2, quotaDailyVolume: 40_000, autonomousThreshold: '50000' };
const foundIn = (history: History) => findingsOf(quotaWithinLimits(settings), history);
const found = (...facts: Fact[]) => foundIn(new History().say(...facts));
const [second, third] = [{ orderId: 'trade-2' }, { orderId: 'trade-3', quantity: '1', price: '1' }];

test('finds the trade beyond the daily number', () => {
  expect(found(created(), ...leaving(), ...leaving(second))).toEqual([]);
  expect(found(created(), ...leaving(), ...leaving(second), ...leaving(third))).toEqual([
    'order trade-3 takes agent-1 to 3 trades of 2 a day',
  ]);
});

test('finds volume and budget beyond their limits', () => {
  const large = { ...second, quantity: '200' };
  expect(found(created({ budget: 30_000 }), ...leaving(), ...leaving(large))).toEqual([
    'order trade-2 takes agent-1 to a volume of 45000 of 40000 a day',
    'order trade-2 takes agent-1 to 45000 of a budget of 30000 a month',
  ]);
});

test('what ended unfilled is given back, what was filled is not', () => {
  expect(found(created(), ...leaving(), ended(), ...leaving(second), ...leaving(third))).toEqual([]);
  expect(found(created(), ...leaving(), filled(), ...leaving(second), ...leaving(third))).toHaveLength(1);
});

test('sells and exits use no budget, exits no quota at all', () => {
  const poor = created({ budget: 1 });
  expect(found(poor, ...leaving({ side: 'sell' }))).toEqual([]);
  expect(found(poor, ...leaving(), ...leaving(second)).length).toBeGreaterThan(0);
  const exits = [1, 2, 3].flatMap((index) => leaving({ orderId: `trade-${index}`, side: 'sell', exit: true }));
  expect(found(poor, ...exits)).toEqual([]);
});

test('a new day begins at nothing used', () => {
  const history = new History().say(created(), ...leaving(), ...leaving(second));
  history.at += DAY_MS;
  expect(foundIn(history.say(...leaving(third)))).toEqual([]);
});

test('an order that crosses midnight in its gates counts in neither day', () => {
  const history = new History().say(created(), ...leaving(), ...leaving(second), submitted(third));
  history.at += DAY_MS;
  expect(foundIn(history.say(intended(third)))).toEqual([]);
});

test('what an order is worth counts, whatever its gate says it has set aside', () => {
  const large = { ...second, quantity: '250' };
  const [asked, sent, ...rest] = leaving(large);
  const forgetful = {
    ...sent,
    gates: [{ gate: 'quota', allowed: true, reserved: '0.0001' }],
  } as Fact;
  expect(found(created(), ...leaving(), asked!, forgetful, ...rest)).toEqual([
    'order trade-2 takes agent-1 to a volume of 52500 of 40000 a day',
  ]);
});

test('finds a refusal for a quota that has room, whatever waits in its gates', () => {
  const refused = (code: DenialCode): Fact[] => [
    submitted(second),
    ended(second, { end: 'denied', denial: { code, class: 'quota', explanation: 'no', numbers: {} } }),
  ];
  expect(found(created(), ...leaving(), ...refused('QUOTA_VOLUME'))).toEqual([
    'order trade-2 was denied by QUOTA_VOLUME, and takes 30000 of 40000 at most',
  ]);
  expect(found(created({ budget: 30_000 }), ...leaving(), ...refused('QUOTA_BUDGET'))).toHaveLength(1);
  expect(found(created({ budget: 29_999 }), ...leaving(), ...refused('QUOTA_BUDGET'))).toEqual([]);
  expect(found(created(), submitted(), submitted({ ...third, quantity: '20000' }), ...refused('QUOTA_VOLUME'))).toEqual(
    [],
  );
});
