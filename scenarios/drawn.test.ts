/** Simulated worlds keep every promise, are repeatable bit for bit, and differ by seed. Failing seeds stay in the bank for ever. */
import { describe, expect, test, vi } from 'vitest';
import { openMemory } from '../db/memory/open.ts';
import { withoutAmbient } from './ambient.ts';
import { type DrawnResult, runDrawn } from './drawn.ts';
import bank from './seeds/bank.json' with { type: 'json' };
import { simulatedSettings } from './settings.ts';

const MINUTE_MS = 60_000;
// Only the patience of the test runner: what is simulated knows no real clock.
vi.setConfig({ testTimeout: 300_000 });

const run = (seed: string, minutes: number, burst = false): Promise<DrawnResult> =>
  withoutAmbient(() =>
    runDrawn({
      seed,
      place: openMemory(),
      settings: simulatedSettings(),
      virtualMs: minutes * MINUTE_MS,
      faults: true,
      burst,
    }),
  );

describe('the seed bank', () => {
  test.each(bank)('seed $seed: $found', async ({ seed, minutes }) => {
    expect((await run(seed, minutes)).failures).toEqual([]);
  });
});

test('drawn worlds with faults keep every promise', async () => {
  const faults = new Map<string, number>();
  for (let seed = 1_001; seed <= 1_012; seed += 1) {
    const result = await run(String(seed), 4);
    expect({ seed, failures: result.failures }).toEqual({ seed, failures: [] });
    for (const [kind, count] of Object.entries(result.faults)) faults.set(kind, (faults.get(kind) ?? 0) + count);
  }
  // The faults that the promises were kept under did happen.
  for (const kind of [
    'drop',
    'duplicate',
    'ack-lost',
    'partial-fill',
    'commit-error',
    'commit-unknown-landed',
    'commit-unknown-lost',
    'crash-before-commit',
    'crash-after-commit',
  ]) {
    expect(`${kind} ${(faults.get(kind) ?? 0) > 0}`).toBe(`${kind} true`);
  }
});

test('the same seed gives the same event log', async () => {
  for (const seed of ['7', '12']) {
    const first = await run(seed, 3);
    const second = await run(seed, 3);
    expect(second).toEqual(first);
    expect(first.records).toBeGreaterThan(50);
  }
});

test('sixty requests at one virtual instant with faults give one event log', async () => {
  const hashes = new Set<string>();
  for (let time = 0; time < 5; time += 1) hashes.add((await run('5', 1, true)).hash);
  expect(hashes.size).toBe(1);
});

test('different seeds give different event logs', async () => {
  const hashes = new Set<string>();
  for (let seed = 1; seed <= 20; seed += 1) hashes.add((await run(String(seed), 1)).hash);
  expect(hashes.size).toBeGreaterThanOrEqual(19);
});
