import { describe, expect, it, test } from 'vitest';
import { setup } from 'xstate';
import type { AgentDefinition } from './agent.ts';
import { BOUNDS } from './bounds.ts';
import { after, afterInMemory, cancelAfter } from './logic.ts';
import type { Message } from './message.ts';
import { SimulatedClock } from './simulated/clock.ts';
import { Disk, MemoryStore } from './simulated/store.ts';
import { agent, command, fact, statusOf, underSeeds } from './testing/samples.ts';
import { oneForOne, World } from './testing/world.ts';

const entries = [command('set'), command('cancel'), command('end'), command('due'), command('break'), fact('fired')];

interface Told extends Message {
  readonly key?: string;
  readonly delayMs?: number;
}

/** Its market time may be put back; what was due by it comes that much later, as with the live clock. */
class SteppedClock extends SimulatedClock {
  private offsetMs = 0;
  private heard: () => void = () => undefined;

  override marketNow(): number {
    return super.marketNow() + this.offsetMs;
  }
  override at(reading: 'market' | 'wall' | 'monotonic', due: number, fire: () => void): () => void {
    if (reading !== 'market') return super.at(reading, due, fire);
    let cancel = (): void => undefined;
    const arm = (): void => {
      cancel = super.at(reading, due - this.offsetMs, () => (this.marketNow() < due ? arm() : fire()));
    };
    arm();
    return () => cancel();
  }
  onPutBack(heard: () => void): void {
    this.heard = heard;
  }
  putBack(ms: number): void {
    this.offsetMs -= ms;
    this.heard();
  }
}

/** Entities that set deadlines, many under one name, and record when these fire. */
const alarms = (more: Partial<AgentDefinition> = {}): AgentDefinition => ({
  ...agent<{ fired: number; ended: boolean }>(
    'alarms',
    { fired: 0, ended: false },
    (state, message, say) => {
      const { type, key, delayMs } = message;
      if (type === 'break') throw new Error('broken on purpose');
      if (type === 'set') say(after('alarm', delayMs as number, { type: 'due', key } as Message));
      if (type === 'cancel') say(cancelAfter('alarm'));
      if (type === 'due') say({ type: 'fired', key } as Message);
      if (type === 'due') return { ...state, fired: state.fired + 1 };
      return type === 'end' ? { ...state, ended: true } : { ...state };
    },
    { accepts: ['set', 'cancel', 'end', 'due', 'break'] },
  ),
  durable: true,
  keyed: {
    key: (message) => (message as Told).key,
    creates: ['set'],
    ended: (state) => (state as { ended: boolean }).ended,
  },
  ...more,
});

const tell = (world: World, type: string, key: string, delayMs = 0): boolean =>
  world.runtime.tell({ type, key, delayMs } as Message);

const open = (more: Partial<ConstructorParameters<typeof World>[0]> = {}): Promise<World> =>
  new World({ entries, roster: oneForOne([alarms()], 100), ...more }).start();

