/** The twin of a market's past: what was quoted comes back as the same bars, it is bounded, and it fails as it is told to, counted by kind. */
import { expect, test } from 'vitest';
import { findInstrument } from '../../domain/instrument.ts';
import { openBarBuilder } from '../../market/bars.ts';
import type { Bar, Quote } from '../../messages/market.ts';
import { seededRandom } from '../../runtime/simulated/random.ts';
import { NO_PAST_FAULTS, type PastFaults, SimulatedPast } from './simulated-past.ts';

const T0 = Date.UTC(2026, 2, 2, 14);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const AAPL = findInstrument('AAPL')!;

const quoteOf = (at: number, mid: number): Quote => ({
  ...{ type: 'market.quote', symbol: 'AAPL', at, bid: mid - 0.01, ask: mid + 0.01, last: mid, volume: 3 },
  simulated: true,
});

function open(faults: Partial<PastFaults> = {}, invented = [AAPL]) {
  const slept: number[] = [];
  const past = new SimulatedPast({
    ...{ random: seededRandom('past'), startsAt: T0, invented },
    sleep: async (ms) => void slept.push(ms),
  });
  past.setFaults({ ...NO_PAST_FAULTS, ...faults });
  return { past, slept };
}

async function toldBy(past: SimulatedPast): Promise<Quote[]> {
  const told: Quote[] = [];
  for await (const quote of past.connect(() => false)(0)) told.push(quote);
  return told;
}

function barsOf(quotes: readonly Quote[]): Omit<Bar, 'ticks'>[] {
  const builder = openBarBuilder(MINUTE_MS);
  return quotes.flatMap(({ symbol, at = 0, bid, ask, volume = 0 }) => {
    const bar = builder.tick(symbol, at, (bid + ask) / 2, volume);
    if (!bar) return [];
    const { ticks: _ticks, ...rest } = bar;
    return [rest];
  });
}

/** One a second, up and down. */
const quoted = (seconds: number): Quote[] =>
  Array.from({ length: seconds }, (_, second) => quoteOf(T0 + second * 1_000, 200 + Math.sin(second / 7) * 3));

test('before anything was quoted it is two invented hours that end at the start', async () => {
  const told = await toldBy(open().past);
  expect(told.at(-1)?.at).toBe(T0);
  expect((told[0]?.at ?? 0) - T0).toBeLessThanOrEqual(-119 * MINUTE_MS);
  expect(barsOf(told).length).toBeGreaterThanOrEqual(118);
  expect(await toldBy(open({}, []).past)).toEqual([]);
});

test('what was quoted comes back oldest first, as the bars that it made', async () => {
  const { past } = open({}, []);
  const all = quoted(600);
  for (const quote of all) past.note(quote);
  const told = await toldBy(past);
  expect(barsOf(told)).toEqual(barsOf(all));
  expect(told.map(({ at }) => at)).toEqual(told.map(({ at }) => at).toSorted((a = 0, b = 0) => a - b));
  expect(told.at(-1)).toMatchObject({ at: all.at(-1)?.at, bid: all.at(-1)?.bid });
  expect(told.length).toBeLessThanOrEqual(4 * 10);
});

test('it goes back two hours, however long the market has been', async () => {
  const { past } = open();
  for (const quote of quoted(5 * 3_600)) past.note(quote);
  const told = await toldBy(past);
  expect(told[0]?.at).toBeGreaterThanOrEqual(T0 + 5 * HOUR_MS - 2 * HOUR_MS - MINUTE_MS);
  expect(told.length).toBeLessThanOrEqual(4 * 120);
});

test('it is late, breaks off and has holes, and each is counted', async () => {
  const slow = open({ slowRatio: 1, slowMaxMs: 5_000 });
  const whole = await toldBy(slow.past);
  expect(slow.slept[0]).toBeGreaterThan(0);
  expect(slow.past.faultCounts).toEqual({ 'past-slow': 1, 'past-broken': 0, 'past-gap': 0 });
  const broken = open({ brokenRatio: 1 }).past;
  await expect(toldBy(broken)).rejects.toThrow('simulated: the past of the market broke off');
  expect([broken.hasBroken, broken.faultCounts['past-broken']]).toEqual([true, 1]);
  broken.setFaults(NO_PAST_FAULTS);
  expect(await toldBy(broken)).toEqual(whole);
  expect(broken.hasBroken).toBe(false);
  const gap = open({ gapRatio: 1, gapMaxMs: 60 * MINUTE_MS }).past;
  const told = await toldBy(gap);
  expect(told.length).toBeLessThan(whole.length);
  expect(gap.faultCounts['past-gap']).toBe(1);
});

test('who has died is told nothing', async () => {
  const { past } = open();
  let isDead = false;
  const quotes = past
    .connect(() => isDead)(0)
    [Symbol.asyncIterator]();
  expect((await quotes.next()).done).toBe(false);
  isDead = true;
  const later = past
    .connect(() => isDead)(0)
    [Symbol.asyncIterator]();
  const first = await Promise.race([later.next(), new Promise((resolve) => setImmediate(() => resolve('nothing')))]);
  expect(first).toBe('nothing');
});
