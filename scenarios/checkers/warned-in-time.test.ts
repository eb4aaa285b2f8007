/** C13 on thresholds that were crossed in silence. */
import { expect, test } from 'vitest';
import { created, findingsOf, History, leaving, submitted } from '../testing/history.ts';
import type { Fact } from './folds/facts.ts';
import { warnedInTime } from './warned-in-time.ts';

const settings = { limits: undefined, quotaDailyTrades: 100, quotaDailyVolume: 18_000, autonomousThreshold: '50000' };
const warned = (threshold: number): Fact => ({
  ...{ type: 'quota.warned', traderId: 'agent-1', quota: 'daily.volume', percentUsed: 83.33, threshold },
});
const taken = () => new History().say(created(), ...leaving());
const later = (history: History, ms: number) => {
  history.at += ms;
  return history.say(submitted({ orderId: 'trade-2' }));
};

test('who is told within five seconds is told in time', () => {
  expect(findingsOf(warnedInTime(settings), later(taken().say(warned(80)), 6_000))).toEqual([]);
});

test('finds a crossing that nobody was told of', () => {
  expect(findingsOf(warnedInTime(settings), later(taken(), 4_000))).toEqual([]);
  expect(findingsOf(warnedInTime(settings), later(taken(), 6_000))).toHaveLength(1);
});

test('below the first threshold nobody is told', () => {
  expect(findingsOf(warnedInTime({ ...settings, quotaDailyVolume: 100_000 }), later(taken(), 6_000))).toEqual([]);
});
