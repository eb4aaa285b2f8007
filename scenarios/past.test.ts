/** Restarts of a simulated world: bars are warm where the world remembers its market, and cold where it does not. */
import { expect, test } from 'vitest';
import { openMemory } from '../db/memory/open.ts';
import type { BarHistory } from '../messages/market.ts';
import type { AgentDefinition } from '../runtime/agent.ts';
import type { Message } from '../runtime/message.ts';
import { eachAgent } from '../runtime/simulated/crashing-agents.ts';
import { NO_WORLD_FAULTS } from './faults.ts';
import { simulatedSettings } from './settings.ts';
import { World } from './world.ts';

const MINUTE_MS = 60_000;

/** How many bars the analysis had behind each one that it was shown, in this life. */
function worldWith(past: { readonly invented: readonly string[] } | undefined) {
  const behind: number[] = [];
  const heard = (agent: AgentDefinition): AgentDefinition => ({
    ...agent,
    prepare(message, shared, latest): Message {
      const history = latest('market.history', 'AAPL') as BarHistory | undefined;
      if (message.type === 'market.bar') behind.push(history?.bars.length ?? 0);
      return agent.prepare?.(message, shared, latest) ?? message;
    },
  });
  const world = new World({
    ...{ seed: 'past', place: openMemory(), settings: simulatedSettings(), symbols: ['AAPL'], past },
    planted: {
      roster: (roster) => eachAgent(roster, (agent) => (agent.address === 'analysis' ? heard(agent) : agent)),
    },
  });
  return { world, behind };
}

async function restarted(past: { readonly invented: readonly string[] } | undefined): Promise<readonly number[]> {
  const { world, behind } = worldWith(past);
  await world.open();
  await world.runUntil(world.now + 3 * MINUTE_MS);
  behind.length = 0;
  world.kill();
  await world.runUntil(world.now + 2 * MINUTE_MS);
  expect(world.lives).toBe(2);
  expect(world.failures).toEqual([]);
  return behind;
}

test('a restart warms its bars from what was quoted before it, and from what was invented before the world began', async () => {
  const warm = await restarted({ invented: ['AAPL'] });
  expect(Math.min(...warm)).toBeGreaterThanOrEqual(115);
  const own = await restarted({ invented: [] });
  expect(Math.min(...own)).toBeGreaterThanOrEqual(2);
  expect(Math.max(...own)).toBeLessThan(10);
});

test('without a past it begins anew', async () => {
  expect(Math.max(0, ...(await restarted(undefined)))).toBeLessThan(2);
});

test('a start whose past breaks off is tried again until it has all of it', async () => {
  const { world } = worldWith({ invented: ['AAPL'] });
  await world.open();
  world.setFaults({ ...NO_WORLD_FAULTS, past: { ...NO_WORLD_FAULTS.past, brokenRatio: 1 } });
  world.kill();
  await world.runUntil(world.now + MINUTE_MS);
  expect(world.faultCounts['past-broken']).toBeGreaterThan(5);
  world.setFaults(NO_WORLD_FAULTS);
  await world.runUntil(world.now + MINUTE_MS);
  expect(world.product?.runtime.state).toBe('running');
  expect(world.failures).toEqual([]);
});
