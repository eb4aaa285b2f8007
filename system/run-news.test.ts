/** What jobs tell of runs, taken in: the states that the house hears, and the lines that are kept of them. */
import { expect, it } from 'vitest';
import { MemoryRunOutputs } from '../db/memory/run-outputs.ts';
import type { RunReported } from '../messages/run.ts';
import type { RunRow } from '../projections/rows.ts';
import type { BacktestPart } from '../runs/backtest/payload.ts';
import type { JobState, JobStatus } from '../runtime/jobs.ts';
import type { Message } from '../runtime/message.ts';
import { SimulatedClock } from '../runtime/simulated/clock.ts';
import { silentLog as log } from '../runtime/simulated/log.ts';
import { RunNews } from './run-news.ts';

const ROW = { id: '1', taskId: 1, taskType: 'backtest', status: 'created', open: true, startedAt: null } as RunRow;
const SAID = { events: [], trades: [], equity: [{ sequence: 1, at: 1_000, balance: 10 }], marketAt: 5_000 };

function setUp(over: Partial<RunRow> = {}) {
  const row = { ...ROW, marketFrom: 500, ...over };
  const outputs = new MemoryRunOutputs(new Map());
  const heard: RunReported['state'][] = [];
  const parts: Partial<BacktestPart>[] = [];
  let tell: (status: JobStatus) => void = () => undefined;
  const news = new RunNews({
    runtime: {
      deliver: (message: Message) => heard.push((message as RunReported).state) > 0,
      onCommitted: () => () => undefined,
    },
    jobs: {
      listen(listener) {
        tell = listener;
        return () => undefined;
      },
      find: async () => undefined,
      output: async (_run, after) =>
        parts
          .slice(after)
          .map((part, index) => ({ part: after + index + 1, attempt: 1, output: JSON.stringify(part) })),
    },
    ...{ outputs, view: { findRun: async () => row, openRuns: () => [row] }, clock: new SimulatedClock(9_000), log },
  });
  const hear = async (state: JobState): Promise<void> => {
    const about = { id: 'run-1', kind: 'backtest', attempt: 1, progressRatio: 1, parts: parts.length, result: null };
    tell({ ...about, state, reason: state === 'failed' ? 'broken' : null });
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  const events = async () => (await outputs.linesAfter(1, 'event', {}, 100)).map(({ at, kind }) => [kind, at]);
  return { news, heard, parts, hear, events };
}

it.each(['done', 'stopped', 'failed', 'paused'] as const)(
  'a run that was never heard of as running and is %s has begun before, if it has said anything',
  async (state) => {
    const { heard, hear, parts } = setUp();
    parts.push(SAID);
    await hear(state);
    expect(heard).toEqual(['running', state]);
  },
);

it('a run that has said nothing has begun only if it is done', async () => {
  for (const [state, told] of [
    ['done', ['running', 'done']],
    ['stopped', ['stopped']],
    ['failed', ['failed']],
  ] as const) {
    const { heard, hear } = setUp();
    await hear(state);
    expect(heard).toEqual(told);
  }
});

it('a run that is known to have begun is not begun again', async () => {
  const { heard, hear, parts } = setUp({ status: 'running', startedAt: 7 });
  parts.push(SAID);
  await hear('done');
  expect(heard).toEqual(['done']);
});

it('a run ends no earlier than what it has said last, though that was behind its last tick', async () => {
  const { hear, parts, events } = setUp({ taskType: 'trading' });
  parts.push(SAID);
  await hear('running');
  const close = { type: 'trade_executed', action: 'close', direction: 'long', layer: 1, units: 1, price: 2 } as const;
  parts.push({ ...SAID, events: [{ sequence: 1, at: 6_500, ...close }], equity: [], marketAt: 6_000 });
  await hear('failed');
  expect(await events()).toEqual([
    ['status_changed', 1_000],
    ['trade_executed', 6_500],
    ['error_occurred', 6_500],
    ['status_changed', 6_500],
  ]);
});
