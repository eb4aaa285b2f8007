import { describe, expect, it, vi } from 'vitest';
import type { AgentDefinition } from './agent.ts';
import { after } from './logic.ts';
import type { Message } from './message.ts';
import { MemoryStore } from './simulated/store.ts';
import { agent, command, fact } from './testing/samples.ts';
import { oneForOne, World } from './testing/world.ts';

const HOUR_MS = 3_600_000;
/** So long before the first of them is due they are read. */
const AHEAD_MS = 60_000;
const BREAKS = -1;
const entries = [command('keep'), command('tell'), command('over'), fact('told'), fact('ended')];

interface Kept {
  readonly tells: number;
  readonly lives: number;
  readonly over: boolean;
}

type Told = Message & { readonly key: string; readonly forMs?: number };

/** What is kept under a key for a while; `woken` lists whose rows were read. */
const keeper = (woken: string[], more: Partial<AgentDefinition> = {}): AgentDefinition => ({
  ...agent<Kept>(
    'keeper',
    { tells: 0, lives: 1, over: false },
    (state, message, say) => {
      const { type, key, forMs = HOUR_MS } = message;
      if (type === 'keep') say(after('end', forMs as number, { type: 'over', key } as Message));
      if (type === 'over') {
        say({ type: 'ended', key } as Message);
        return { ...state, over: true };
      }
      if (forMs === BREAKS) throw new Error('broken');
      if (type === 'tell' && message.forMs !== undefined)
        say(after('sooner', forMs as number, { type: 'over', key } as Message));
      const tells = state.tells + 1;
      if (type === 'tell') say({ type: 'told', key, tells, lives: state.lives } as Message);
      return { ...state, tells };
    },
    { accepts: ['keep', 'tell', 'over'], durable: true },
  ),
  keyed: {
    key: (message) => (message as Told).key,
    creates: ['keep'],
    ended: (state) => (state as Kept).over,
    awake: (stored) => {
      const { lives, ...kept } = stored as Kept;
      woken.push(`life ${lives + 1}`);
      return { ...kept, lives: lives + 1 };
    },
  },
  ...more,
});

const tell = (world: World, type: string, key: string, forMs?: number): boolean =>
  world.runtime.tell({ type, key, ...(forMs !== undefined && { forMs }) } as Message);

async function kept(keys: Readonly<Record<string, number>>): Promise<World> {
  const world = await new World({ entries, roster: oneForOne([keeper([])]) }).start();
  for (const [key, forMs] of Object.entries(keys)) {
    if (!tell(world, 'keep', key, forMs)) {
      await world.settle();
      tell(world, 'keep', key, forMs);
    }
  }
  await world.settle();
  return world;
}

function again({ disk, clock }: World, woken: string[] = [], more: Partial<AgentDefinition> = {}): Promise<World> {
  return new World({ entries, roster: oneForOne([keeper(woken, more)]), disk, clock }).start();
}

async function restarted(world: World, woken: string[] = []): Promise<World> {
  world.crash();
  return again(world, woken);
}

/** Restarted, with an ear at the table of those who sleep. */
async function overheard(world: World) {
  world.crash();
  const { disk, clock } = world;
  const store = new MemoryStore(disk);
  const find = vi.spyOn(store, 'find');
  return { find, world: await new World({ entries, roster: oneForOne([keeper([])]), disk, clock, store }).start() };
}

const keysOf = (world: World): string[] => world.of('told').map((told) => (told as Told).key);
const entitiesIn = (world: World): number | undefined =>
  world.runtime.stats().agents.find(({ address }) => address === 'keeper')?.entities;

