/** The life of a task and its runs: numbers, one open run, signals one by one, ends that are final. */
import { describe, expect, it } from 'vitest';
import type {
  RunChanged,
  RunCreated,
  RunObeyed,
  RunReported,
  RunSignalled,
  TaskAnswered,
  TaskSpec,
  TaskView,
} from '../../messages/run.ts';
import type { Message } from '../../runtime/message.ts';
import { only, type Stage, stage, types } from '../testing/stage.ts';
import { runsAgent } from './runs.ts';
import type { RunWork } from './work.ts';

const SPEC: TaskSpec = {
  taskType: 'backtest',
  name: 'One',
  strategyType: 'floor',
  symbol: 'EURUSD',
  parameters: {},
  dataSource: 'simulated',
  granularity: 'ticks',
  startAt: 1_000,
  endAt: 2_000_000,
  accountId: null,
  surface: 'executions',
  labels: {},
  userId: 'user-1',
};
const task: TaskView = { ...SPEC, taskId: 1, requestId: 'r', sequence: 1, createdAt: 1, executions: 0 };
const create = (over: object = {}): Message =>
  ({ type: 'task.create', requestId: 'r', ...SPEC, by: 'user-1', ...over }) as Message;
let starts = 0;
const start = (over: Partial<TaskView> = {}, requestId = `start-${++starts}`) =>
  ({ type: 'run.start', taskId: 1, task: { ...task, ...over }, requestId, by: 'user-1' }) as Message;
const control = (verb: 'pause' | 'resume' | 'stop'): Message =>
  ({ type: `run.${verb}`, taskId: 1, by: 'user-2' }) as Message;
const reported = (state: RunReported['state'], executionId = 1): RunReported => ({
  ...{ type: 'run.reported', taskId: 1, executionId, state, reason: state === 'failed' ? 'broken' : null },
});
const obeyed = (signal: RunObeyed['signal'], over: Partial<RunObeyed> = {}): RunObeyed => ({
  ...{ type: 'run.obeyed', taskId: 1, executionId: 1, signal, ...over },
});
const statuses = (said: readonly Message[]) =>
  said.filter(({ type }) => type === 'run.changed').map((fact) => (fact as RunChanged).status);
const signals = (said: readonly Message[]) =>
  said.filter(({ type }) => type === 'run.signalled').map((fact) => (fact as RunSignalled).signal);

const idle: RunWork = { begin: async () => undefined, signal: async () => undefined, forget: async () => undefined };
const empty = (): Stage => stage(runsAgent(idle));

function running(): Stage {
  const runs = empty();
  runs.tell(create());
  runs.tell(start());
  runs.tell(obeyed('submit'));
  runs.tell(reported('running'));
  return runs;
}

