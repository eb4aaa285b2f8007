/** Who reads the stored series of an instrument: an open backtest, which would lose rows that it has not come to yet. */
import type { RunReads } from './run-reads.ts';

/** As a sentence; undefined when nobody does. */
export async function seriesReaderOf(runs: Pick<RunReads, 'tasks'>, symbol: string): Promise<string | undefined> {
  const filter = { taskType: 'backtest', dataSource: 'store', open: true, symbol } as const;
  const [task] = (await runs.tasks(filter, 1, 0)).rows;
  return task && `execution ${task.executionId} reads ${symbol} and is ${task.status}: let it end, or stop it first`;
}
