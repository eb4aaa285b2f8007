/** One step after the other: what a step sets off is done before the next begins, without a look at the real clock. */
import { expect, test } from 'vitest';
import { Runner } from './runner.ts';

const hops = async (count: number): Promise<void> => {
  for (let hop = 0; hop < count; hop += 1) await undefined;
};

/** What is done at the first step, and when, seen from the second. */
async function order(first: (runner: Runner) => Promise<unknown>): Promise<string[]> {
  const runner = new Runner(0);
  const done: string[] = [];
  runner.clock.at('market', 1, () => {
    void first(runner).then(() => done.push('first'));
  });
  runner.clock.at('market', 1, () => done.push('second'));
  await runner.runUntil(10);
  return done;
}

test('a long chain of promises ends within its step', async () => {
  expect(await order(() => hops(10_000))).toEqual(['first', 'second']);
});

test('so does what goes through the queue of ticks, twice', async () => {
  const tick = () => new Promise<void>((resolve) => process.nextTick(resolve));
  expect(await order(() => tick().then(() => hops(100)))).toEqual(['first', 'second']);
  expect(
    await order(() =>
      tick()
        .then(tick)
        .then(() => hops(100)),
    ),
  ).toEqual(['first', 'second']);
});

test('a body is read within its step', async () => {
  const read = () => new Response(JSON.stringify({ a: 'x'.repeat(10_000) })).json();
  expect(await order(read)).toEqual(['first', 'second']);
  const request = () => new Request('http://pitwall/', { method: 'POST', body: 'x'.repeat(100_000) }).text();
  expect(await order(request)).toEqual(['first', 'second']);
});

test('the world stands still while another thread works', async () => {
  const digest = (runner: Runner) => runner.track(crypto.subtle.digest('SHA-256', new Uint8Array(1_000_000)));
  expect(await order(digest)).toEqual(['first', 'second']);
});

test('whoever moves the world while somebody else does is refused, and the other comes to his end', async () => {
  const runner = new Runner(0);
  const first = runner.runUntil(10);
  await expect(runner.runUntil(20)).rejects.toThrow('Invariant: one thing moves the world at a time');
  await first;
  expect(runner.clock.marketNow()).toBe(10);
});

test('parked work is answered at the next virtual moment', async () => {
  expect(await order((runner) => runner.park(Promise.resolve(1)))).toEqual(['second', 'first']);
});
