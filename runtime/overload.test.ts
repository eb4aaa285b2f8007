/** More than anybody can take, and a control message in the midst of it: the claim S9 of docs/SAFETY.md. */
import { expect, test } from 'vitest';
import { BOUNDS } from './bounds.ts';
import type { Message } from './message.ts';
import { agent, command, fact, market, underSeeds } from './testing/samples.ts';
import { oneForOne, World } from './testing/world.ts';

const FLOOD = 10_000;
const SYMBOLS = ['A', 'B', 'C', 'D', 'E'];
const TOLD = 50;
const entries = [market('quote'), command('put'), command('kill', { control: true }), command('tell'), fact('told')];

interface Seen {
  readonly seen: readonly string[];
}

const busy = () =>
  agent<Seen>('busy', { seen: [] }, ({ seen }, { type, value }) => ({ seen: [...seen, `${type} ${value}`] }), {
    accepts: ['put', 'kill'],
    reads: ['told'],
    observes: { quote: 'newest' },
  });

/** Tells facts, as many as it is asked for. */
const teller = () =>
  agent<number>(
    'teller',
    0,
    (count, _message, say) => {
      for (let value = 0; value < TOLD; value += 1) say({ type: 'told', value: count + value } as Message);
      return count + TOLD;
    },
    { accepts: ['tell'], durable: true },
  );

test('S9: a flood is conflated or refused to its sender, and neither a fact nor a control message is lost in it', () =>
  underSeeds(200, async (seed) => {
    const world = await new World({ entries, roster: oneForOne([busy(), teller()]), seed }).start();
    const { runtime } = world;
    runtime.tell({ type: 'tell' });
    let taken = 0;
    for (let value = 0; value < FLOOD; value += 1) {
      const symbol = SYMBOLS[value % SYMBOLS.length]!;
      runtime.publish({ type: 'quote', value: `${symbol}${value}` } as Message, symbol);
      if (runtime.tell({ type: 'put', value } as Message)) taken += 1;
    }
    expect(runtime.tell({ type: 'kill', value: 'now' } as Message)).toBe(true);
    await world.settle();
    expect(taken).toBe(BOUNDS.mailbox);
    expect(runtime.stats().deadLetters.get('put refused')).toBe(FLOOD - BOUNDS.mailbox);
    const { seen } = runtime.peek('busy') as Seen;
    const of = (type: string): string[] => seen.filter((each) => each.startsWith(type));
    // Facts up to the head come before anything from a mailbox; among letters the control message is the first.
    expect(seen.find((each) => !each.startsWith('told') && !each.startsWith('quote'))).toBe('kill now');
    expect(of('quote').map((each) => each.slice(6))).toEqual(SYMBOLS.map((symbol, at) => `${symbol}${FLOOD - 5 + at}`));
    expect(of('put')).toEqual(Array.from({ length: BOUNDS.mailbox }, (_, value) => `put ${value}`));
    expect(of('told')).toEqual(Array.from({ length: TOLD }, (_, value) => `told ${value}`));
  }));
