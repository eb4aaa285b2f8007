/** How fast simulated worlds run, checkers included. A world that breaks a promise has no figure. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { openMemory } from '../../db/memory/open.ts';
import { runDrawn } from '../../scenarios/drawn.ts';
import { NO_WORLD_FAULTS } from '../../scenarios/faults.ts';
import { SYMBOLS } from '../../scenarios/people/draw.ts';
import type { Script, Step } from '../../scenarios/people/script.ts';
import { simulatedSettings } from '../../scenarios/settings.ts';
import { WORLD_STARTS_AT } from '../../scenarios/world.ts';
import type { Measure } from '../measure.ts';

const TRADERS = 12;
const ORDER_EVERY_MS = 10_000;
const HOUR_MS = 3_600_000;
const SEEDS = 300;
const CORES = 2;
/** Some 9,000 orders: until then an hour costs less than the one before, because code is still being compiled. */
const WARM_HOURS = 24;
const COUNTED_HOURS = 6;

/** CPU milliseconds, not those of the clock on the wall: a world is one thread's work, and what else runs on the machine is none of its cost. */
async function run(seed: string): Promise<number> {
  const options = { seed, faults: false, virtualMs: HOUR_MS, script: steady(HOUR_MS), settings: simulatedSettings() };
  const before = process.cpuUsage();
  const { failures } = await runDrawn({ ...options, place: openMemory() });
  const { user, system } = process.cpuUsage(before);
  if (failures.length > 0) throw new Error(`seed ${seed}: ${failures[0]}`);
  return (user + system) / 1_000;
}

/** Twelve traders take turns: one small market order every ten virtual seconds, five instruments at one tick a second each. */
function steady(virtualMs: number): Script {
  const steps: Step[] = [];
  for (let atMs = 0; atMs < virtualMs; atMs += ORDER_EVERY_MS) {
    const index = steps.length;
    const deed = {
      do: 'trade',
      symbol: SYMBOLS[index % SYMBOLS.length]!,
      side: Math.floor(index / TRADERS) % 2 === 0 ? 'buy' : 'sell',
      type: 'market',
      priceRatio: 1,
      value: 1_000,
    } as const;
    steps.push({ atMs, who: `trader-${index % TRADERS}`, deed });
  }
  return { startsAt: WORLD_STARTS_AT, virtualMs, faults: NO_WORLD_FAULTS, limits: {}, steps };
}

/** Virtual time by CPU time, once the code is compiled: the first orders of a process cost many times what later ones do. */
export const simulatedWorldSpeed: Measure = async () => {
  for (let hour = 0; hour < WARM_HOURS; hour += 1) await run('warm');
  let cpuMs = 0;
  for (let hour = 0; hour < COUNTED_HOURS; hour += 1) cpuMs += await run(`steady ${hour}`);
  // The minutes in which a world comes to rest cost CPU, but have no orders: they are no time of it.
  return (COUNTED_HOURS * HOUR_MS) / cpuMs;
};

/** Seconds of the clock on the wall for drawn worlds of three virtual hours with faults, as the command runs them on two cores. */
export const seedsOfThreeHours: Measure = async () => {
  const counts = ['--seeds', String(SEEDS), '--minutes', '180', '--jobs', String(CORES)];
  const simulate = join('dist', 'scenarios', 'simulate.js');
  const startedMs = performance.now();
  const child = spawn(process.execPath, [simulate, ...counts, '--no-bank', '--shrink', '0', '--json'], {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`a seed has failed: exit code ${code}`);
  return (performance.now() - startedMs) / 1_000;
};
