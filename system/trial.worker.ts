/** A thread of `cli optimize`: carries out one trial after the other over the series that all threads share. */
import { planOf } from '../runs/backtest/backtest.ts';
import type { Columns } from '../runs/optimize/shared-columns.ts';
import { type TrialTask, tryOut } from '../runs/optimize/trial.ts';
import { servePool } from '../runtime/live/thread-pool.ts';

export interface TrialGround {
  /** Strategy, instrument and costs; each task brings its parameters. */
  readonly plan: Parameters<typeof planOf>[0];
  readonly columns: Columns;
}

servePool((task: TrialTask, { plan, columns }: TrialGround) => tryOut(planOf(plan), columns, task));
