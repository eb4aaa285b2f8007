/** What goes wrong in a scenario happens, is counted by kind, ends when it says, and breaks no promise. */
import { describe, expect, test, vi } from 'vitest';
import { problemsOf } from '../cli/show.ts';
import type { Recording } from '../recording.ts';
import { runText } from '../testing/scenario-test.ts';

vi.setConfig({ testTimeout: 60_000 });

const HEAD = `
name: Faults
until: 4m
world:
  instruments: [AAPL]
  people: { ann: {} }
  traders: { alpha: { owner: ann, budget: 200000 } }
script:
`;
const buy = (at: string): string =>
  `  - { at: ${at}, by: ann, status: any, insist: true, call: 'POST /api/v1/agents/\${alpha.id}/trades', body: { symbol: AAPL, side: buy, quantity: 10, price: 150, type: market } }\n`;
const TRADES = [10, 40, 70, 100, 130].map((second) => buy(`${second}s`)).join('');

const run = (faults: string, more = ''): Promise<Recording> =>
  runText(`${HEAD}${TRADES}${more}faults:\n  - ${faults}\n`);

describe('a fault is counted, and the promises hold', () => {
  test.each([
    ['drop', '{ venue: { drop: 100% }, until: 2m }'],
    ['duplicate', '{ venue: { duplicate: 100% } }'],
    ['latency', '{ venue: { latency: 8s } }'],
    ['ack-lost', '{ venue: { ackLost: 100% }, until: 2m }'],
    ['partial-fill', '{ venue: { partialFill: 60% } }'],
    ['reject', '{ venue: { reject: 100% } }'],
    ['outage', '{ venue: { outage: true }, from: 30s, until: 90s }'],
    ['outage', '{ venue: { outage: { perMinute: 100%, max: 20s } } }'],
    ['restart', '{ venue: { restart: true }, from: 30s, until: 60s }'],
    ['connection-cut', '{ venue: { cut: true }, from: 30s, until: 60s }'],
    ['commit-error', '{ database: { commitError: 20% } }'],
    ['commit-unknown-lost', '{ database: { commitUnknown: 30% } }'],
    ['slow', '{ database: { slow: { chance: 50%, max: 2s } } }'],
    ['disk-full', '{ database: { diskFull: true }, from: 35s, until: 55s }'],
    ['crash-before-commit', '{ database: { crash: 20% } }'],
    ['gap', '{ feed: { gap: { chance: 5%, max: 20s } } }'],
    ['freeze', '{ feed: { freeze: { chance: 5%, max: 20s } } }'],
    ['crossed', '{ feed: { crossed: 10% } }'],
    ['zero', '{ feed: { zero: 10% } }'],
    ['not-a-number', '{ feed: { notANumber: 10% } }'],
    ['out-of-order', '{ feed: { outOfOrder: 10% } }'],
    ['agent-crash-before', '{ agents: { crash: 3% } }'],
    ['agent-crash-behind', '{ agents: { crash: 3%, crashAgain: 30% } }'],
    ['clock-step', '{ clock: { step: -90s }, from: 35s, until: 80s }'],
    ['clock-step', '{ clock: { step: +20s }, from: 35s, until: 80s }'],
  ])('%s: %s', async (kind, faults) => {
    const { result, faults: told } = await run(faults);
    expect(problemsOf(result)).toEqual([]);
    expect(result.faults[kind]).toBeGreaterThan(0);
    const counted = told.filter((fault) => fault.kind === kind).reduce((sum, { count }) => sum + count, 0);
    expect(counted).toBe(result.faults[kind]);
  });

  test.each([
    ['past-slow', '{ past: { slow: { chance: 100%, max: 5s } } }'],
    ['past-broken', '{ past: { broken: 100% }, until: 80s }'],
    ['past-gap', '{ past: { gap: { chance: 100%, max: 1h } } }'],
  ])('%s behind a crash: %s', async (kind, faults) => {
    const { result } = await run(faults, '  - { at: 60s, crash: true }\n');
    expect(problemsOf(result)).toEqual([]);
    expect(result.faults[kind]).toBeGreaterThan(0);
  });

  test.each([
    ['lookup', 2, 1],
    ['none', 1, 0],
  ])(
    'a request that is lost at a venue with idempotency %s leaves %i times, and its order ends %i times',
    async (kind, submits, ends) => {
      const world = HEAD.replace('world:\n', `world:\n  idempotency: ${kind}\n`);
      const crash = '  - { at: 12s, crash: true }\n';
      const lost = 'faults:\n  - { venue: { drop: 100% }, until: 40s }\n';
      const { result, venueCalls, records } = await runText(`${world}${buy('10s')}${crash}${lost}`);
      expect(problemsOf(result)).toEqual([]);
      expect(venueCalls.filter(({ call }) => call === 'submit')).toHaveLength(submits);
      expect(records.filter(({ type }) => type === 'order.ended' || type === 'order.filled')).toHaveLength(ends);
    },
  );

  test('rates may be drawn from the seed', async () => {
    const total = async (seed: string) => {
      const yaml = `${HEAD}${TRADES}faults:\n  - { venue: drawn, database: drawn, feed: drawn }\n`;
      const { result } = await runText(yaml, { seed });
      expect(problemsOf(result)).toEqual([]);
      return Object.values(result.faults).reduce((sum, count) => sum + count, 0);
    };
    expect((await total('3')) + (await total('4')) + (await total('5'))).toBeGreaterThan(10);
  });
});

