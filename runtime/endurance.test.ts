/** A tree that crashes all the time, for as long as it takes to see what leaks: the claim S14 of docs/SAFETY.md. */
import { expect, test } from 'vitest';
import type { AgentChild, AgentDefinition, SupervisorSpec } from './agent.ts';
import type { AgentLifecycle } from './lifecycle.ts';
import { after } from './logic.ts';
import type { Message } from './message.ts';
import { seededRandom } from './simulated/random.ts';
import { alive, collect } from './testing/collect.ts';
import { agent, answer, command, fact, reply, underSeeds } from './testing/samples.ts';
import { oneForOne, World } from './testing/world.ts';

/** `ENDURANCE_MINUTES=60 npx vitest run runtime/endurance` gives each of the seeds its hour, which takes minutes. */
const MINUTES = Number(process.env.ENDURANCE_MINUTES ?? 1);
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

/** What the journal has told so far; the journal itself may be forgotten meanwhile. */
class Tally {
  readonly did = new Map<string, number>();
  crashes = 0;
  /** Longest time between a crash of an agent and its next restart. */
  longestRepairMs = 0;
  private readonly since = new Map<string, number>();

  take({ type, agent: who, at = 0 }: AgentLifecycle): void {
    if (type === 'agent.crashed') {
      this.crashes += 1;
      this.since.set(who, at);
    }
    const crashedAt = this.since.get(who);
    if (type === 'agent.restarted' && crashedAt !== undefined) {
      this.longestRepairMs = Math.max(this.longestRepairMs, at - crashedAt);
      this.since.delete(who);
    }
    if (!type.startsWith('agent.')) this.did.set(type, (this.did.get(type) ?? 0) + 1);
  }
}

interface Life {
  readonly world: World;
  readonly tally: Tally;
}

interface Hours {
  readonly load?: string;
  /** Called each ten minutes. */
  readonly look?: (life: Life) => void;
}

async function live(seed: string, seconds: number, { load = seed, look }: Hours = {}): Promise<Life> {
  const open = new Set<string>();
  const random = seededRandom(load);
  const world = await new World({ entries, roster: tree(open), seed }).start();
  const tally = new Tally();
  world.runtime.onCommitted(({ message }) => tally.take(message as AgentLifecycle));
  for (let second = 0; second < seconds; second += 1) {
    const victim = name(Math.floor(random.next() * AGENTS));
    const busy = name(Math.floor(random.next() * AGENTS));
    world.runtime.tell({ type: `${busy}.work` });
    world.runtime.tell({ type: `${victim}.break` });
    await world.advance(1_000);
    if ((second + 1) % 600 === 0) look?.({ world, tally });
  }
  await world.advance(30_000);
  expect(world.runtime.state).toBe('running');
  expect(world.runtime.stats()).toMatchObject({ timers: 0, asks: 0, effects: 0 });
  expect(open.size).toBe(0);
  expect(world.disk.effects.size).toBe(0);
  const agents = world.runtime.stats().agents;
  expect(agents.filter(({ status, mailbox, facts }) => status !== 'running' || mailbox + facts > 0)).toEqual([]);
  for (let at = 0; at < AGENTS; at += 1) {
    const did = tally.did.get(`${name(at)}.did`) ?? 0;
    expect(world.runtime.peek(name(at))).toMatchObject({ count: did });
    expect(world.runtime.peek(name((at + 1) % AGENTS))).toMatchObject({ read: did });
  }
  // Stopping siblings takes no time here, so that a repair is one backoff.
  expect(tally.longestRepairMs).toBeLessThanOrEqual(MAX_BACKOFF_MS * 1.2 + 1);
  return { world, tally };
}

/** What is alive, less the journal: the test's own disk keeps that for ever, and here it goes to an archive. */
function heapBytes({ disk, records }: World): number {
  records.length = 0;
  disk.records.length = 0;
  disk.archived = disk.head.sequence;
  collect();
  return process.memoryUsage().heapUsed;
}

test('S14: forty agents of which one crashes each second live for an hour, nothing is left behind, the heap stays', async () => {
  const heaps: number[] = [];
  const { tally } = await live('an hour', 3_600, { look: ({ world }) => heaps.push(heapBytes(world)) });
  expect(tally.crashes).toBeGreaterThan(1_500);
  // The first minutes are the engine's: it compiles what it has seen often.
  const [, warm = 0, ...later] = heaps;
  expect(later).toHaveLength(4);
  for (const bytes of later) expect(bytes / warm).toBeLessThan(1.05);
}, 120_000);

test(
  `S14: and for ${MINUTES === 1 ? 'a minute' : `${MINUTES} minutes`} under other seeds`,
  () => underSeeds(200, async (seed) => void (await live(seed, MINUTES * 60))),
  120_000 + MINUTES * 20_000,
);

test('the same seed gives the same journal', async () => {
  const hashes = await Promise.all([1, 2].map(async () => (await live('twice', 30)).world.disk.head.hash));
  expect(hashes[0]).toBe(hashes[1]);
});

test('another seed picks another order for the same load', async () => {
  const [one, other] = [await live('one', 30, { load: 'load' }), await live('other', 30, { load: 'load' })];
  expect(one.world.disk.head.hash).not.toBe(other.world.disk.head.hash);
});

const byKey = (...creates: string[]) => ({
  key: (message: Message) => (message as Message & { key: string }).key,
  creates,
});

test('an entity that has nothing to do keeps nothing of the group that its row went with last', async () => {
  const TEXT_CHARS = 4_000;
  const notes = agent(
    'notes',
    { notes: 0 },
    (state, { key }: Message & { key?: string }, say) => {
      say({ type: 'noted', key, text: `${key} `.repeat(TEXT_CHARS / 5) } as Message);
      return { notes: state.notes + 1 };
    },
    { accepts: ['note'], durable: true },
  );
  const world = await new World({
    entries: [command('note'), fact('noted')],
    roster: oneForOne([{ ...notes, keyed: { ...byKey('note'), ended: () => false } }]),
  }).start();
  const note = async (from: number, many: number): Promise<number> => {
    for (let key = from; key < from + many; key += 1) {
      world.runtime.tell({ type: 'note', key: String(key) } as Message);
      await world.settle();
    }
    return heapBytes(world);
  };
  // So many that the records which are kept for late readers weigh as much before as after.
  const some = await note(1_000, 1_000);
  const more = await note(2_000, 3_000);
  expect(world.runtime.entities('notes')).toHaveLength(4_000);
  expect((more - some) / 3_000).toBeLessThan(TEXT_CHARS / 2);
});

test('an entity that has ended is forgotten, though its agent rests from then on', async () => {
  const states: WeakRef<object>[] = [];
  const guests = agent<{ isGone: boolean }>(
    'guests',
    { isGone: false },
    (_, { type }) => {
      const state = { isGone: type === 'leave' };
      states.push(new WeakRef(state));
      return state;
    },
    { accepts: ['come', 'leave'], durable: true },
  );
  const ended = (state: unknown): boolean => (state as { isGone: boolean }).isGone;
  const world = await new World({
    entries: [command('come'), command('leave')],
    roster: oneForOne([{ ...guests, keyed: { ...byKey('come'), ended } }]),
  }).start();
  for (const type of ['come', 'leave']) {
    for (let key = 0; key < 50; key += 1) world.runtime.tell({ type, key: String(key) } as Message);
    await world.settle();
  }
  expect(world.runtime.entities('guests')).toEqual([]);
  expect(states).toHaveLength(100);
  expect(alive(states)).toBeLessThan(10);
});
