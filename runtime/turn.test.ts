import { describe, expect, it } from 'vitest';
import type { Message } from './message.ts';
import { SimulatedClock } from './simulated/clock.ts';
import { FaultyStore } from './simulated/faulty-store.ts';
import { seededRandom } from './simulated/random.ts';
import { Disk, MemoryStore } from './simulated/store.ts';
import { agent, command, counter, counterEntries, fact, market } from './testing/samples.ts';
import { oneForOne, World } from './testing/world.ts';

interface Heard {
  readonly heard: readonly Message[];
}

const listener = (address: string, accepts: readonly string[]) =>
  agent<Heard>(address, { heard: [] }, ({ heard }, message) => ({ heard: [...heard, message] }), { accepts });

const heardBy = (world: World, address: string): readonly Message[] => (world.runtime.peek(address) as Heard).heard;
const valuesHeardBy = (world: World, address: string) =>
  heardBy(world, address).map((message) => (message as Message & { value?: unknown }).value);

/** Says as many values as it is told to; with `breaks` it throws after the last. */
const speaker = agent(
  'speaker',
  { turns: 0 },
  ({ turns }, { many, breaks }, say) => {
    for (let value = 0; value < (many as number); value += 1)
      say({ type: 'put', value: `${turns}.${value}` } as Message);
    if (breaks) throw new Error('broken on purpose');
    return { turns: turns + 1 };
  },
  { accepts: ['speak'] },
);
const entries = [command('speak'), command('put'), command('hint'), market('tick'), fact('noted')];
const speak = (many: number, more: object = {}) => ({ type: 'speak', many, ...more }) as Message;

describe('what a turn says', () => {
  it('arrives whole and in order, however much it is, and the next turn says only its own', async () => {
    const roster = oneForOne([speaker, listener('l', ['put'])]);
    const world = await new World({ entries, roster }).start();
    world.runtime.tell(speak(900));
    await world.settle();
    world.runtime.tell(speak(2));
    await world.settle();
    const first = Array.from({ length: 900 }, (_, value) => `0.${value}`);
    expect(valuesHeardBy(world, 'l')).toEqual([...first, '1.0', '1.1']);
  });

  it('is forgotten when it throws, and nothing of it is said by the turns after it', async () => {
    const roster = oneForOne([speaker, listener('l', ['put'])]);
    const world = await new World({ entries, roster }).start();
    world.runtime.tell(speak(70, { breaks: true }));
    world.runtime.tell(speak(1));
    await world.advance(120_000);
    expect(valuesHeardBy(world, 'l')).toEqual(['0.0']);
  });

  it('goes by its own type when one agent says several in turn', async () => {
    const both = agent(
      'both',
      {},
      (state, _message, say) => {
        for (const type of ['put', 'hint', 'hint', 'noted', 'put']) say({ type });
        return state;
      },
      { accepts: ['speak'] },
    );
    const reader = agent<{ count: number }>('r', { count: 0 }, ({ count }) => ({ count: count + 1 }), {
      reads: ['noted'],
    });
    const roster = oneForOne([both, listener('p', ['put']), listener('h', ['hint']), reader]);
    const world = await new World({ entries, roster }).start();
    world.runtime.tell({ type: 'speak' });
    await world.settle();
    expect(heardBy(world, 'p').map(({ type }) => type)).toEqual(['put', 'put']);
    expect(heardBy(world, 'h').map(({ type }) => type)).toEqual(['hint', 'hint']);
    expect(world.types()).toEqual(['noted']);
    expect(world.runtime.peek('r')).toEqual({ count: 1 });
  });
});