const UPLOAD = `  - { at: 20s, status: any, call: 'POST /api/upload-tick-data', form: { instrument: NQ }, file: { ticks: 2000 }, takes: 2s }
`;
const BACKTEST = `${UPLOAD}  - { at: 40s, as: task, call: 'POST /api/trading/tasks/', body: { task_type: backtest, name: B, strategy_type: max, instrument: NQ, parameters: {}, data_source: store, granularity: ticks, start_time: '2025-01-02T00:00:00Z', end_time: '2025-01-03T00:00:00Z' } }
  - { at: 42s, call: 'POST /api/trading/tasks/\${task.task_id}/start/' }
`;

describe('what goes wrong with files and runs is counted, and no file is ever half there', () => {
  test.each([
    ['chunk-error', UPLOAD, '{ series: { error: 100% } }'],
    ['chunk-slow', UPLOAD, '{ series: { slow: { chance: 100%, max: 5s } } }'],
    ['chunk-disk-full', UPLOAD, '{ database: { diskFull: true }, from: 15s, until: 30s }'],
    ['spool-error', UPLOAD, '{ files: { error: 100% } }'],
    ['chunk-corrupt', BACKTEST, '{ series: { corrupt: 100% } }'],
    ['worker-died', BACKTEST, '{ jobs: { death: 100%, slow: 200ms }, until: 43s }'],
  ])('%s', async (kind, steps, faults) => {
    const { result } = await run(faults, steps);
    expect(problemsOf(result)).toEqual([]);
    expect(result.faults[kind]).toBeGreaterThan(0);
  });

  test.each([
    ['queue-lost', '{ queue: { lost: 100% }, until: 50s }'],
    ['queue-duplicate', '{ queue: { duplicate: 100% } }'],
    ['queue-delay', '{ queue: { delay: { chance: 100%, max: 10s } } }'],
    ['queue-away', '{ queue: { away: true }, from: 41s, until: 55s }'],
  ])('%s', async (kind, faults) => {
    const yaml = `${HEAD.replace('  people', '  workers: 1\n  people')}${BACKTEST}faults:\n  - ${faults}\n`;
    const { result, records } = await runText(yaml);
    expect(problemsOf(result)).toEqual([]);
    expect(result.faults[kind]).toBeGreaterThan(0);
    expect(records.some(({ payload }) => payload.includes('"status":"completed"'))).toBe(true);
  });

  test('a damaged chunk fails its run by name, and is never other numbers', async () => {
    const { records } = await run('{ series: { corrupt: 100% } }', BACKTEST);
    const changed = records.filter(({ type }) => type === 'run.changed').map(({ payload }) => JSON.parse(payload));
    expect(changed.at(-1)).toMatchObject({ status: 'failed', reason: expect.stringMatching(/./) });
  });

  test('rates may be drawn from the seed', async () => {
    const { result } = await run('{ series: drawn, files: drawn, jobs: drawn }', BACKTEST.replaceAll('2xx', 'any'));
    expect(result.findings).toEqual([]);
  });
});

