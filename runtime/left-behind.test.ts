/** What a crash may leave behind of the life that it ends: nothing. The claim S8 of docs/SAFETY.md; late answers are in effects.test.ts. */
import { expect, test } from 'vitest';
import type { AgentDefinition } from './agent.ts';
import { after, functionLogic } from './logic.ts';
import type { Message } from './message.ts';
import {
  agent,
  answer,
  command,
  counter,
  counterEntries,
  fact,
  outcomeOf,
  reply,
  underSeeds,
} from './testing/samples.ts';
import { oneForOne, World } from './testing/world.ts';

const DUE_MS = 10_000;
const entries = [
  command('work'),
  command('break'),
  command('due'),
  command('never', { reply: 'answered' }),
  reply('answered'),
  answer('news'),
  fact('began'),
  fact('came'),
];

/** Holds a timer, a promise, a subscription outside and somebody who waits for its answer. */
function holder(listeners: Set<(value: number) => void>): AgentDefinition {
  let fuse = 1;
  return agent<{ readonly due: number }>(
    'holder',
    { due: 0 },
    (state, { type }, say) => {
      if (type === 'break') {
        fuse -= 1;
        if (fuse === 0) throw new Error('broken on purpose');
        return state;
      }
      if (type === 'due') return { due: state.due + 1 };
      if (type === 'work') {
        say(after('due', DUE_MS, { type: 'due' }));
        say({ type: 'began' });
      }
      if (type === 'news') say({ type: 'came' });
      return { ...state };
    },
    {
      accepts: ['work', 'break', 'due', 'never', 'news'],
      durable: true,
      effects: {
        began: {
          repeatable: true,
          run: (_fact, { signal }) =>
            new Promise<Message>((resolve) => {
              const heard = (): void => {
                leave();
                resolve({ type: 'news' });
              };
              const leave = (): void => void listeners.delete(heard);
              listeners.add(heard);
              signal.addEventListener('abort', leave, { once: true });
            }),
        },
      },
    },
  );
}

test('S8: a crash ends timers, requests and subscriptions in its turn, and the next life has each of them once', () =>
  underSeeds(200, async (seed) => {
    const listeners = new Set<(value: number) => void>();
    const world = await new World({ entries, roster: oneForOne([holder(listeners)]), seed }).start();
    const { runtime } = world;
    runtime.tell({ type: 'work' });
    const asked = outcomeOf(runtime.ask({ type: 'never' }));
    await world.settle();
    expect([runtime.stats().timers, listeners.size]).toEqual([1, 1]);
    runtime.tell({ type: 'break' });
    await world.settle();
    expect(asked.error).toMatchObject({ kind: 'unavailable' });
    expect(runtime.stats()).toMatchObject({ timers: 0, asks: 0 });
    expect(listeners.size).toBe(0);
    await world.advance(1_000);
    expect([runtime.stats().timers, listeners.size]).toEqual([1, 1]);
    for (const heard of listeners) heard(1);
    await world.advance(DUE_MS);
    expect(world.of('came')).toHaveLength(1);
    expect(runtime.peek('holder')).toEqual({ due: 1 });
    expect(runtime.stats()).toMatchObject({ timers: 0, asks: 0 });
    expect(world.disk.effects.size).toBe(0);
  }));

/** Asks another agent for a sum, and again when it wakes up without one. */
function asker(): AgentDefinition {
  let fuse = 1;
  return {
    ...agent('asker', undefined, (state) => state),
    logic: functionLogic<{ readonly wants: boolean; readonly sum: number }, Message>(
      { wants: false, sum: 0 },
      (state, message, say) => {
        if (message.type === 'break') fuse -= 1;
        if (message.type === 'break' && fuse === 0) throw new Error('broken on purpose');
        if (message.type === 'work' || (message.type === 'resumed' && state.wants)) say({ type: 'a.add' });
        if (message.type === 'work') return { ...state, wants: true };
        return message.type === 'a.sum' ? { wants: false, sum: (message as Message & { sum: number }).sum } : state;
      },
    ),
    accepts: ['work', 'break'],
    awaits: ['a.sum'],
    durable: true,
    ignores: ['break'],
  };
}

test('S8: what it has asked of another agent dies with it, and what its next life asks for again is given once', () =>
  underSeeds(200, async (seed) => {
    const roster = oneForOne([counter('a'), asker()]);
    const world = await new World({ entries: [...entries, ...counterEntries('a')], roster, seed }).start();
    const { runtime } = world;
    runtime.tell({ type: 'a.break' });
    await world.settle();
    // The other is being restarted: the request waits for it.
    runtime.tell({ type: 'work' });
    await world.settle();
    runtime.tell({ type: 'break' });
    await world.advance(5_000);
    expect(runtime.peek('asker')).toEqual({ wants: false, sum: 1 });
    expect(runtime.peek('a')).toEqual({ sum: 1 });
    expect(runtime.stats().deadLetters.get('a.add of an earlier life')).toBe(1);
  }));
