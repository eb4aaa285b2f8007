/** What a seed draws for other doors, the market and background work: some of it in some worlds, none of it in many. */
import { expect, test } from 'vitest';
import { type DrawnEntry, scriptOf, written } from '../bank/entry.ts';
import { drawScript } from './draw-script.ts';
import type { Deed, Script } from './script.ts';

const MINUTES_MS = 3 * 60_000;
const SEEDS = Array.from({ length: 150 }, (_, index) => String(index + 1));
const scripts = SEEDS.map((seed) => drawScript(seed, MINUTES_MS, true));
const has =
  (what: Deed['do']) =>
  ({ steps }: Script): boolean =>
    steps.some(({ deed }) => deed.do === what);

test.each<Deed['do']>([
  ...(['listen', 'read', 'steer', 'meddle', 'upkeep', 'limits', 'reconcile'] as const),
  ...(['shock', 'regime', 'hold', 'kill-worker', 'lose-queue'] as const),
])('some worlds have a %s, and most have none', (what) => {
  const count = scripts.filter(has(what)).length;
  expect(count).toBeGreaterThan(0);
  expect(count).toBeLessThan(SEEDS.length / 3);
});

test.each<[string, (script: Script) => unknown]>([
  ['people with tokens of their own', ({ people }) => people?.['trader-0']],
  ['daily retention', ({ keepRecords }) => keepRecords],
  ['workers on a queue', ({ workers }) => workers],
  ['two people who are needed', ({ fourEyes }) => fourEyes],
])('some worlds have %s, and most have not', (_what, of) => {
  const count = scripts.filter((script) => of(script) !== undefined).length;
  expect(count).toBeGreaterThan(3);
  expect(count).toBeLessThan(SEEDS.length / 3);
});

test('whoever meddles has a client of his own, or nothing would keep him out', () => {
  const meddlers = scripts.flatMap(({ steps, people }) =>
    steps.flatMap(({ who, deed }) => (deed.do === 'meddle' ? [people?.[who]] : [])),
  );
  expect(meddlers).toEqual(meddlers.map(() => ['trader']));
});

test('where two people are needed most stops are released by another one, and some only by whoever stopped', () => {
  const releases = scripts
    .filter(({ fourEyes }) => fourEyes)
    .flatMap(({ steps }) => steps.flatMap(({ who, deed }) => (deed.do === 'release' ? [{ who, of: deed.of }] : [])));
  const byAnother = releases.filter(({ who, of }) => of !== undefined && of !== who);
  expect(byAnother.length).toBeGreaterThan(releases.length / 2);
  expect(byAnother.length).toBeLessThan(releases.length);
});

test('workers are there where something is to be done, and nothing happens to those that are not', () => {
  for (const script of scripts) {
    if (script.workers !== undefined) expect(has('backtest')(script)).toBe(true);
    else expect(has('kill-worker')(script) || has('lose-queue')(script)).toBe(false);
  }
});

test('what is held of the market, and what is listened to, ends with the world', () => {
  for (const { steps, virtualMs } of scripts) for (const { atMs } of steps) expect(atMs).toBeLessThan(virtualMs);
});

test('the bank keeps all of it', () => {
  for (const script of scripts.slice(0, 60)) {
    const entry: DrawnEntry = { kind: 'drawn', found: 'for a test', seed: '1', script: written(script) };
    const read = JSON.parse(JSON.stringify(entry)) as DrawnEntry;
    expect(scriptOf(read)).toEqual(JSON.parse(JSON.stringify(script)));
  }
});