test('late-fill: what crosses a cancel is told behind its answer, and booked', async () => {
  const resting = `  - { at: 140s, by: ann, as: resting, call: 'POST /api/v1/agents/\${alpha.id}/trades', body: { symbol: AAPL, side: buy, quantity: 10, price: 147, type: limit } }
  - { at: 160s, by: ann, call: 'DELETE /api/v1/agents/\${alpha.id}/trades/\${resting.id}', status: any }
`;
  const { result, records } = await run('{ venue: { lateFill: 100% } }', resting);
  expect(problemsOf(result)).toEqual([]);
  expect(result.faults['late-fill']).toBe(1);
  expect(records.filter(({ type }) => type === 'order.filled')).toHaveLength(6);
});

test('an order into an outage is told as unresolved and filled when it is over', async () => {
  const { records } = await run('{ venue: { outage: true }, from: 95s, until: 2m30s }');
  const before = records.filter(({ type, atMs }) => type === 'order.filled' && atMs < 95_000);
  const during = records.filter(({ type, atMs }) => type === 'order.filled' && atMs >= 95_000 && atMs < 150_000);
  expect(before).toHaveLength(3);
  expect(during).toEqual([]);
  expect(records.filter(({ type }) => type === 'order.filled')).toHaveLength(5);
  expect(records.some(({ type }) => type === 'order.unresolved')).toBe(true);
});

test('an answer that is under way when the line is cut is lost', async () => {
  const cut = '{ venue: { cut: true }, from: 12s, until: 13s }';
  const { venueCalls } = await run(`{ venue: { latency: 20s }, until: 30s }\n  - ${cut}`);
  expect(venueCalls.find(({ call }) => call === 'submit')?.told).toBe('unresolved');
});

test('with a full disk nothing is told that is not written, and trading goes on when there is room again', async () => {
  const { records, answers } = await run('{ database: { diskFull: true }, from: 35s, until: 55s }');
  expect(records.filter(({ atMs }) => atMs > 36_000 && atMs < 55_000)).toEqual([]);
  const inside = answers.filter(({ method, atMs }) => method === 'POST' && atMs > 35_000 && atMs < 55_000);
  expect(inside.filter(({ status }) => status === 201)).toEqual([]);
  expect(records.filter(({ type }) => type === 'order.filled')).toHaveLength(5);
});

test('a clock that is put forward makes quotes old: nothing but exits passes until it is right again', async () => {
  const step = '{ clock: { step: +2m }, from: 60s, until: 80s }';
  const { answers } = await runText(`${HEAD}${TRADES.replaceAll('insist: true, ', '')}faults:\n  - ${step}\n`);
  const trades = answers.filter(({ path }) => path.endsWith('/trades')).map(({ status }) => status);
  expect(trades.filter((status) => status !== 201)).toHaveLength(1);
  expect(trades[2]).not.toBe(201);
});

test('a step puts faults on and takes them off', async () => {
  const steps = `  - { on: { event: order.filled }, faults: { venue: { reject: 100% } }, for: 45s }
  - { at: 2m, faults: { venue: { reject: 100% } } }
  - { at: 125s, faults: off }
`;
  const { result, lives } = await runText(`${HEAD}${TRADES}${steps}`);
  expect(result.faults.reject).toBe(1);
  expect(lives.filter(({ what }) => what.startsWith('faults')).map(({ what }) => what)).toEqual([
    ...['faults begin: venue reject', 'faults end: venue reject', 'faults begin: venue reject', 'faults end'],
  ]);
});
