/** What speaks against a task, field by field: unknown names, parameters out of their bounds, a period that can't be. Pure. */
import { findInstrument } from '../../domain/instrument.ts';
import { TIMEFRAMES_MS } from '../../market/series/store.ts';
import type { TaskCreate, TaskProblem } from '../../messages/run.ts';
import { simulatedRows } from '../../runs/backtest/simulated-source.ts';
import { findStrategy, STRATEGIES } from '../../strategies/all.ts';

/** Some half a year of seconds: what an invented market is asked for at most. */
const SIMULATED_ROWS_MAX = 15_000_000;

const problem = (field: string, message: string): TaskProblem[] => [{ field, message }];

function strategyProblems({ strategyType, parameters, granularity, taskType }: TaskCreate): TaskProblem[] {
  const strategy = findStrategy(strategyType);
  if (!strategy) return problem('strategyType', `Must be one of ${STRATEGIES.map(({ name }) => name).join(', ')}`);
  const known = Object.keys(strategy.parameters.shape).join(', ');
  const checked = strategy.parameters.safeParse(parameters);
  const found = (checked.error?.issues ?? []).flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.flatMap((key) => problem(`parameters.${key}`, `Unknown parameter; ${strategyType} takes ${known}`))
      : problem(['parameters', ...issue.path].map(String).join('.'), issue.message),
  );
  if (strategy.input === 'bars' && granularity === 'ticks')
    found.push(...problem('granularity', `${strategyType} is run over bars, not ticks`));
  if (taskType === 'trading' && strategy.input === 'ticks' && granularity !== 'ticks')
    found.push(...problem('granularity', `${strategyType} is run live over ticks`));
  return found;
}

function liveProblems({ taskType, accountId, costs }: TaskCreate): TaskProblem[] {
  if (taskType !== 'trading') return [];
  return [
    ...(accountId === null ? problem('accountId', 'Required for a live run') : []),
    ...(costs === undefined ? [] : problem('costs', 'A live run has the costs of its venue')),
  ];
}

function periodProblems({ taskType, dataSource, granularity, startAt, endAt }: TaskCreate): TaskProblem[] {
  if (startAt !== null && endAt !== null && startAt >= endAt)
    return problem('endAt', 'Must be later than the beginning');
  // A live run sees the market that there is.
  if (dataSource !== 'simulated' || taskType === 'trading') return [];
  if (startAt === null) return problem('startAt', 'Required for an invented market');
  if (endAt === null) return problem('endAt', 'Required for an invented market');
  const timeframeMs = granularity === 'ticks' ? undefined : TIMEFRAMES_MS[granularity];
  return simulatedRows({ startAt, endAt, timeframeMs }) > SIMULATED_ROWS_MAX
    ? problem('endAt', `The period has more than ${SIMULATED_ROWS_MAX} rows`)
    : [];
}

export function problemsOf(task: TaskCreate): readonly TaskProblem[] {
  return [
    ...(findInstrument(task.symbol) ? [] : problem('symbol', 'Unknown instrument')),
    ...liveProblems(task),
    ...strategyProblems(task),
    ...periodProblems(task),
  ];
}
