/** M2 on refusals for room that was there. */
import { describe, expect, test } from 'vitest';
import type { DenialCode } from '../../domain/denial.ts';
import { developmentProfile } from '../settings.ts';
import { created, ended, filled, findingsOf, History, leaving, submitted } from '../testing/history.ts';
import type { Fact } from './folds/facts.ts';
import { refusalsAreDue } from './refusals-are-due.ts';

const profile = developmentProfile();
const known = profile.limits!.accounts.default!;
const withExposure = (exposureMax: string) => ({
  ...profile,
  limits: { ...profile.limits!, accounts: { default: { ...known, exposureMax } } },
});
const second = { orderId: 'trade-2' };
const denied = (code: DenialCode): Fact =>
  ended(second, { end: 'denied', denial: { code, class: 'limit', explanation: 'no', numbers: {} } });

function found(exposureMax: string, code: DenialCode, ...between: readonly Fact[]): string[] {
  const history = new History().say(created(), ...leaving(), submitted(second), ...between, denied(code));
  return findingsOf(refusalsAreDue(withExposure(exposureMax)), history);
}

describe('the exposure', () => {
  test('of what works and what is asked may be too much together', () => {
    expect(found('29999', 'EXPOSURE_LIMIT')).toEqual([]);
  });

  test('is found where both fit', () => {
    expect(found('30000', 'EXPOSURE_LIMIT')).toEqual([
      'order trade-2 was denied by EXPOSURE_LIMIT, but the exposure can reach 30000 at most, the limit is 30000',
    ]);
  });

  test('of a sale counts at the bid where that is above its limit', () => {
    const sale = submitted({ ...second, side: 'sell' });
    const foundAt = (bid: string) => {
      const history = new History().say(created(), ...leaving());
      history.say({ ...sale, quote: { ...sale.quote!, bid } }, denied('EXPOSURE_LIMIT'));
      return findingsOf(refusalsAreDue(withExposure('15500')), history);
    };
    expect(foundAt('160')).toEqual([]);
    expect(foundAt('155')).toHaveLength(1);
  });

  test('cannot be told where something moved meanwhile', () => {
    expect(found('30000', 'EXPOSURE_LIMIT', filled())).toEqual([]);
  });
});

test.each([
  ['POSITION_LIMIT', 'the position can reach 200 at most'],
  ['MAX_POSITION_SIZE', "the position can be worth 30000 at most, the trader's own maximum is none"],
  ['INSUFFICIENT_FUNDS', 'the exposure can reach 30000 at most, and funds of 100000 carry it'],
] as const)('finds %s where there is room', (code, why) => {
  expect(found('30000', code)).toEqual([expect.stringContaining(`order trade-2 was denied by ${code}, but ${why}`)]);
});
