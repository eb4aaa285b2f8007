/** Where runs are carried out: backtests are jobs, what trades live is an agent's, which reads the same facts. */
import type { RunWork } from '../agents/runs/work.ts';
import { uploadedSeries } from '../domain/run.ts';
import type { RunCreated } from '../messages/run.ts';
import type { RunRow } from '../projections/rows.ts';
import type { ReadView } from '../projections/view.ts';
import { BACKTEST } from '../runs/backtest/backtest.ts';
import type { BacktestPayload } from '../runs/backtest/payload.ts';
import type { Jobs } from '../runtime/jobs.ts';

const PREFIX = 'run-';
export const jobOf = (executionId: number): string => `${PREFIX}${executionId}`;
export const executionOf = (job: string): number | undefined =>
  job.startsWith(PREFIX) ? Number(job.slice(PREFIX.length)) : undefined;

/** What trades live is carried out by an agent, everything else by a job. */
export const isLive = ({ taskType }: Pick<RunRow, 'taskType'>): boolean => taskType === 'trading';

/** What the job of a task's run is asked for. */
export function payloadOf({ task }: Pick<RunCreated, 'task'>): BacktestPayload {
  const { strategyType, symbol, parameters, dataSource, granularity, startAt, endAt, costs } = task;
  const isUploaded = dataSource === 'upload';
  return {
    ...{ strategyType, symbol, parameters, granularity, startAt, endAt },
    dataSource: isUploaded ? 'store' : dataSource,
    ...(isUploaded && { series: uploadedSeries(task.requestId) }),
    ...(costs && { costs }),
  };
}

export function runWork(jobs: Jobs | undefined, view: Pick<ReadView, 'findRun'>): RunWork {
  const present = (): Jobs => {
    if (!jobs) throw Object.assign(new Error('there is no background work in this world'), { retryable: false });
    return jobs;
  };
  return {
    async begin(run) {
      if (isLive(run.task)) return;
      await present().submit({ id: jobOf(run.executionId), kind: BACKTEST, payload: JSON.stringify(payloadOf(run)) });
    },
    async signal(executionId, signal) {
      const run = await view.findRun(String(executionId));
      if (run && isLive(run)) return 'running';
      return (await present().control(jobOf(executionId), signal))?.state;
    },
    async forget(executionId) {
      await jobs?.forget(jobOf(executionId));
    },
  };
}
