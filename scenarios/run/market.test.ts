/** The market of a scenario does what its file says: shocks, regimes, silence, halts, and quotes from a file. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { problemsOf } from '../cli/show.ts';
import { loadScenario, reloadScenario } from '../file/load.ts';
import type { Recording } from '../recording.ts';
import { runLoaded, runText } from '../testing/scenario-test.ts';

vi.setConfig({ testTimeout: 60_000 });

const HEAD = `
name: Market
until: 5m
world:
  instruments: [AAPL, EURUSD]
  people: { ann: {} }
  traders: { alpha: { owner: ann, budget: 200000 } }
`;
const buy = (at: string, status: string): string =>
  `  - { at: ${at}, by: ann, status: ${status}, call: 'POST /api/v1/agents/\${alpha.id}/trades', body: { symbol: AAPL, side: buy, quantity: 1, price: 150, type: market } }\n`;

const midsOf = ({ quotes }: Recording, symbol: string) =>
  quotes
    .find((series) => series.symbol === symbol)!
    .points.map(({ atMs, bid, ask }) => ({ atMs, mid: (bid + ask) / 2 }));
const midAt = (recording: Recording, symbol: string, atMs: number): number =>
  midsOf(recording, symbol).findLast((point) => point.atMs <= atMs)!.mid;

describe('a shock', () => {
  test('moves one instrument by its ratio, at once or over its time', async () => {
    const recording = await runText(
      `${HEAD}market:\n  regimes: [{ instrument: all, volatility: 0%, drift: 0% }]\n  shocks: [{ instrument: AAPL, at: 1m, jump: -10% }, { instrument: AAPL, at: 3m, jump: +5%, over: 1m }]\n`,
    );
    const start = midAt(recording, 'AAPL', 59_000);
    expect(midAt(recording, 'AAPL', 62_000) / start).toBeCloseTo(0.9, 3);
    expect(midAt(recording, 'AAPL', 210_000) / start).toBeCloseTo(0.9 * Math.sqrt(1.05), 2);
    expect(midAt(recording, 'AAPL', 260_000) / start).toBeCloseTo(0.9 * 1.05, 3);
    expect(midAt(recording, 'EURUSD', 260_000) / midAt(recording, 'EURUSD', 59_000)).toBeCloseTo(1, 4);
  });
  test('may follow an event', async () => {
    const recording = await runText(
      `${HEAD}market:\n  regimes: [{ instrument: all, volatility: 0%, drift: 0% }]\nscript:\n${buy('1m', '201')}  - { on: { event: order.filled, after: 10s }, shock: { instrument: AAPL, jump: -4% } }\n`,
    );
    expect(midAt(recording, 'AAPL', 80_000) / midAt(recording, 'AAPL', 65_000)).toBeCloseTo(0.96, 3);
  });
});

test('a jump that has not lasted is no market to trade on: what opens is refused like stale data, and what closes passes', async () => {
  const leave = `  - { at: 63s, by: ann, status: 2xx, call: 'DELETE /api/v1/agents/\${beta.id}' }\n`;
  const own = (name: string, at: string, status: string): string => buy(at, status).replace('alpha', name);
  const { result, records } = await runText(
    `${HEAD.replace('alpha:', 'beta: { owner: ann, budget: 200000 }, alpha:')}market:
  regimes: [{ instrument: all, volatility: 0%, drift: 0% }]
  shocks: [{ instrument: AAPL, at: 60s, jump: +30% }]
script:
${own('beta', '50s', '201')}${own('alpha', '62500ms', '4xx')}${leave}${own('alpha', '70s', '201')}`,
  );
  expect(problemsOf(result)).toEqual([]);
  const of = (wanted: string) =>
    records.filter(({ type }) => type === wanted).map(({ payload }) => JSON.parse(payload));
  expect(of('order.ended')).toMatchObject([{ end: 'denied', denial: { code: 'STALE_DATA', class: 'data' } }]);
  const [bought, closed, later] = of('order.filled');
  expect([bought.side, closed.side, later.side]).toEqual(['buy', 'sell', 'buy']);
  expect(later.price / bought.price).toBeCloseTo(1.3, 3);
});

test('a drift and a volatility of its own hold for their time', async () => {
  const walk = (regime: string) =>
    runText(`${HEAD.replace('until: 5m', 'until: 1h')}market:\n  regimes: [{ instrument: AAPL, ${regime} }]\n`);
  const risen = await walk('volatility: 0%, drift: 48%');
  expect(midAt(risen, 'AAPL', 3_600_000) / midAt(risen, 'AAPL', 10_000)).toBeCloseTo(Math.exp(0.02), 3);
  const spread = (recording: Recording): number => {
    const mids = midsOf(recording, 'AAPL').map(({ mid }) => mid);
    return Math.max(...mids) / Math.min(...mids) - 1;
  };
  expect(spread(await walk('regime: volatile, volatility: 20%'))).toBeGreaterThan(
    5 * spread(await walk('regime: range, volatility: 0.5%')),
  );
});

test('a gap makes quotes stale and nothing passes; afterwards everything does', async () => {
  const { result } = await runText(
    `${HEAD}market:\n  gaps: [{ instrument: AAPL, from: 1m, until: 3m }]\nscript:\n${buy('50s', '201')}${buy('2m', '4xx')}${buy('4m', '201')}`,
  );
  expect(problemsOf(result)).toEqual([]);
  expect(result.faults.gap).toBe(1);
});

test('a halt of the venue refuses new orders of that instrument', async () => {
  const { result, records } = await runText(
    `${HEAD}market:\n  halts: [{ instrument: AAPL, from: 1m, until: 2m }]\nscript:\n${buy('65s', 'any')}${buy('3m', '201')}`,
  );
  expect(problemsOf(result)).toEqual([]);
  const ended = records.filter(({ type }) => type === 'order.ended').map(({ payload }) => JSON.parse(payload));
  expect(ended).toMatchObject([{ end: 'rejected', reason: 'the venue has halted trading in AAPL' }]);
  expect(records.filter(({ type }) => type === 'order.filled')).toHaveLength(1);
});

test('a freeze is believed: the price stands still for the product while the true market goes on', async () => {
  const { result, records } = await runText(
    `${HEAD}market:\n  regimes: [{ instrument: AAPL, volatility: 0%, drift: 0% }]\n  shocks: [{ instrument: AAPL, at: 90s, jump: +2% }]\n  freezes: [{ instrument: AAPL, from: 1m, until: 3m }]\nscript:\n${buy('2m', '201')}`,
  );
  expect(problemsOf(result)).toEqual([]);
  const { quote } = JSON.parse(records.find(({ type }) => type === 'order.submitted')!.payload);
  const fill = JSON.parse(records.find(({ type }) => type === 'order.filled')!.payload);
  expect(Number(fill.price) / Number(quote.ask)).toBeCloseTo(1.02, 3);
});

describe('a file of quotes', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'pitwall-quotes-'));
    const start = Date.UTC(2024, 0, 8, 15);
    const rows = Array.from(
      { length: 300 },
      (_, second) => `${start + second * 1_000},${150 + second / 100},${150.02 + second / 100}`,
    );
    writeFileSync(join(folder, 'AAPL_ticks.csv'), `timestamp,bid,ask\n${rows.join('\n')}\n`);
    writeFileSync(
      join(folder, 'replayed.yaml'),
      `${HEAD}market:\n  replay: [{ file: AAPL_ticks.csv }]\nscript:\n${buy('100s', '201')}`,
    );
    writeFileSync(join(folder, 'missing.yaml'), `${HEAD}market:\n  replay: [{ file: EURUSD_none.csv }]\n`);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('is told from the start of the world, beside walks of the other instruments', async () => {
    const recording = await runLoaded(await loadScenario(join(folder, 'replayed.yaml')));
    expect(problemsOf(recording.result)).toEqual([]);
    expect(midAt(recording, 'AAPL', 200_500)).toBeCloseTo(150.01 + 2, 2);
    const fill = JSON.parse(recording.records.find(({ type }) => type === 'order.filled')!.payload);
    expect(Number(fill.price)).toBeCloseTo(151.02, 1);
    expect(new Set(midsOf(recording, 'EURUSD').map(({ mid }) => mid)).size).toBeGreaterThan(10);
  });
  test('that is gone between reading and running stops the run by name', async () => {
    const loaded = await reloadScenario(join(folder, 'missing.yaml'));
    await expect(runLoaded(loaded)).rejects.toThrow('EURUSD_none.csv');
  });
});
