import { expect, test } from 'vitest';
import type { AgentChild, AgentDefinition, SupervisorSpec } from './agent.ts';
import type { AgentLifecycle } from './lifecycle.ts';
import { after } from './logic.ts';
import { seededRandom } from './simulated/random.ts';
import { agent, answer, command, fact, reply, underSeeds } from './testing/samples.ts';
import { World } from './testing/world.ts';

const AGENTS = 40;
const MAX_BACKOFF_MS = 400;
const name = (at: number): string => `w${at}`;
const entries = Array.from({ length: AGENTS }, (_, at) => [
  command(`${name(at)}.work`, { reply: `${name(at)}.worked` }),
  command(`${name(at)}.break`),
  command(`${name(at)}.due`),
  answer(`${name(at)}.outside`),
  reply(`${name(at)}.worked`),
  fact(`${name(at)}.did`),
]).flat();

/** Holds a timer, a request outside, a subscription and a stash: everything a crash might leave behind. */
function worker(at: number, open: Set<string>): AgentDefinition {
  const me = name(at);
  const before = name((at + AGENTS - 1) % AGENTS);
  let fuse = 0;
  return agent<{ count: number; read: number }>(
    me,
    { count: 0, read: 0 },
    (state, { type }, say) => {
      if (type === `${me}.break`) {
        fuse += 1;
        if (fuse % 2 === 1) throw new Error('by chance');
        return state;
      }
      if (type === `${before}.did`) return { ...state, read: state.read + 1 };
      if (type !== `${me}.work`) return { ...state };
      say({ type: `${me}.did` });
      say(after('due', 10_000, { type: `${me}.due` }));
      say({ type: `${me}.worked` });
      return { ...state, count: state.count + 1 };
    },
    {
      accepts: [`${me}.work`, `${me}.break`, `${me}.due`, `${me}.outside`],
      reads: [`${before}.did`],
      durable: true,
      effects: {
        [`${me}.did`]: {
          repeatable: true,
          run: (_fact, { signal, record }) =>
            new Promise((resolve) => {
              const key = `${me} ${record.sequence}`;
              open.add(key);
              const end = (): void => {
                open.delete(key);
                resolve({ type: `${me}.outside` });
              };
              signal.addEventListener('abort', end, { once: true });
              queueMicrotask(end);
            }),
        },
      },
    },
  );
}

/** Ten supervisors of four agents, their strategies in turn. */
function tree(open: Set<string>): SupervisorSpec {
  const strategies = ['one-for-one', 'one-for-all', 'rest-for-one'] as const;
  const children: SupervisorSpec[] = Array.from({ length: AGENTS / 4 }, (_, at) => ({
    name: `room ${at}`,
    strategy: strategies[at % strategies.length]!,
    intensity: { max: 10_000, periodMs: 5_000 },
    children: [0, 1, 2, 3].map(
      (more): AgentChild => ({
        agent: worker(at * 4 + more, open),
        backoff: { minMs: 100, maxMs: MAX_BACKOFF_MS, resetAfterMs: 60_000 },
      }),
    ),
  }));
  return { name: 'root', strategy: 'one-for-one', intensity: { max: 3, periodMs: 60_000 }, children };
}

async function live(seed: string, seconds: number, load = seed): Promise<World> {
  const open = new Set<string>();
  const random = seededRandom(load);
  const world = await new World({ entries, roster: tree(open), seed }).start();
  for (let second = 0; second < seconds; second += 1) {
    const victim = name(Math.floor(random.next() * AGENTS));
    const busy = name(Math.floor(random.next() * AGENTS));
    world.runtime.tell({ type: `${busy}.work` });
    world.runtime.tell({ type: `${victim}.break` });
    await world.advance(1_000);
  }
  await world.advance(30_000);
  expect(world.runtime.state).toBe('running');
  expect(world.runtime.stats()).toMatchObject({ timers: 0, asks: 0, effects: 0 });
  expect(open.size).toBe(0);
  expect(world.disk.effects.size).toBe(0);
  const agents = world.runtime.stats().agents;
  expect(agents.filter(({ status, mailbox, facts }) => status !== 'running' || mailbox + facts > 0)).toEqual([]);
  for (let at = 0; at < AGENTS; at += 1) {
    const did = world.of(`${name(at)}.did`).length;
    expect(world.runtime.peek(name(at))).toMatchObject({ count: did });
    expect(world.runtime.peek(name((at + 1) % AGENTS))).toMatchObject({ read: did });
  }
  return world;
}

/** Longest time between a crash of an agent and its next restart. */
function longestRepairMs(world: World): number {
  const since = new Map<string, number>();
  let longest = 0;
  for (const { message } of world.records) {
    const { agent: who, at } = message as AgentLifecycle;
    if (message.type === 'agent.crashed') since.set(who, at!);
    const crashedAt = since.get(who);
    if (message.type !== 'agent.restarted' || crashedAt === undefined) continue;
    longest = Math.max(longest, at! - crashedAt);
    since.delete(who);
  }
  return longest;
}

test('forty agents of which one crashes each second live for an hour, and nothing is left behind', async () => {
  const world = await live('an hour', 3_600);
  expect(world.of('agent.crashed').length).toBeGreaterThan(1_500);
  // Stopping siblings takes no time here, so that a repair is one backoff.
  expect(longestRepairMs(world)).toBeLessThanOrEqual(MAX_BACKOFF_MS * 1.2 + 1);
}, 120_000);

test(
  'and so under other seeds',
  () =>
    underSeeds(200, async (seed) => {
      await live(seed, 8);
    }),
  60_000,
);

test('the same seed gives the same journal', async () => {
  const hashes = await Promise.all([1, 2].map(async () => (await live('twice', 30)).disk.head.hash));
  expect(hashes[0]).toBe(hashes[1]);
});

test('another seed picks another order for the same load', async () => {
  const [one, other] = [await live('one', 30, 'load'), await live('other', 30, 'load')];
  expect(one.disk.head.hash).not.toBe(other.disk.head.hash);
});
