/** What a seed draws: the same each time, faults only where they are wanted, each port without them in some worlds. */
import { expect, test } from 'vitest';
import { drawScript } from './draw-script.ts';
import type { Deed } from './script.ts';

const MINUTES_MS = 3 * 60_000;
const SEEDS = Array.from({ length: 60 }, (_, index) => String(index + 1));
const DISTURBANCES: readonly Deed['do'][] = ['crash', 'fill-disk', 'step-clock', 'interrupt-venue'];
const scripts = SEEDS.map((seed) => drawScript(seed, MINUTES_MS, true));
const deeds = scripts.flatMap(({ steps }) => steps.map(({ deed }) => deed));

test('the same seed draws the same script', () => {
  expect(drawScript('7', MINUTES_MS, true)).toEqual(scripts[6]);
});

test('without faults nobody dies, no clock is set wrong, no disk is full and no line is cut', () => {
  const calm = SEEDS.flatMap((seed) => drawScript(seed, MINUTES_MS, false).steps.map(({ deed }) => deed));
  expect(
    calm.filter((deed) => DISTURBANCES.includes(deed.do) || ('cutAfterMs' in deed && deed.do === 'upload')),
  ).toEqual([]);
  expect(calm.some((deed) => deed.do === 'upload')).toBe(true);
});

test.each(DISTURBANCES)('with faults some world has a %s', (what) => {
  expect(deeds.filter((deed) => deed.do === what).length).toBeGreaterThan(0);
});

test('clocks go wrong both ways, by no more than two minutes', () => {
  const steps = deeds.flatMap((deed) => (deed.do === 'step-clock' ? deed.byMs : []));
  expect(Math.min(...steps)).toBeLessThan(0);
  expect(Math.max(...steps)).toBeGreaterThan(0);
  expect(steps.every((byMs) => Math.abs(byMs) <= 120_000)).toBe(true);
});

test.each([
  ['gaps', ({ faults }: (typeof scripts)[number]) => faults.feed.gapRatio],
  ['prices that stand still', ({ faults }: (typeof scripts)[number]) => faults.feed.freezeRatio],
  ['quotes of the past', ({ faults }: (typeof scripts)[number]) => faults.feed.outOfOrderRatio],
  ['slow work', ({ faults }: (typeof scripts)[number]) => faults.jobs.slowMs],
])('some worlds have %s, and some have none', (_what, rateOf) => {
  const rates = scripts.map(rateOf);
  expect(rates.filter((rate) => rate === 0).length).toBeGreaterThan(10);
  expect(rates.filter((rate) => rate > 0).length).toBeGreaterThan(3);
});

test('in some worlds somebody asks for what no market trades in', () => {
  const careless = scripts.filter(({ steps }) => steps.some(({ who }) => who === 'careless'));
  expect(careless.length).toBeGreaterThan(2);
  expect(careless.length).toBeLessThan(SEEDS.length / 4);
  const wishes = deeds.flatMap((deed) => (deed.do === 'trade' && deed.between ? [deed.between] : []));
  expect([...new Set(wishes)].sort()).toEqual(['steps', 'ticks']);
});