describe('a task', () => {
  it('gets the next number', () => {
    const runs = empty();
    expect(only<TaskAnswered>(runs.tell(create()), 'task.answered')).toMatchObject({ taskId: 1, outcome: 'created' });
    expect(only<TaskAnswered>(runs.tell(create()), 'task.answered')).toMatchObject({ taskId: 2 });
    runs.restart();
    expect(only<TaskAnswered>(runs.tell(create()), 'task.answered')).toMatchObject({ taskId: 3 });
  });

  it.each([
    [{ strategyType: 'magic' }, ['strategyType']],
    [{ symbol: 'XYZ' }, ['symbol']],
    [{ parameters: { max_layers: 0, lots: 3 } }, ['parameters.max_layers', 'parameters.lots']],
    [{ strategyType: 'sma_cross' }, ['granularity']],
    [{ startAt: null }, ['startAt']],
    [{ endAt: null }, ['endAt']],
    [{ startAt: 2_000_000 }, ['endAt']],
    [{ endAt: 1e14 }, ['endAt']],
    [{ taskType: 'trading' }, ['accountId']],
    [{ taskType: 'trading', accountId: 'demo-fx', granularity: '1m' }, ['granularity']],
    [{ taskType: 'trading', accountId: 'demo-fx', costs: { spreadTicks: 1 } }, ['costs']],
  ])('%o is refused by name, and nothing is made', (over, fields) => {
    const runs = empty();
    const said = runs.tell(create(over));
    const { outcome, problems } = only<TaskAnswered>(said, 'task.answered');
    expect([outcome, problems.map(({ field }) => field).toSorted()]).toEqual(['refused', fields.toSorted()]);
    expect(types(said)).toEqual(['task.answered']);
    expect(runs.entities()).toEqual([]);
  });

  it('has one open run; each further start is a run of its own', () => {
    const runs = empty();
    runs.tell(create());
    expect(only<RunCreated>(runs.tell(start()), 'run.created')).toMatchObject({
      executionId: 1,
      task: { executions: 1 },
    });
    const again = runs.tell(start());
    expect(types(again)).toEqual(['run.started']);
    expect(again[0]).toMatchObject({ outcome: 'refused', executionId: 1, executionNumber: 1, status: 'created' });
    runs.tell(reported('done'));
    expect(only<RunCreated>(runs.tell(start()), 'run.created').task.executions).toBe(2);
  });

  it('is begun once by a request, and says so as often as it asks, also when the run has ended meanwhile', () => {
    const runs = empty();
    runs.tell(create());
    const began = only<RunCreated>(runs.tell(start({}, 'a')), 'run.created');
    expect(began).toMatchObject({ executionId: 1, requestId: 'a' });
    const repeated = () => runs.tell(start({}, 'a'));
    expect(repeated()).toMatchObject([{ type: 'run.started', outcome: 'started', executionId: 1, status: 'created' }]);
    runs.restart();
    expect(repeated()).toMatchObject([{ outcome: 'started', executionId: 1 }]);
    runs.tell(reported('done'));
    expect(repeated()).toMatchObject([{ outcome: 'started', executionId: 1, status: 'completed' }]);
    expect(only<RunCreated>(runs.tell(start({}, 'b')), 'run.created').task.executions).toBe(2);
  });

  it('leaves memory when it rests, and comes back with whoever starts it', () => {
    const runs = running();
    runs.tell(reported('done'));
    runs.advance(600_000);
    expect(runs.entities()).toEqual([]);
    expect(runs.tell(control('stop'))).toMatchObject([{ type: 'run.answered', outcome: 'not-open', run: null }]);
    expect(only<RunCreated>(runs.tell(start({ executions: 1 })), 'run.created').task.executions).toBe(2);
  });
});

