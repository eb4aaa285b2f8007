import { describe, expect, it } from 'vitest';
import { BOUNDS } from './bounds.ts';
import type { Message, MessageCatalog } from './message.ts';
import type { Disk } from './simulated/store.ts';
import { agent, command, fact, statusOf } from './testing/samples.ts';
import { oneForOne, World } from './testing/world.ts';

const entries = [command('put'), fact('news')];

/** A value of news is a number. */
const problem: NonNullable<MessageCatalog['problem']> = ({ type, ...rest }) =>
  type !== 'news' || typeof (rest as { value?: unknown }).value === 'number' ? undefined : 'value: no number';

const desk = (asked: Message[] = []) =>
  agent(
    'desk',
    0,
    (count, { value }, say) => {
      say({ type: 'news', value } as Message);
      return count + 1;
    },
    {
      accepts: ['put'],
      durable: true,
      effects: {
        news: {
          repeatable: true,
          run: (news) => {
            asked.push(news);
            return new Promise(() => undefined);
          },
        },
      },
    },
  );
const reader = agent<{ read: readonly unknown[] }>(
  'reader',
  { read: [] },
  ({ read }, { value }) => ({ read: [...read, value] }),
  { reads: ['news'], durable: true, from: 'start' },
);

async function told(values: readonly unknown[], checks: ConstructorParameters<typeof World>[0]['checks'] = {}) {
  const world = await new World({ entries, roster: oneForOne([desk()]), checks }).start();
  for (const value of values) world.runtime.tell({ type: 'put', value } as Message);
  await world.advance(5_000);
  return world;
}
const values = (world: World) => world.of('news').map((news) => (news as Message & { value: unknown }).value);

describe('a fact that is not what its schema says', () => {
  it('is never recorded: its turn fails, and its message is parked', async () => {
    const world = await told([1, 'two', 3], { problem });
    expect(values(world)).toEqual([1, 3]);
    expect(world.of('agent.crashed')[0]).toMatchObject({
      reason: 'Invariant: news is what its schema says, not value: no number',
    });
    expect(world.of('agent.parked')).toMatchObject([{ messageType: 'put' }]);
  });

  it('is looked for among the first of its type, and in a simulated world among all', async () => {
    const late = [...Array.from({ length: BOUNDS.checkedFacts }, (_, index) => index), 'late'];
    expect(values(await told(late, { problem }))).toEqual(late);
    expect(values(await told(late, { problem, checksEachFact: true }))).toEqual(late.slice(0, -1));
  });
});

describe('a record in the journal that is not what its schema says', () => {
  const disk = async (): Promise<Disk> => {
    const before = await told([1, 'two', 3]);
    before.crash();
    return before.disk;
  };

  it('keeps its reader down until a named person skips it', async () => {
    const roster = oneForOne([desk(), reader]);
    const world = await new World({ entries, roster, disk: await disk(), checks: { problem } }).start();
    await world.advance(5_000);
    expect(statusOf(world, 'reader')).toBe('down');
    expect(world.of('agent.stopped')).toMatchObject([
      { reason: "news 2 can't be read: news in the journal is not what its schema says: value: no number" },
    ]);
    world.runtime.revisit('reader', 'skip', 'anna');
    await world.advance(1_000);
    expect(world.runtime.peek('reader')).toEqual({ read: [1, 3] });
  });

  it('is no reason to do anything outside: its open effect is parked', async () => {
    const asked: Message[] = [];
    const roster = oneForOne([desk(asked)]);
    const world = await new World({ entries, roster, disk: await disk(), checks: { problem } }).start();
    await world.advance(1_000);
    expect(asked).toMatchObject([{ value: 1 }, { value: 3 }]);
    expect(world.of('agent.parked')).toMatchObject([{ messageType: 'news' }]);
  });
});
