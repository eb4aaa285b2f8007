/**
 * A task with its newest run: created, running, paused, and its end. What a person wants is told to the run's job, one signal at a time but
 * for a stop; a status changes only when the job has obeyed. Invariants: one open run a task, a stop is final, an ended run never changes.
 */
import { assign, cancel, emit, enqueueActions, raise, setup } from 'xstate';
import type { RunObeyed, RunReported, RunStart, RunStarted, TaskCreate, TaskProblem } from '../messages/run.ts';
import {
  type Checked,
  type Context,
  type Control,
  changed,
  type Emitted,
  type Event,
  type Move,
  type Numbered,
  OUT_OF_PATIENCE,
  runOf,
  SIGNALS,
  WISH_OF,
  WISHES,
} from './run-context.ts';

/** After so long a request is answered with the status that the run still has. */
const PATIENCE_MS = 6_000;
/** A task without an open run leaves memory; whoever starts it brings it along. Longer than any request is under way. */
const REST_MS = 600_000;

export const runMachine = setup({
  types: { context: {} as Context, events: {} as Event, emitted: {} as Emitted },
  delays: { rest: REST_MS },
  guards: {
    /** The answer to this request was lost: its run is the newest. */
    hasBegun: ({ context }, { requestId }: RunStart) => requestId === context.requestId,
    isPossible: (_, { problems }: Checked) => problems.length === 0,
    /** A word about an earlier run changes nothing. */
    hasCome: ({ context }, { report, state }: { report: RunReported; state: RunReported['state'] }) =>
      report.executionId === context.executionId && report.state === state,
    goesOn: ({ context }, { executionId, state }: RunReported) =>
      executionId === context.executionId && (state === 'running' || state === 'waiting') && context.wanted === 'run',
    restsAgain: ({ context }, { executionId, state }: RunReported) =>
      executionId === context.executionId && state === 'paused' && context.wanted === 'pause',
    isRepeated: ({ context }, { executionId, state }: RunReported) =>
      executionId === context.executionId && state === 'paused',
    isRefused: ({ context }, { executionId, refused }: RunObeyed) =>
      executionId === context.executionId && refused !== undefined,
    isConfirmed: ({ context }, { executionId, signal }: RunObeyed) =>
      executionId === context.executionId && signal === context.sent,
    isStopping: ({ context }) => context.wanted === 'stop',
    isRunWanted: ({ context }) => context.wanted === 'run',
    isPauseWanted: ({ context }) => context.wanted === 'pause',
  },
  actions: {
    keepTask: assign((_, { number, userId }: TaskCreate & Numbered) => ({ taskId: number, userId })),
    tellTask: emit((_, { type, at, number, problems, ...task }: TaskCreate & Numbered & Checked) => ({
      ...task,
      type: 'task.created' as const,
      taskId: number,
    })),
    answerTask: emit(({ context: { taskId } }) => ({
      ...{ type: 'task.answered' as const, taskId, outcome: 'created' as const, problems: [] },
    })),
    refuseTask: emit((_, problems: readonly TaskProblem[]) => ({
      ...{ type: 'task.answered' as const, taskId: 0, outcome: 'refused' as const, problems: [...problems] },
    })),
    begin: assign(({ context }, { number, taskId, task, requestId, by }: RunStart & Numbered) => ({
      ...{ taskId, userId: task.userId, executionId: number, requestId, status: 'created' as const, by },
      executions: Math.max(context.executions, task.executions) + 1,
      ...{ wanted: 'run' as const, told: 'run' as const, sent: 'submit' as const },
    })),
    tellRun: emit(({ context: { executionId, executions } }, { task, requestId, by }: RunStart) => ({
      ...{ type: 'run.created' as const, executionId, task: { ...task, executions }, requestId, by },
    })),
    answerStart: emit(({ context }, outcome: RunStarted['outcome']) => {
      const { taskId, executionId, executions: executionNumber, status } = context;
      return { type: 'run.started' as const, taskId, outcome, executionId, executionNumber, status };
    }),
    want: assign((_, { type, by }: Control) => ({ wanted: WISHES[type], by })),
    confirm: assign((_, { signal }: RunObeyed) => ({ sent: null, told: WISH_OF[signal] })),
    /** Signals go one by one: each waits until the one before is confirmed. */
    signal: enqueueActions(({ context, enqueue }) => {
      const { wanted, told, sent, executionId, taskId, by } = context;
      if (sent !== null || wanted === told) return;
      const signal = SIGNALS[wanted];
      enqueue.assign({ sent: signal });
      enqueue.emit({ type: 'run.signalled', executionId, taskId, signal, by });
    }),
    /** A stop waits for no other signal, and is told again with each request: one whose work could not be told was given up. */
    signalStop: enqueueActions(({ context: { told, sent, executionId, taskId, by }, enqueue }) => {
      if (sent === 'submit' || told === 'stop') return;
      enqueue.assign({ sent: 'stop' });
      enqueue.emit({ type: 'run.signalled', executionId, taskId, signal: 'stop', by });
    }),
    waitForIt: raise({ type: 'run.out-of-patience' }, { delay: PATIENCE_MS, id: OUT_OF_PATIENCE }),
    waitNoLonger: cancel(OUT_OF_PATIENCE),
    move: enqueueActions(({ context, enqueue }, { status, reason = null }: Move) => {
      enqueue.emit(changed(context, status, reason));
      enqueue.assign({ status });
    }),
    answer: emit(({ context }) => ({
      ...{ type: 'run.answered' as const, taskId: context.taskId, outcome: 'done' as const, run: runOf(context) },
    })),
    answerNotOpen: emit(({ context }) => ({
      ...{ type: 'run.answered' as const, taskId: context.taskId, outcome: 'not-open' as const, run: runOf(context) },
    })),
    answerRested: emit(({ context }) => ({
      ...{ type: 'run.rested' as const, taskId: context.taskId, run: runOf(context) },
    })),
  },
}).createMachine({
  id: 'run',
  context: {
    ...{ taskId: 0, userId: '', executionId: 0, executions: 0, status: 'created', wanted: 'run', by: '' },
    ...{ sent: null, told: 'run' },
  },
  initial: 'new',
  states: {
    new: {
      on: {
        'task.create': [
          {
            guard: { type: 'isPossible', params: ({ event }) => event },
            target: 'resting',
            actions: [
              { type: 'keepTask', params: ({ event }) => event },
              { type: 'tellTask', params: ({ event }) => event },
              'answerTask',
            ],
          },
          { target: 'forgotten', actions: { type: 'refuseTask', params: ({ event }) => event.problems } },
        ],
        'run.start': {
          target: 'open',
          actions: [
            { type: 'begin', params: ({ event }) => event },
            { type: 'tellRun', params: ({ event }) => event },
            { type: 'answerStart', params: 'started' },
          ],
        },
      },
    },
    resting: {
      after: { rest: 'forgotten' },
      on: {
        'run.start': [
          {
            guard: { type: 'hasBegun', params: ({ event }) => event },
            actions: { type: 'answerStart', params: 'started' },
          },
          {
            target: 'open',
            actions: [
              { type: 'begin', params: ({ event }) => event },
              { type: 'tellRun', params: ({ event }) => event },
              { type: 'answerStart', params: 'started' },
            ],
          },
        ],
        'run.pause': { actions: 'answerNotOpen' },
        'run.resume': { actions: 'answerNotOpen' },
        'run.stop': { actions: 'answerNotOpen' },
        'run.wait': { actions: 'answerRested' },
      },
    },
    open: {
      initial: 'created',
      on: {
        'run.start': [
          {
            guard: { type: 'hasBegun', params: ({ event }) => event },
            actions: { type: 'answerStart', params: 'started' },
          },
          { actions: { type: 'answerStart', params: 'refused' } },
        ],
        'run.pause': [
          { guard: 'isStopping', actions: 'waitForIt' },
          { actions: [{ type: 'want', params: ({ event }) => event }, 'signal', 'waitForIt'] },
        ],
        'run.resume': [
          { guard: 'isStopping', actions: 'waitForIt' },
          { guard: 'isRunWanted', actions: 'answer' },
          { actions: [{ type: 'want', params: ({ event }) => event }, 'signal', 'waitForIt'] },
        ],
        'run.stop': { actions: [{ type: 'want', params: ({ event }) => event }, 'signalStop', 'waitForIt'] },
        'run.out-of-patience': { actions: 'answer' },
        'run.obeyed': [
          { guard: { type: 'isRefused', params: ({ event }) => event }, target: 'refused' },
          {
            guard: { type: 'isConfirmed', params: ({ event }) => event },
            actions: [{ type: 'confirm', params: ({ event }) => event }, 'signal'],
          },
        ],
        'run.reported': [
          {
            guard: { type: 'hasCome', params: ({ event }) => ({ report: event, state: 'done' }) },
            target: 'resting',
            actions: [{ type: 'move', params: { status: 'completed' } }, 'answer', 'answerRested', 'waitNoLonger'],
          },
          {
            guard: { type: 'hasCome', params: ({ event }) => ({ report: event, state: 'failed' }) },
            target: 'resting',
            actions: [
              { type: 'move', params: ({ event }) => ({ status: 'failed', reason: event.reason }) },
              'answer',
              'answerRested',
              'waitNoLonger',
            ],
          },
          {
            guard: { type: 'hasCome', params: ({ event }) => ({ report: event, state: 'stopped' }) },
            target: 'resting',
            actions: [{ type: 'move', params: { status: 'stopped' } }, 'answer', 'answerRested', 'waitNoLonger'],
          },
          {
            guard: { type: 'hasCome', params: ({ event }) => ({ report: event, state: 'paused' }) },
            target: '.paused',
            actions: [{ type: 'move', params: { status: 'paused' } }, 'answer', 'answerRested', 'waitNoLonger'],
          },
        ],
      },
      states: {
        created: {
          on: {
            'run.reported': {
              guard: { type: 'hasCome', params: ({ event }) => ({ report: event, state: 'running' }) },
              target: 'running',
              actions: { type: 'move', params: { status: 'running' } },
            },
          },
        },
        running: {},
        paused: {
          on: {
            'run.pause': { guard: 'isPauseWanted', actions: 'answer' },
            'run.wait': { actions: 'answerRested' },
            'run.reported': [
              {
                guard: { type: 'goesOn', params: ({ event }) => event },
                target: 'running',
                actions: [{ type: 'move', params: { status: 'running' } }, 'answer', 'waitNoLonger'],
              },
              { guard: { type: 'restsAgain', params: ({ event }) => event }, actions: ['answer', 'waitNoLonger'] },
              // Nothing new: it was paused before, and is to go on.
              { guard: { type: 'isRepeated', params: ({ event }) => event } },
            ],
          },
        },
      },
    },
    refused: {
      always: [
        {
          guard: 'isStopping',
          target: 'resting',
          actions: [{ type: 'move', params: { status: 'stopped' } }, 'answer', 'answerRested', 'waitNoLonger'],
        },
        {
          target: 'resting',
          actions: [
            { type: 'move', params: ({ event }) => ({ status: 'failed', reason: (event as RunObeyed).refused }) },
            'answer',
            'answerRested',
            'waitNoLonger',
          ],
        },
      ],
    },
    forgotten: { type: 'final' },
  },
});