describe('a run', () => {
  it('runs when its job runs, and ends as it ends', () => {
    const runs = empty();
    runs.tell(create());
    runs.tell(start());
    expect(statuses(runs.tell(reported('waiting')))).toEqual([]);
    expect(statuses(runs.tell(reported('running')))).toEqual(['running']);
    expect(statuses(runs.tell(reported('running')))).toEqual([]);
    const end = runs.tell(reported('failed'));
    expect(end[0]).toMatchObject({ type: 'run.changed', from: 'running', status: 'failed', reason: 'broken' });
    expect(statuses(runs.tell(reported('done')))).toEqual([]);
  });

  it('is paused when its job is, and stays so over a restart', () => {
    const runs = running();
    expect(signals(runs.tell(control('pause')))).toEqual(['pause']);
    runs.tell(obeyed('pause'));
    const paused = runs.tell(reported('paused'));
    expect(statuses(paused)).toEqual(['paused']);
    expect(types(paused)).toContain('run.answered');
    expect(statuses(runs.tell(reported('paused')))).toEqual([]);
    runs.restart();
    expect(signals(runs.tell(control('pause')))).toEqual([]);
    expect(signals(runs.tell(control('resume')))).toEqual(['resume']);
    runs.tell(obeyed('resume'));
    expect(statuses(runs.tell(reported('waiting')))).toEqual(['running']);
  });

  it('is told one signal at a time, and in the end what was wanted last', () => {
    const runs = running();
    expect(signals(runs.tell(control('pause')))).toEqual(['pause']);
    expect(signals(runs.tell(control('resume')))).toEqual([]);
    expect(signals(runs.tell(control('pause')))).toEqual([]);
    expect(signals(runs.tell(control('resume')))).toEqual([]);
    expect(signals(runs.tell(obeyed('pause')))).toEqual(['resume']);
    expect(signals(runs.tell(obeyed('resume')))).toEqual([]);
  });

  it('never leaves a stop', () => {
    const runs = running();
    expect(signals(runs.tell(control('stop')))).toEqual(['stop']);
    expect(signals(runs.tell(control('resume')))).toEqual([]);
    expect(signals(runs.tell(obeyed('stop')))).toEqual([]);
    expect(runs.tell(reported('stopped'))[0]).toMatchObject({ type: 'run.changed', status: 'stopped', by: 'user-2' });
  });

  it('is told to stop whatever was told before and not obeyed, again with each request, and not before it is submitted', () => {
    const runs = running();
    expect(signals(runs.tell(control('pause')))).toEqual(['pause']);
    runs.advance(60_000);
    expect(signals(runs.tell(control('stop')))).toEqual(['stop']);
    runs.restart();
    expect(signals(runs.tell(control('stop')))).toEqual(['stop']);
    expect(signals(runs.tell(obeyed('pause')))).toEqual([]);
    expect(signals(runs.tell(obeyed('stop')))).toEqual([]);
    expect(signals(runs.tell(control('stop')))).toEqual([]);
    const created = empty();
    created.tell(create());
    created.tell(start());
    expect(signals(created.tell(control('stop')))).toEqual([]);
    expect(signals(created.tell(obeyed('submit')))).toEqual(['stop']);
  });

  it('that its job has done before the stop came is completed', () => {
    const runs = running();
    runs.tell(control('stop'));
    expect(statuses(runs.tell(reported('done')))).toEqual(['completed']);
  });

  it('whose work is refused fails by that reason; one that was to stop has stopped', () => {
    const runs = empty();
    runs.tell(create());
    runs.tell(start());
    expect(runs.tell(obeyed('submit', { refused: 'no' }))[0]).toMatchObject({ status: 'failed', reason: 'no' });
    const stopping = running();
    stopping.tell(control('stop'));
    expect(statuses(stopping.tell(obeyed('stop', { refused: 'unknown' })))).toEqual(['stopped']);
  });

  it('does not hear words about an earlier one', () => {
    const runs = running();
    runs.tell(reported('done'));
    runs.tell(start());
    expect(types(runs.tell(reported('stopped')))).toEqual([]);
    expect(types(runs.tell(obeyed('submit', { refused: 'late' })))).toEqual([]);
    expect(statuses(runs.tell(reported('running', 2)))).toEqual(['running']);
  });

  it('that has ended is forgotten where it was carried out, however often that has to be tried', async () => {
    const forgotten: number[] = [];
    let failures = 1;
    const forget = async (executionId: number): Promise<void> => {
      failures -= 1;
      if (failures >= 0) throw new Error('the database is away');
      forgotten.push(executionId);
    };
    const clearUp = runsAgent({ ...idle, forget }).effects?.['run.changed'];
    const changed = (status: string) =>
      clearUp?.run({ type: 'run.changed', executionId: 7, status } as Message, {} as never);
    await changed('running');
    await changed('paused');
    expect([forgotten, failures]).toEqual([[], 1]);
    await expect(changed('completed')).rejects.toThrow('away');
    for (const status of ['completed', 'failed', 'stopped']) await changed(status);
    expect([forgotten, clearUp?.repeatable]).toEqual([[7, 7, 7], true]);
  });

  it('fails only by what is refused for good: an error that does not say so is tried again', async () => {
    const began = (error: Error) =>
      runsAgent({ ...idle, begin: () => Promise.reject(error) }).effects?.['run.created']?.run(
        { type: 'run.created', executionId: 7, task: { taskId: 3 } } as never,
        {} as never,
      );
    await expect(began(new Error('the database is away'))).rejects.toThrow('away');
    await expect(began(Object.assign(new Error('busy'), { retryable: true }))).rejects.toThrow('busy');
    for (const error of [new RangeError('too large'), Object.assign(new Error('nowhere'), { retryable: false })])
      expect(await began(error)).toMatchObject({ type: 'run.obeyed', refused: error.message });
  });

  it('answers with its present status when its job does not obey in time', () => {
    const runs = running();
    runs.tell(control('pause'));
    expect(only(runs.advance(6_000), 'run.answered')).toMatchObject({ outcome: 'done', run: { status: 'running' } });
  });
});
