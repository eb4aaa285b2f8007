/** What speaks against a task, field by field: unknown names, parameters out of their bounds, a period that can't be. Pure. */
import { findInstrument } from '../../domain/instrument.ts';
import { TIMEFRAMES_MS } from '../../market/series/store.ts';
import type { TaskCreate, TaskProblem } from '../../messages/run.ts';
import { simulatedRows } from '../../runs/backtest/simulated-source.ts';
import { findStrategy, STRATEGIES } from '../../strategies/all.ts';

/** Some half a year of seconds: what an invented market is asked for at most. */
const SIMULATED_ROWS_MAX = 15_000_000;

const problem = (field: string, message: string): TaskProblem[] => [{ field, message }];

function strategyProblems({ strategyType, parameters, granularity }: TaskCreate): TaskProblem[] {
  const strategy = findStrategy(strategyType);
  if (!strategy) return problem('strategyType', `Must be one of ${STRATEGIES.map(({ name }) => name).join(', ')}`);
  const checked = strategy.parameters.safeParse(parameters);
  const found = (checked.error?.issues ?? []).flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.flatMap((key) => problem(`parameters.${key}`, 'Unknown parameter'))
      : problem(['parameters', ...issue.path].map(String).join('.'), issue.message),
  );
  if (strategy.input === 'bars' && granularity === 'ticks')
    found.push(...problem('granularity', `${strategyType} is run over bars, not ticks`));
  return found;
}

function periodProblems({ dataSource, granularity, startAt, endAt }: TaskCreate): TaskProblem[] {
  if (startAt !== null && endAt !== null && startAt >= endAt)
    return problem('endAt', 'Must be later than the beginning');
  if (dataSource !== 'simulated') return [];
  if (startAt === null) return problem('startAt', 'Required for an invented market');
  if (endAt === null) return problem('endAt', 'Required for an invented market');
  const timeframeMs = granularity === 'ticks' ? undefined : TIMEFRAMES_MS[granularity];
  return simulatedRows({ startAt, endAt, timeframeMs }) > SIMULATED_ROWS_MAX
    ? problem('endAt', `The period has more than ${SIMULATED_ROWS_MAX} rows`)
    : [];
}

export function problemsOf(task: TaskCreate): readonly TaskProblem[] {
  return [
    ...(task.taskType === 'trading' ? problem('taskType', 'Live runs are not offered yet') : []),
    ...(findInstrument(task.symbol) ? [] : problem('symbol', 'Unknown instrument')),
    ...strategyProblems(task),
    ...periodProblems(task),
  ];
}
