/** R1 on runs that end for no cause. */
import { expect, test } from 'vitest';
import type { RunChanged, RunCreated } from '../../messages/run.ts';
import type { Message } from '../../runtime/message.ts';
import { findingsOf, History, submitted } from '../testing/history.ts';
import type { CheckedRecord, Rest } from './checker.ts';
import { runsEndWithCause } from './runs-end-with-cause.ts';

const created = (dataSource: 'simulated' | 'store' = 'simulated') =>
  ({ type: 'run.created', executionId: 1, task: { taskType: 'backtest', dataSource } }) as RunCreated;
const changed = (from: RunChanged['from'], status: RunChanged['status'], more: Partial<RunChanged> = {}) =>
  ({ type: 'run.changed', executionId: 1, taskId: 1, userId: 'user-1', from, status, ...more }) as RunChanged;
const running = changed('created', 'running');
const failed = changed('running', 'failed', { reason: 'given up after 5 tries: the worker died' });

function found(messages: readonly Message[], faults: Rest['faults'] = { 'worker-died': 5 }): string[] {
  const [like] = new History().say(submitted()).records;
  const records = messages.map((message): CheckedRecord & { readonly hash: string } => ({
    ...like!,
    type: message.type,
    message,
  }));
  const history = new History();
  return findingsOf(runsEndWithCause(), { records }, history.rest({ ...(faults && { faults }) }));
}

test('a run may fail, be stopped or be completed', () => {
  expect(found([created(), running, failed])).toEqual([]);
  expect(found([created(), running, changed('running', 'stopped', { by: 'user-1' })])).toEqual([]);
  expect(found([created(), changed('created', 'completed')])).toEqual([]);
});

test('finds a failure without a reason, and a stop that nobody wanted', () => {
  expect(found([created(), changed('created', 'failed')])).toEqual([
    'run 1 goes from created to failed without a reason',
  ]);
  expect(found([created(), changed('created', 'stopped')])).toEqual([
    'run 1 goes from created to stopped, and nobody wanted it',
  ]);
});

test('finds a gap in its life, and a life behind its end', () => {
  expect(found([created(), changed('running', 'completed')])).toEqual([
    'run 1 goes from running to completed, and was created',
  ]);
  expect(found([created(), running, failed, changed('failed', 'running')])).toEqual([
    'run 1 goes from failed to running, and had ended',
  ]);
  expect(found([running])).toEqual(['run 1 goes from created to running, and has not begun']);
  expect(found([created(), created()])).toEqual(['run 1 begins twice']);
});

test('finds a backtest over invented prices that fails where hardly anything went wrong', () => {
  const why = 'run 1 has failed (given up after 5 tries: the worker died), and only 4 times anything has gone wrong';
  expect(found([created(), running, failed], { 'worker-died': 3, crash: 1 })).toEqual([why]);
  expect(found([created('store'), running, failed], {})).toEqual([]);
});
