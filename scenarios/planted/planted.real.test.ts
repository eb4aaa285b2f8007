/** The short form of `npm run planted`: bugs planted in builds of their own are seen by the checker that promises it, and come down to a few steps. */
import { expect, test } from 'vitest';
import { CHECKOUT_DIRECTORY } from '../../db/client/package-root.ts';
import { checkerIn } from './checker-in.ts';
import { hunt } from './hunting.ts';
import { MUTATIONS } from './mutations.ts';

const bug = (name: string) => {
  const found = MUTATIONS.find((mutation) => mutation.name === name);
  if (!found) throw new Error(`there is no planted bug ${name}`);
  return found;
};
const ONE = { from: 1, seeds: 1, minutes: 2, shrinkRuns: 0 };

test.each([
  ['duplicate-fills-booked', 'I1 fills within quantity'],
  ['hash-chain-skips', 'I8 chain unbroken'],
  ['answer-before-commit', 'A1 acknowledged is durable'],
])('%s is seen by %s', async (name, checker) => {
  const { seed, failures } = await hunt(CHECKOUT_DIRECTORY, bug(name), ONE);
  expect(seed).toBe('1');
  expect(failures.map(checkerIn)).toContain(checker);
});

test('a planted bug shrinks to at most five steps', async () => {
  const { shrunk } = await hunt(CHECKOUT_DIRECTORY, bug('first-fill-ends-order'), { ...ONE, shrinkRuns: 150 });
  expect(shrunk?.script.steps.length).toBeLessThanOrEqual(5);
  expect(shrunk?.failures.map(checkerIn)).toContain('I1 fills within quantity');
});

test('the product as it is breaks nothing in the same world', async () => {
  expect(await hunt(CHECKOUT_DIRECTORY, undefined, ONE)).toEqual({ seeds: 1, failures: [] });
});
