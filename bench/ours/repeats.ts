/**
 * How well simulated worlds repeat: drawn worlds of one virtual minute with faults and crashes, compared by the hash of their event logs
 * (records, answers, venue calls). A figure is a number of worlds; whether they kept their promises is no question here.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMemory } from '../../db/memory/open.ts';
import { openEmbedded } from '../../db/open.ts';
import { type DrawnOptions, runDrawn } from '../../scenarios/drawn.ts';
import { simulatedSettings } from '../../scenarios/settings.ts';
import type { Measure } from '../measure.ts';
import { DOUBLE_RUNS, EMBEDDED_WORLDS, HASHED_SEEDS } from '../workloads.ts';

const MINUTE_MS = 60_000;

async function hashOf(seed: number, place: DrawnOptions['place'] = openMemory()): Promise<string> {
  const options = { seed: String(seed), virtualMs: MINUTE_MS, faults: true, settings: simulatedSettings() };
  return (await runDrawn({ ...options, place })).hash;
}

/** On the embedded database, in a directory of its own. */
async function embeddedHashOf(seed: number): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'pitwall-bench-world-'));
  const place = openEmbedded({ directory });
  try {
    return await hashOf(seed, place);
  } finally {
    await place.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function countEqual(seeds: number, again: (seed: number) => Promise<string>): Promise<number> {
  let equal = 0;
  for (let seed = 1; seed <= seeds; seed += 1) if ((await hashOf(seed)) === (await again(seed))) equal += 1;
  return equal;
}

/** Worlds that are the same when they are run once more. */
export const doubleRuns: Measure = () => countEqual(DOUBLE_RUNS, hashOf);

/** Worlds that are the same over the in-memory twin and over the embedded database. */
export const embeddedEqual: Measure = () => countEqual(EMBEDDED_WORLDS, embeddedHashOf);

/** Different hashes of so many seeds. */
export const differentHashes: Measure = async () => {
  const hashes = new Set<string>();
  for (let seed = 1; seed <= HASHED_SEEDS; seed += 1) hashes.add(await hashOf(seed));
  return hashes.size;
};
