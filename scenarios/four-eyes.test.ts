/** Limits and four eyes in the whole product: nobody trades by limits that he has loosened, whichever he does first. */
import { expect, test, vi } from 'vitest';
import { runText } from './testing/scenario-test.ts';

vi.setConfig({ testTimeout: 60_000 });

const HEAD = `
name: Four eyes
until: 2m
world:
  instruments: [AAPL]
  settings: { fourEyes: true }
  people: { ann: { roles: [admin] }, bob: { roles: [admin] } }
script:
`;
const loosened = (at: number, by: string, exposure: number): string =>
  `  - { at: ${at}s, by: ${by}, status: 200, limits: { accounts: { default: { exposureMax: "${exposure}" } } } }\n`;
const made = (at: number, by: string, userId: string): string =>
  `  - { at: ${at}s, by: ${by}, status: any, call: 'POST /api/v1/agents', body: { name: New, type: trading, config: { budget: 1000, strategy: balanced }, userId: ${userId} } }\n`;

/** What became of those who wanted a trader, in order. */
async function madeOf(script: string): Promise<readonly number[]> {
  const { answers } = await runText(`${HEAD}${script}`);
  return answers.flatMap(({ path, method, status }) =>
    method === 'POST' && path.endsWith('/agents') && status !== undefined ? [status] : [],
  );
}

const [LOOSE, LOOSER, TIGHT] = [90_000_000, 95_000_000, 1];

test('who has loosened limits makes no trader behind it, in several steps and in another’s name neither; others do', async () => {
  const steps = loosened(5, 'ann', LOOSE) + loosened(10, 'ann', LOOSER);
  expect(await madeOf(steps + made(20, 'ann', 'ann') + made(30, 'ann', 'bob') + made(40, 'bob', 'bob'))).toEqual([
    ...[403, 403, 201],
  ]);
});

test('once somebody else has set the limits they are his', async () => {
  const steps = loosened(5, 'ann', LOOSE) + loosened(10, 'bob', LOOSER);
  expect(await madeOf(steps + made(20, 'ann', 'ann') + made(30, 'bob', 'bob'))).toEqual([201, 403]);
});

test('who has tightened them, or has taken his loosening back, trades', async () => {
  expect(await madeOf(loosened(5, 'ann', TIGHT) + made(20, 'ann', 'ann'))).toEqual([201]);
});
