/** The short form of `npm run planted`: bugs planted in builds of their own are seen by the checker that promises it, and come down to a few steps. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CHECKOUT_DIRECTORY } from '../../db/client/package-root.ts';
import { readBank } from '../bank/bank.ts';
import { checkerIn } from './checker-in.ts';
import { hunt, huntBanked } from './hunting.ts';
import { MUTATIONS } from './mutations.ts';
import { rowsIn } from './page.ts';

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

/** Each costs a build and a world: every fifth row of the page. All of them are run by `npm run planted -- --write`. */
const SPREAD = 5;
const { minutes, rows } = rowsIn(readFileSync(join(CHECKOUT_DIRECTORY, 'docs', 'PLANTED-BUGS.md'), 'utf8'));

test.each(rows.filter(({ seed }, index) => seed !== undefined && index % SPREAD === 0))(
  'the page is right about $name: seed $seed',
  async ({ name, seed, by }) => {
    const { failures } = await hunt(CHECKOUT_DIRECTORY, bug(name), {
      ...{ from: Number(seed), seeds: 1, minutes, shrinkRuns: 0 },
    });
    expect([...new Set(failures.map(checkerIn))].join('; ')).toBe(by);
  },
  60_000,
);

const banked = readBank().flatMap(({ name, entry }) =>
  entry.kind === 'drawn' && entry.planted !== undefined ? [{ name, planted: entry.planted }] : [],
);

test.each(banked)(
  'the bank still shows $planted in $name',
  async ({ name, planted }) => {
    expect((await huntBanked(CHECKOUT_DIRECTORY, bug(planted), name)).failures).not.toEqual([]);
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