describe('the time of a message', () => {
  it('is written on a copy where the message is frozen, and never on the sender’s', async () => {
    const world = await new World({ entries, roster: oneForOne([listener('l', ['put', 'hint'])]) }).start();
    const frozen = Object.freeze({ type: 'put', value: 1 });
    const again: Message = { type: 'hint' };
    world.runtime.tell(frozen);
    world.runtime.tell(again);
    await world.advance(500);
    world.runtime.tell(frozen);
    world.runtime.tell(again);
    await world.settle();
    expect(frozen).toEqual({ type: 'put', value: 1 });
    const times = heardBy(world, 'l').map(({ type, at }) => `${type} ${at! - 1_000_000}`);
    expect(times.sort()).toEqual(['hint 0', 'hint 500', 'put 0', 'put 500']);
  });

  it('is that of the turn which takes it, however long it was kept or tried before', async () => {
    type State = { readonly open: boolean; readonly kept: readonly number[] };
    let failures = 1;
    const patient = agent<State>(
      'p',
      { open: false, kept: [] },
      (state, { type, at }) => {
        if (type === 'speak') return { ...state, open: true };
        if (type === 'put' && !state.open) return state;
        if (type === 'hint') failures -= 1;
        if (type === 'hint' && failures >= 0) throw new Error('broken on purpose');
        return { ...state, kept: [...state.kept, at! - 1_000_000] };
      },
      { accepts: ['speak', 'put', 'hint'], stashes: ['put'] },
    );
    const world = await new World({ entries, roster: oneForOne([patient]) }).start();
    const kept = () => (world.runtime.peek('p') as State).kept;
    world.runtime.tell({ type: 'put' });
    await world.advance(700);
    world.runtime.tell({ type: 'speak' });
    await world.settle();
    expect(kept()).toEqual([700]);
    world.runtime.tell({ type: 'hint' });
    await world.advance(60_000);
    expect(kept().at(-1)).toBeGreaterThan(700);
  });

  it('is read anew for every pick of a simulated world', async () => {
    const readings: number[] = [];
    const clock = new (class extends SimulatedClock {
      override marketNow(): number {
        readings.push(super.marketNow());
        return super.marketNow();
      }
    })(1_000_000);
    const world = await new World({ entries, roster: oneForOne([listener('l', ['put'])]), clock }).start();
    readings.length = 0;
    for (let value = 0; value < 20; value += 1) world.runtime.tell({ type: 'put', value } as Message);
    await world.settle();
    expect(readings.length).toBeGreaterThanOrEqual(20);
  });
});

describe('an agent to which nothing has happened', () => {
  it('shares nothing with its neighbours that mail, a crash or a stash could get into', async () => {
    const fickle = (name: string) =>
      agent(
        name,
        { open: false },
        (state, message) => {
          if (message.type === `${name}.break`) throw new Error('broken on purpose');
          return message.type === `${name}.open` ? { open: true } : state;
        },
        { accepts: [`${name}.break`, `${name}.open`, `${name}.keep`], stashes: [`${name}.keep`] },
      );
    const types = ['x', 'y'].flatMap((name) => [`${name}.break`, `${name}.open`, `${name}.keep`]);
    const roster = oneForOne([fickle('x'), fickle('y')]);
    const world = await new World({ entries: types.map((type) => command(type)), roster }).start();
    for (const type of ['x.keep', 'x.break', 'x.open']) world.runtime.tell({ type });
    await world.advance(120_000);
    const [x, y] = world.runtime.stats().agents;
    expect(y).toEqual({ address: 'y', status: 'running', mailbox: 0, facts: 0, entities: 0, turns: 0, restarts: 0 });
    expect(x).toMatchObject({ status: 'running', mailbox: 0 });
    expect(x!.restarts).toBeGreaterThan(0);
    expect([world.runtime.peek('x'), world.runtime.peek('y')]).toEqual([{ open: true }, { open: false }]);
  });
});

describe('a group that the database refuses', () => {
  it('is not blamed on a turn that left nothing in it', async () => {
    const clock = new SimulatedClock(1_000_000);
    const disk = new Disk();
    const store = new FaultyStore(new MemoryStore(disk), clock, seededRandom('faults'), {
      refuses: ({ records }) => records.some(({ payload }) => payload.includes('"sum":13')),
    });
    const roster = oneForOne([counter('a')]);
    const world = await new World({ entries: counterEntries('a'), roster, clock, disk, store }).start();
    for (let times = 0; times < 3; times += 1) world.runtime.tell({ type: 'a.get' });
    world.runtime.tell({ type: 'a.add', amount: 13 } as Message);
    await world.advance(60_000);
    expect(world.of('agent.parked')).toMatchObject([{ agent: 'a', messageType: 'a.add' }]);
  });
});

describe('a row', () => {
  it('tells the state of its commit, however late its text is asked for', async () => {
    const more = { accepts: ['keep'], durable: true };
    const keeper = agent('keeper', { kept: 0 }, ({ kept }) => ({ kept: kept + 1 }), more);
    const world = await new World({ entries: [command('keep')], roster: oneForOne([keeper]) }).start();
    const row = () => world.disk.rows.get('keeper\n');
    world.runtime.tell({ type: 'keep' });
    await world.settle();
    const first = row();
    world.runtime.tell({ type: 'keep' });
    await world.settle();
    expect(first?.state).toBe('{"state":{"kept":1}}');
    expect(row()?.state).toBe('{"state":{"kept":2}}');
  });
});
