/** What is not yet durable is bounded: beyond it requests from outside are refused at once, but for what is urgent, until it is written. */
import { expect, test } from 'vitest';
import { AskError } from './asks.ts';
import { BOUNDS } from './bounds.ts';
import type { Message } from './message.ts';
import { Disk, MemoryStore } from './simulated/store.ts';
import type { Group } from './store.ts';
import { agent, command, fact, outcomeOf, reply } from './testing/samples.ts';
import { oneForOne, World } from './testing/world.ts';

/** Writes nothing while it is held. */
class HeldStore extends MemoryStore {
  private go: () => void = () => undefined;
  private held: Promise<void> = Promise.resolve();

  hold(): void {
    this.held = new Promise((resolve) => {
      this.go = resolve;
    });
  }

  release(): void {
    this.go();
  }

  override async commit(group: Group): Promise<void> {
    await this.held;
    return super.commit(group);
  }
}

const writer = agent<Record<string, never>>(
  'writer',
  {},
  (state, message, say) => {
    for (let count = Number(message.count); count > 0; count -= 1) say({ type: 'written' });
    say({ type: 'done' });
    return state;
  },
  { accepts: ['write', 'stop'], durable: true },
);
const asks = { reply: 'done' };
const entries = [command('write', asks), command('stop', { ...asks, control: true }), reply('done'), fact('written')];
const write = (count: number): Message => ({ type: 'write', count }) as Message;
const PATIENT = { deadlineMs: 60_000 };

test('records beyond the bound refuse requests at once, never a stop, and all is well when they are written', async () => {
  const store = new HeldStore(new Disk());
  const world = await new World({ entries, store, roster: oneForOne([writer]) }).start();
  const { runtime } = world;
  store.hold();
  const full = outcomeOf(runtime.ask(write(BOUNDS.uncommittedRecords), PATIENT));
  await world.settle();
  const last = outcomeOf(runtime.ask(write(1), PATIENT));
  await world.settle();
  expect(last.error).toBeUndefined();
  const refused = outcomeOf(runtime.ask(write(1), PATIENT));
  const stop = outcomeOf(runtime.ask({ type: 'stop', count: 0 } as Message, PATIENT));
  await world.settle();
  expect(refused.error).toBeInstanceOf(AskError);
  expect(refused.error?.message).toContain('too much is waiting for the database');
  expect([full, last, stop]).toEqual([{}, {}, {}]);

  store.release();
  await world.advance(1_000);
  expect([full, last, stop].map(({ value }) => (value as Message).type)).toEqual(['done', 'done', 'done']);
  expect((await runtime.ask(write(1), PATIENT)).type).toBe('done');
  expect(world.of('written')).toHaveLength(BOUNDS.uncommittedRecords + 2);
});