describe('a deadline', () => {
  it('fires once, at its time, and is a row until then', async () => {
    const world = await open();
    tell(world, 'set', 'x', 1_000);
    await world.advance(999);
    expect(world.of('fired')).toHaveLength(0);
    expect(world.disk.rows.get('alarms\nx')?.state).toContain('"deadlines":[["alarm",1001000,');
    await world.advance(1);
    expect(world.of('fired')).toHaveLength(1);
    expect(world.disk.rows.get('alarms\nx')?.state).not.toContain('deadlines');
    expect(world.runtime.stats().timers).toBe(0);
  });

  it('keeps its due time over a restart, and one that passed meanwhile fires at once', async () => {
    const world = await open();
    tell(world, 'set', 'early', 1_000);
    tell(world, 'set', 'late', 5_000);
    await world.settle();
    world.crash();
    const clock = new SimulatedClock(1_002_000);
    const next = await open({ disk: world.disk, clock });
    await next.advance(0);
    expect(next.of('fired')).toMatchObject([{ key: 'early', at: 1_002_000 }]);
    await next.advance(3_000);
    expect(next.of('fired')).toMatchObject([{ key: 'early' }, { key: 'late', at: 1_005_000 }]);
  });

  it('that is kept in memory only never waits longer than it was told to, also when the clock is put back; a time stays a time', async () => {
    const clock = new SteppedClock(1_000_000);
    const watch: AgentDefinition = {
      ...alarms(),
      ...agent(
        'alarms',
        {},
        (state, { type, key, delayMs }, say) => {
          if (type === 'set')
            say(after('alarm', delayMs as number, { type: 'due', key: `${String(key)} in time` } as Message));
          else say({ type: 'fired', key } as Message);
          say(afterInMemory('watch', 1_000, { type: 'due', key } as Message));
          return { ...state };
        },
        { accepts: ['set', 'due'] },
      ),
    };
    const world = await open({ clock, roster: oneForOne([watch], 100) });
    tell(world, 'set', 'x', 5_000);
    await world.advance(1_500);
    expect(world.of('fired')).toHaveLength(1);
    clock.putBack(3_600_000);
    await world.settle();
    // By the market's own reading: an hour passes.
    await world.advance(2 * 3_600_000);
    expect(world.of('fired').length).toBeGreaterThan(3_500);
    expect(world.of<Told>('fired').filter(({ key }) => key === 'x in time')).toEqual([]);
  });

  it('that is set again while the old one has just fired belongs to a new generation', async () => {
    const world = await open();
    tell(world, 'set', 'x', 1_000);
    await world.advance(999);
    tell(world, 'set', 'x', 2_000);
    // Its letter arrives behind the new setting, which waits in the mailbox already.
    world.clock.step(1_001_000);
    await world.settle();
    expect(world.of('fired')).toHaveLength(0);
    await world.advance(2_000);
    expect(world.of('fired')).toMatchObject([{ at: 1_003_000 }]);
    expect(world.runtime.stats().timers).toBe(0);
  });

  test('that was set just before its agent crashed is not lost, however far its commit has come', () =>
    underSeeds(200, async (seed) => {
      const world = await open({ seed });
      tell(world, 'set', 'y', 50);
      await world.settle();
      tell(world, 'set', 'x', 1_000);
      tell(world, 'break', 'x');
      await world.advance(990);
      expect(world.of('agent.restarted').length).toBeGreaterThan(0);
      expect(world.of('fired')).toMatchObject([{ key: 'y' }]);
      await world.advance(10);
      expect(world.of('fired')).toMatchObject([{ key: 'y' }, { key: 'x' }]);
    }));

  it('that is cancelled, or whose entity has ended, or that another life of it set, is void', async () => {
    const world = await open();
    for (const key of ['cancelled', 'ended', 'reborn']) tell(world, 'set', key, 1_000);
    await world.settle();
    tell(world, 'cancel', 'cancelled');
    tell(world, 'end', 'ended');
    tell(world, 'end', 'reborn');
    tell(world, 'set', 'reborn', 9_000);
    await world.advance(5_000);
    expect(world.of('fired')).toHaveLength(0);
    expect([...world.disk.rows.keys()]).toEqual(['alarms\ncancelled', 'alarms\nreborn']);
    await world.advance(5_000);
    expect(world.of('fired')).toMatchObject([{ key: 'reborn' }]);
  });

  it('whose entity ends and begins again and ends in one group leaves no row, and says so once', async () => {
    const disk = new Disk();
    const store = new MemoryStore(disk);
    const gone: string[] = [];
    const commit = store.commit.bind(store);
    store.commit = (group) => {
      for (const { entity, state } of group.rows) if (state === null) gone.push(entity);
      return commit(group);
    };
    const world = await open({ disk, store });
    for (const type of ['set', 'end', 'set', 'end']) tell(world, type, 'x', 1_000);
    await world.settle();
    expect(gone).toEqual(['x']);
    expect(disk.rows.size).toBe(0);
    expect(world.runtime.stats().timers).toBe(0);
  });

  /** Sets its deadline anew whenever it has fired; the turn throws while `fails` says so. */
  const failing = (fails: () => boolean): Promise<World> => {
    const broken = {
      ...alarms(),
      ...agent(
        'alarms',
        {},
        (state, { type, key }, say) => {
          if (type === 'due' && fails()) throw new Error('fatal');
          say(after('alarm', 1_000, { type: 'due', key } as Message));
          return { ...state };
        },
        { accepts: ['set', 'due'] },
      ),
      durable: true,
    };
    return open({ roster: oneForOne([broken], 100) });
  };

  it('whose turn throws fires again after each restart and is parked at last', async () => {
    const world = await failing(() => true);
    tell(world, 'set', 'x');
    await world.advance(60_000);
    expect(world.of('agent.crashed')).toHaveLength(3);
    expect(world.of('agent.parked')).toMatchObject([{ messageType: 'due', entity: 'x' }]);
    expect(statusOf(world, 'alarms')).toBe('running');
    expect(world.disk.rows.get('alarms\nx')?.state).not.toContain('deadlines');
  });

  it('that is set again and again is not parked for crashes of times that went well in the end', async () => {
    let turns = 0;
    const world = await failing(() => ++turns % 2 === 1);
    tell(world, 'set', 'x');
    await world.advance(60_000);
    expect(world.of('agent.crashed').length).toBeGreaterThan(2 * BOUNDS.poisonCrashes);
    expect(world.of('agent.parked')).toEqual([]);
    expect(world.disk.rows.get('alarms\nx')?.state).toContain('deadlines');
  });
});

describe('an after of a machine', () => {
  it('is re-armed from its row with the time that is left', async () => {
    const machine = setup({ types: { events: {} as { type: 'set' } } }).createMachine({
      initial: 'idle',
      states: { idle: { on: { set: 'waiting' } }, waiting: { after: { 1000: 'over' } }, over: {} },
    });
    const roster = oneForOne([{ address: 'm', version: 1, durable: true, accepts: ['set'], logic: machine }]);
    const world = await new World({ entries, roster }).start();
    world.runtime.tell({ type: 'set' });
    await world.advance(600);
    world.crash();
    const next = await new World({ entries, roster, disk: world.disk, clock: world.clock }).start();
    await next.advance(399);
    expect(next.runtime.peek('m')).toMatchObject({ value: 'waiting' });
    await next.advance(1);
    expect(next.runtime.peek('m')).toMatchObject({ value: 'over' });
  });
});
