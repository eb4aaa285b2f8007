/** A crowd of requests comes in by and by: in order, bounded, with the urgent ones in front, and not at all into a house that recovers. */
import { expect, test } from 'vitest';
import type { AskError } from './asks.ts';
import { BOUNDS } from './bounds.ts';
import type { Message } from './message.ts';
import { Disk, MemoryStore } from './simulated/store.ts';
import { CommitError, type Group } from './store.ts';
import { agent, command, fact, reply } from './testing/samples.ts';
import { oneForOne, World } from './testing/world.ts';

const entries = [
  command('order', { reply: 'ordered' }),
  command('stop', { control: true, reply: 'stopping' }),
  reply('ordered'),
  reply('stopping'),
  fact('taken'),
  fact('stopped'),
];

const taker = () =>
  agent<number>(
    'taker',
    0,
    (count, { type, n }, say) => {
      say({ type: type === 'stop' ? 'stopping' : 'ordered' });
      say(type === 'stop' ? { type: 'stopped' } : ({ type: 'taken', n } as Message));
      return count + 1;
    },
    { accepts: ['order', 'stop'], durable: true },
  );

/** Remembers how many records each commit has; fails one when it is told to. */
class WatchedStore extends MemoryStore {
  readonly sizes: number[] = [];
  failsNext = false;

  override async commit(group: Group): Promise<void> {
    if (this.failsNext) {
      this.failsNext = false;
      throw new CommitError('certain', 'away');
    }
    if (group.records.length > 0) this.sizes.push(group.records.length);
    await super.commit(group);
  }
}

async function house(requestsPerDrain: number) {
  const store = new WatchedStore(new Disk());
  const world = await new World({ entries, roster: oneForOne([taker()]), store, requestsPerDrain }).start();
  const said: string[] = [];
  const ask = (type: string, n = 0): void => {
    world.runtime.ask({ type, n } as Message).then(
      () => said.push(`${type} ${n}`),
      (error: AskError) => said.push(`${error.kind} ${n}`),
    );
  };
  const taken = (): unknown[] => world.of<Message & { readonly n: number }>('taken').map(({ n }) => n);
  return { world, store, said, ask, taken };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

test('the first of a crowd are committed while the others still wait, and all in their order', async () => {
  const { world, store, said, ask, taken } = await house(2);
  for (const n of upTo(5)) ask('order', n);
  await world.settle();
  // The rest came in during that commit.
  expect(store.sizes).toEqual([2, 3]);
  expect(taken()).toEqual(upTo(5));
  expect(said).toEqual(upTo(5).map((n) => `order ${n}`));
});

test('what is urgent does not wait with them', async () => {
  const { world, ask } = await house(2);
  for (const n of upTo(5)) ask('order', n);
  ask('stop');
  await world.settle();
  expect(world.types().indexOf('stopped')).toBeLessThanOrEqual(2);
});

test('who finds too many of them is refused, and was never there', async () => {
  const { world, said, ask, taken } = await house(2);
  const most = 2 + BOUNDS.door;
  for (const n of upTo(most + 3)) ask('order', n);
  await world.settle();
  expect(said.filter((each) => each.startsWith('refused'))).toEqual([2, 1, 0].map((n) => `refused ${most + 2 - n}`));
  expect(taken()).toEqual(upTo(most));
});

test('a house that recovers lets nobody in who came before', async () => {
  const { world, store, said, ask, taken } = await house(2);
  store.failsNext = true;
  for (const n of upTo(5)) ask('order', n);
  await world.advance(BOUNDS.reconnectMaxMs);
  expect(said).toEqual(upTo(5).map((n) => `unavailable ${n}`));
  ask('order', 9);
  await world.settle();
  expect(taken()).toEqual([9]);
});
