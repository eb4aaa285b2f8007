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
const SHORT = { minutes: 2, shrinkRuns: 0 };
/** A world that shows it, and the next ones: who draws other crowds need not look for all of them again. */
const SEEDS = 4;

test.each([
  ['duplicate-fills-booked', 2, 'I1 fills within quantity'],
  ['hash-chain-skips', 1, 'I8 chain unbroken'],
  ['answer-before-commit', 1, 'A1 acknowledged is durable'],
  ['exit-blocked-in-halt', 7, 'A4 cancels and exits pass'],
])(
  '%s is seen from seed %i on by %s',
  async (name, from, checker) => {
    const { failures } = await hunt(CHECKOUT_DIRECTORY, bug(name), { ...SHORT, from, seeds: SEEDS });
    expect(failures.map(checkerIn)).toContain(checker);
  },
  60_000,
);

test('a planted bug shrinks to at most five steps', async () => {
  const whole = { ...SHORT, from: 2, seeds: SEEDS, shrinkRuns: 150 };
  const { shrunk } = await hunt(CHECKOUT_DIRECTORY, bug('first-fill-ends-order'), whole);
  expect(shrunk?.part.steps.length).toBeLessThanOrEqual(5);
  expect(shrunk?.failures.map(checkerIn)).toContain('I1 fills within quantity');
}, 120_000);

test('the product as it is breaks nothing in the same worlds', async () => {
  expect(await hunt(CHECKOUT_DIRECTORY, undefined, { ...SHORT, from: 1, seeds: 2 })).toEqual({
    seeds: 2,
    failures: [],
  });
}, 60_000);
