/** The example of README.md, word for word: the page is read and its code must be what runs here. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { AgentDefinition, SupervisorSpec } from './agent.ts';
import { after, functionLogic } from './logic.ts';
import type { Message } from './message.ts';
import { answer, command, fact, outcomeOf, reply } from './testing/samples.ts';
import { World } from './testing/world.ts';

interface Tea extends Message {
  readonly cup?: string;
  readonly brewed?: number;
}

interface Cup {
  readonly state: 'empty' | 'heating' | 'steeping' | 'ready';
}

const entries = [
  command('tea.order', { reply: 'tea.served' }),
  command('tea.steeped'),
  reply('tea.served'),
  answer('stove.answered'),
  command('shelf.count', { reply: 'shelf.counted' }),
  reply('shelf.counted'),
  fact('water.wanted'),
  fact('tea.brewed'),
];

interface Stove {
  heated: number;
  heat(fact: Message): Promise<Message>;
}

function kitchenWith(stove: Stove): SupervisorSpec {
  // README begins
  const kettle: AgentDefinition = {
    address: 'kettle',
    version: 1,
    durable: true,
    accepts: ['tea.order', 'stove.answered', 'tea.steeped'],
    keyed: {
      key: (message) => (message as Tea).cup,
      creates: ['tea.order'],
      ended: (cup) => (cup as Cup).state === 'ready',
    },
    logic: functionLogic<Cup, Tea>({ state: 'empty' }, (cup, message, emit) => {
      switch (message.type) {
        case 'tea.order':
          emit({ type: 'water.wanted', cup: message.cup });
          return { state: 'heating' };
        case 'stove.answered':
          emit(after('steep', 180_000, { type: 'tea.steeped', cup: message.cup }));
          return { state: 'steeping' };
        case 'tea.steeped':
          emit({ type: 'tea.brewed', cup: message.cup });
          emit({ type: 'tea.served', cup: message.cup });
          return { state: 'ready' };
        default:
          return cup;
      }
    }),
    effects: {
      'water.wanted': {
        repeatable: true,
        run: async (fact) => ({ ...(await stove.heat(fact)), type: 'stove.answered' }),
      },
    },
  };

  const shelf: AgentDefinition = {
    address: 'shelf',
    version: 1,
    durable: true,
    accepts: ['shelf.count'],
    reads: ['tea.brewed'],
    logic: functionLogic<number, Tea>(0, (brewed, message, emit) => {
      if (message.type === 'tea.brewed') return brewed + 1;
      if (message.type === 'shelf.count') emit({ type: 'shelf.counted', brewed });
      return brewed;
    }),
  };

  const roster: SupervisorSpec = {
    name: 'kitchen',
    strategy: 'one-for-one',
    intensity: { max: 3, periodMs: 5_000 },
    children: [{ agent: kettle }, { agent: shelf }],
  };
  // README ends
  return roster;
}

const newStove = (): Stove => ({
  heated: 0,
  async heat(wanted) {
    this.heated += 1;
    return { ...wanted };
  },
});

it('serves tea when it is brewed, and counts it', async () => {
  const world = await new World({ entries, roster: kitchenWith(newStove()) }).start();
  const tea = outcomeOf(world.runtime.ask({ type: 'tea.order', cup: 'blue' } as Tea, { deadlineMs: 600_000 }));
  await world.advance(179_999);
  expect(tea).toEqual({});
  await world.advance(1);
  expect(tea.value).toMatchObject({ type: 'tea.served', cup: 'blue' });
  expect(await world.runtime.ask({ type: 'shelf.count' })).toMatchObject({ brewed: 1 });
  expect(world.disk.rows.has('kettle\nblue')).toBe(false);
});

it('brews on after a crash, at the minute at which it would have been ready', async () => {
  const stove = newStove();
  const world = await new World({ entries, roster: kitchenWith(stove) }).start();
  world.runtime.tell({ type: 'tea.order', cup: 'blue' } as Tea);
  await world.advance(100_000);
  world.crash();
  const again = await new World({ entries, roster: kitchenWith(stove), disk: world.disk, clock: world.clock }).start();
  await again.advance(79_999);
  expect(again.of('tea.brewed')).toHaveLength(0);
  await again.advance(1);
  expect(again.of('tea.brewed')).toMatchObject([{ cup: 'blue' }]);
  expect(stove.heated).toBe(1);
});

it('is what the page shows', () => {
  const unindented = (text: string): string => text.replaceAll(/^ {2}/gm, '').trim();
  const source = readFileSync(new URL(import.meta.url), 'utf8');
  const [, shown] = /```ts\n([\s\S]*?)```/.exec(readFileSync(new URL('README.md', import.meta.url), 'utf8'))!;
  const [, run] = / {2}\/\/ README begins\n([\s\S]*?) {2}\/\/ README ends/.exec(source)!;
  expect(unindented(run!)).toBe(shown!.trim());
});
