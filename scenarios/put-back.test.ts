/** A product whose clock is put back: it trades on nothing that it can't tell the age of, and losses are seen as soon as ever. */
import { expect, test, vi } from 'vitest';
import { runText } from './testing/scenario-test.ts';

vi.setConfig({ testTimeout: 60_000 });

const HEAD = `
name: Put back
until: 4m
world:
  instruments: [AAPL]
  people: { ann: {} }
  traders: { alpha: { owner: ann, budget: 200000 } }
`;
const buy = (at: number, quantity: number): string =>
  `  - { at: ${at}s, by: ann, status: any, call: 'POST /api/v1/agents/\${alpha.id}/trades', body: { symbol: AAPL, side: buy, quantity: ${quantity}, price: 150, type: market } }\n`;

test('quotes are those of the future then: nothing but exits passes until the clock is right again', async () => {
  const script = [10, 40, 70, 100, 130].map((second) => buy(second, 10)).join('');
  const faults = 'faults:\n  - { clock: { step: -2m }, from: 60s, until: 80s }\n';
  const { answers } = await runText(`${HEAD}script:\n${script}${faults}`);
  const trades = answers.filter(({ path }) => path.endsWith('/trades'));
  expect(trades.map(({ status }) => status === 201)).toEqual([true, true, false, true, true]);
  expect(trades[2]?.body).toContain('ahead of the clock');
});

test('a loss behind it halts the account within seconds', async () => {
  const market = 'market:\n  shocks: [{ instrument: AAPL, at: 100s, jump: -8%, over: 5s }]\n';
  const limits = '  limits: { accounts: { default: { dailyLossRatioMax: "0.01" } } }\n';
  const faults = 'faults:\n  - { clock: { step: -2m }, from: 60s, until: 3m }\n';
  const { records } = await runText(`${HEAD}${limits}${market}script:\n${buy(10, 300)}${faults}`);
  const halted = records.filter(({ type }) => type === 'trading.halted').map(({ atMs }) => atMs);
  expect(halted).toHaveLength(1);
  expect(halted[0]).toBeGreaterThan(95_000);
  expect(halted[0]).toBeLessThan(108_000);
});
