/** Simulated worlds keep every promise, are repeatable bit for bit, and differ by seed. */
import { describe, expect, test, vi } from 'vitest';
import { openMemory } from '../db/memory/open.ts';
import { withoutAmbient } from './ambient.ts';
import { type DrawnResult, runDrawn } from './drawn.ts';
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

describe('drawn worlds with faults', () => {
  const faults = new Map<string, number>();

  test.each(['1001', '1002', '1003', '1004', '1005', '1006'])('keep every promise: seed %s', async (seed) => {
    const result = await run(seed, 3);
    expect(result.failures).toEqual([]);
    for (const [kind, count] of Object.entries(result.faults)) faults.set(kind, (faults.get(kind) ?? 0) + count);
  });

  test.each([
    ...['drop', 'duplicate', 'ack-lost', 'partial-fill', 'commit-error'],
    ...['commit-unknown-landed', 'commit-unknown-lost', 'crash-before-commit', 'crash-after-commit', 'crash'],
  ])('did have their fault %s', (kind) => {
    expect(faults.get(kind) ?? 0).toBeGreaterThan(0);
  });
});

test('the same seed gives the same event log', async () => {
  const first = await run('7', 2);
  expect(await run('7', 2)).toEqual(first);
  expect(first.records).toBeGreaterThan(50);
});

test('sixty requests at one virtual instant with faults give one event log', async () => {
  const hashes = new Set<string>();
  for (let time = 0; time < 3; time += 1) hashes.add((await run('5', 1, true)).hash);
  expect(hashes.size).toBe(1);
});

test('different seeds give different event logs', async () => {
  const hashes = new Set<string>();
  for (let seed = 1; seed <= 5; seed += 1) hashes.add((await run(String(seed), 1)).hash);
  expect(hashes.size).toBe(5);
});
