/** Where runs are carried out: backtests are jobs, what trades live is an agent's, which reads the same facts. */
import type { RunWork } from '../agents/runs/work.ts';
import { uploadedSeries } from '../domain/run.ts';
import type { RunCreated } from '../messages/run.ts';
import { BACKTEST } from '../runs/backtest/backtest.ts';
import type { BacktestPayload } from '../runs/backtest/payload.ts';
import type { Jobs } from '../runtime/jobs.ts';

const PREFIX = 'run-';
export const jobOf = (executionId: number): string => `${PREFIX}${executionId}`;
export const executionOf = (job: string): number | undefined =>
  job.startsWith(PREFIX) ? Number(job.slice(PREFIX.length)) : undefined;

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

export function runWork(jobs: Jobs | undefined, isLive: (executionId: number) => Promise<boolean>): RunWork {
  const present = (): Jobs => {
    if (!jobs) throw Object.assign(new Error('there is no background work in this world'), { retryable: false });
    return jobs;
  };
  return {
    async begin(run) {
      if (run.task.taskType === 'trading') return;
      await present().submit({ id: jobOf(run.executionId), kind: BACKTEST, payload: JSON.stringify(payloadOf(run)) });
    },
    async signal(executionId, signal) {
      if (await isLive(executionId)) return 'running';
      return (await present().control(jobOf(executionId), signal))?.state;
    },
    async forget(executionId) {
      await jobs?.forget(jobOf(executionId));
    },
  };
}