describe('an entity that may sleep', () => {
  it('is not read by a start', async () => {
    const woken: string[] = [];
    const world = await restarted(await kept({ a: 2 * HOUR_MS, b: 2 * HOUR_MS }), woken);
    await world.settle();
    expect(woken).toEqual([]);
    expect(entitiesIn(world)).toBe(0);
  });

  it('is asked for in one go with all others for whom there is mail', async () => {
    const { world, find } = await overheard(await kept({ a: 2 * HOUR_MS, b: 2 * HOUR_MS, c: 2 * HOUR_MS }));
    for (const key of ['b', 'new', 'a', 'b']) tell(world, 'tell', key);
    tell(world, 'keep', 'new');
    await world.settle();
    expect(find.mock.calls).toEqual([['keeper', ['b', 'new', 'a']]]);
    expect(keysOf(world)).toEqual(['b', 'a', 'b']);
    expect(entitiesIn(world)).toBe(3);
  });

  it('is not found again between its end and the commit of that', async () => {
    const world = await restarted(await kept({ a: 2 * HOUR_MS, b: 2 * HOUR_MS }));
    tell(world, 'tell', 'a');
    tell(world, 'tell', 'b');
    await world.settle();
    tell(world, 'over', 'a');
    tell(world, 'tell', 'a');
    tell(world, 'keep', 'a');
    await world.settle();
    expect(keysOf(world)).toEqual(['a', 'b']);
    expect(world.disk.rows.get('keeper\na')?.state).toContain('"lives":1');
  });

  it('is not woken with those who are due when it has ended, and its row is still there', async () => {
    const keys = { a: 2 * HOUR_MS, b: 2 * HOUR_MS, c: 30 * HOUR_MS };
    const woken: string[] = [];
    const before = await kept(keys);
    before.crash();
    const { disk, clock } = before;
    const store = new MemoryStore(disk);
    const world = await new World({ entries, roster: oneForOne([keeper(woken)]), disk, clock, store }).start();
    const slow = vi.spyOn(store, 'commit');
    tell(world, 'tell', 'a');
    await world.advance(HOUR_MS - AHEAD_MS - 1);
    expect(woken).toHaveLength(1);
    const commit = MemoryStore.prototype.commit.bind(store);
    let land = (): void => undefined;
    slow.mockImplementationOnce(
      (group) =>
        new Promise((resolve) => {
          land = () => resolve(commit(group));
        }),
    );
    tell(world, 'over', 'a');
    await world.advance(1);
    land();
    await world.settle();
    expect(world.of('ended')).toMatchObject([{ key: 'a' }]);
    expect(woken).toHaveLength(2);
    expect(entitiesIn(world)).toBe(1);
  });

  it('has no key that a table does not take: nobody is asked for it, and others are served', async () => {
    const { world, find } = await overheard(await kept({ a: 2 * HOUR_MS }));
    find.mockImplementation(async (_agent, keys) => {
      if (keys.some((key) => key.includes('\0'))) throw new Error('no text');
      return [];
    });
    tell(world, 'keep', 'b\0');
    tell(world, 'keep', 'c');
    await world.advance(60_000);
    expect(find.mock.calls).toEqual([['keeper', ['c']]]);
    expect(entitiesIn(world)).toBe(1);
  });

  it('waits for a database that is away, and is then what it was', async () => {
    const { world, find } = await overheard(await kept({ a: 2 * HOUR_MS }));
    find.mockRejectedValueOnce(new Error('away'));
    tell(world, 'tell', 'a');
    await world.settle();
    expect(world.of('told')).toEqual([]);
    await world.advance(5_000);
    expect(world.of('told')).toMatchObject([{ key: 'a', tells: 2, lives: 2 }]);
    expect(find).toHaveBeenCalledTimes(2);
  });

  it('wakes page by page where very many are due, each at its time', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 2_500 }, (_, at) => [`k${at}`, HOUR_MS / 2 + Math.floor(at / 3)]),
    );
    const woken: string[] = [];
    const world = await restarted(await kept(many), woken);
    expect(woken.length).toBe(1_002);
    await world.advance(HOUR_MS / 2 - 1);
    expect(world.of('ended')).toEqual([]);
    await world.advance(1_000);
    expect(world.of('ended').map(({ at }) => at)).toEqual(Object.values(many).map((ms) => 1_000_000 + ms));
    expect([...world.disk.rows.keys()].filter((key) => key.startsWith('keeper'))).toEqual([]);
  });

  it('wakes when it is asked, alone, and goes on from its row', async () => {
    const woken: string[] = [];
    const world = await restarted(await kept({ a: 2 * HOUR_MS, b: 2 * HOUR_MS }), woken);
    tell(world, 'tell', 'a');
    tell(world, 'tell', 'a');
    await world.settle();
    expect(world.of('told')).toMatchObject([
      { key: 'a', tells: 2, lives: 2 },
      { key: 'a', tells: 3, lives: 2 },
    ]);
    expect(woken).toEqual(['life 2']);
    expect(entitiesIn(world)).toBe(1);
  });

  it('keeps its deadline to the millisecond over any number of restarts, whoever is asked meanwhile', async () => {
    const world = await kept({ a: HOUR_MS, b: 2 * HOUR_MS + 1, c: 30 * HOUR_MS });
    await world.advance(HOUR_MS / 2);
    const second = await restarted(await restarted(world));
    tell(second, 'tell', 'b');
    await second.advance(HOUR_MS / 2 - 1);
    expect(second.of('ended')).toEqual([]);
    await second.advance(1);
    expect(second.of('ended')).toMatchObject([{ key: 'a', at: 1_000_000 + HOUR_MS }]);
    await second.advance(40 * HOUR_MS);
    expect(second.of('ended').map(({ at }) => (at ?? 0) - 1_000_000)).toEqual([HOUR_MS, 2 * HOUR_MS + 1, 30 * HOUR_MS]);
    expect(entitiesIn(second)).toBe(0);
    expect([...second.disk.rows.keys()].filter((key) => key.startsWith('keeper'))).toEqual([]);
  });

  it('wakes before the first of its deadlines', async () => {
    const world = await kept({ a: 10 * HOUR_MS });
    tell(world, 'tell', 'a', 3 * HOUR_MS);
    await world.settle();
    const later = await restarted(world);
    await later.advance(3 * HOUR_MS);
    expect(later.of('ended')).toMatchObject([{ at: 1_000_000 + 3 * HOUR_MS }]);
  });

  it('ends at once when its time was over while nobody was there', async () => {
    const world = await kept({ a: HOUR_MS });
    world.crash();
    world.clock.leap(5 * HOUR_MS);
    const later = await again(world);
    await later.advance(0);
    expect(later.of('ended')).toMatchObject([{ key: 'a' }]);
  });

  it('is read at the start when its row is of another version', async () => {
    const woken: string[] = [];
    const world = await kept({ a: HOUR_MS });
    world.crash();
    const upgrade = (_version: number, state: unknown): unknown => ({ ...(state as Kept), tells: 10 });
    const later = await again(world, woken, { version: 2, upgrade });
    expect(woken).toEqual(['life 2']);
    tell(later, 'tell', 'a');
    await later.settle();
    expect(later.of('told')).toMatchObject([{ tells: 11 }]);
  });

  it('is read at the start when its row does not say when it has to wake', async () => {
    const woken: string[] = [];
    const world = await kept({ a: 2 * HOUR_MS });
    world.crash();
    const { agent, entity, version, state, wakesAt } = world.disk.rows.get('keeper\na')!;
    expect(wakesAt).toBe(1_000_000 + 2 * HOUR_MS);
    world.disk.rows.set('keeper\na', { agent, entity, version, state, wakesAt: 0 });
    const later = await again(world, woken);
    expect(woken).toEqual(['life 2']);
    await later.advance(2 * HOUR_MS);
    expect(later.of('ended')).toHaveLength(1);
  });

  it('leaves nothing behind of a life that crashed, and sleeps on in the next', async () => {
    const world = await restarted(await kept({ a: 2 * HOUR_MS, b: 2 * HOUR_MS, c: 3 * HOUR_MS }));
    const before = world.runtime.stats().timers;
    tell(world, 'tell', 'c', BREAKS);
    await world.advance(60_000);
    expect(world.runtime.stats().agents.find(({ address }) => address === 'keeper')?.restarts).toBeGreaterThan(0);
    expect(world.runtime.stats().timers).toBe(before);
  });
});
