/** Agents that crash by rate: the crash is the kernel's own, whatever the handler had done is undone, and a rate of nothing changes nothing. */
import { expect, test } from 'vitest';
import type { SupervisorSpec } from '../agent.ts';
import type { AgentLifecycle } from '../lifecycle.ts';
import type { Message } from '../message.ts';
import { counter, counterEntries, seeds } from '../testing/samples.ts';
import { World } from '../testing/world.ts';
import { type AgentFaults, CrashingAgents, drawAgentFaults, NO_AGENT_FAULTS } from './crashing-agents.ts';
import { seededRandom } from './random.ts';

const NAMES = ['a', 'b', 'c'];
const entries = NAMES.flatMap(counterEntries);
const roster: SupervisorSpec = {
  name: 'root',
  strategy: 'one-for-one',
  intensity: { max: 10_000, periodMs: 1_000 },
  children: NAMES.map((name) => ({ agent: counter(name), backoff: { minMs: 1, maxMs: 1, resetAfterMs: 60_000 } })),
};
const COMMANDS = 300;

async function live(seed: string, faults: AgentFaults | undefined) {
  const agents = new CrashingAgents(faults);
  const crashing = faults ? agents.connect(roster, seededRandom(`${seed}/agents`)) : roster;
  const world = await new World({ entries, roster: crashing, seed }).start();
  for (let told = 0; told < COMMANDS; told += 1) {
    world.runtime.tell({ type: `${NAMES[told % NAMES.length]}.add` } as Message);
    await world.advance(1);
  }
  agents.setFaults(NO_AGENT_FAULTS);
  await world.advance(1_000);
  return { agents, world };
}

test('each command is taken once or parked, whether its agent crashed before it or at the end of its turn', async () => {
  const { agents, world } = await live('often', { crashRatio: 0.2, crashAgainRatio: 0.5 });
  const { 'agent-crash-before': before, 'agent-crash-behind': behind } = agents.faultCounts;
  expect(before).toBeGreaterThan(10);
  expect(behind).toBeGreaterThan(10);
  const told = (type: string) => world.types().filter((one) => one === type).length;
  expect(told('agent.crashed')).toBe(before + behind);
  expect(told('agent.parked')).toBeGreaterThan(0);
  for (const name of NAMES) expect(world.runtime.peek(name)).toEqual({ sum: told(`${name}.added`) });
  const added = NAMES.reduce((sum, name) => sum + told(`${name}.added`), 0);
  const parked = world.of('agent.parked').filter((message) => (message as AgentLifecycle).messageType !== 'resumed');
  expect(added + parked.length).toBe(COMMANDS);
});

test('the same seed crashes the same turns, and without a rate nothing is different', async () => {
  const hash = async (faults?: AgentFaults) => (await live('twice', faults)).world.disk.head.hash;
  const faults = { crashRatio: 0.05, crashAgainRatio: 0 };
  expect(await hash(faults)).toBe(await hash(faults));
  expect(await hash(NO_AGENT_FAULTS)).toBe(await hash());
  expect(await hash(faults)).not.toBe(await hash());
});

test('only a house whose agents have crashed so may give up over them', async () => {
  const { agents } = await live('once', { crashRatio: 0.05, crashAgainRatio: 0 });
  expect(agents.mayEndHouse('broken: something else')).toBe(false);
  expect(new CrashingAgents().mayEndHouse('a failed too often')).toBe(false);
  expect(agents.mayEndHouse('a failed too often')).toBe(true);
  expect(agents.faultCounts['house-gave-up']).toBe(1);
});

test('rates are drawn from nothing to their upper ends', () => {
  const drawn = seeds(300).map((seed) => drawAgentFaults(seededRandom(seed)));
  const rates = drawn.map(({ crashRatio }) => crashRatio);
  expect(rates.filter((rate) => rate === 0).length).toBeGreaterThan(100);
  expect(Math.max(...rates)).toBeLessThanOrEqual(0.02);
  expect(Math.max(...rates)).toBeGreaterThan(0.015);
  expect(drawn.some(({ crashAgainRatio }) => crashAgainRatio > 0.3)).toBe(true);
});
