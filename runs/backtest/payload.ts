/** What a backtest's job is asked for, and what its parts say: plain JSON both ways between the house and wherever the job runs. */
import { z } from 'zod';
import type { EquityPoint, RunEvent, RunSummary, RunTrade } from '../../domain/run.ts';
import { TIMEFRAMES } from '../../market/series/store.ts';

const cost = z.number().min(0).optional();

export const backtestPayload = z.object({
  strategyType: z.string(),
  symbol: z.string(),
  /** Where the rows are stored, when not under the symbol. */
  series: z.string().optional(),
  parameters: z.record(z.string(), z.unknown()),
  dataSource: z.enum(['store', 'simulated']),
  granularity: z.enum(['ticks', ...TIMEFRAMES]),
  /** [start, end) in epoch milliseconds; null: no bound. */
  startAt: z.number().nullable(),
  endAt: z.number().nullable(),
  costs: z
    .object({
      ...{ spreadTicks: cost, slippageTicks: cost, commissionBps: cost, commissionPerUnit: cost, latencyMs: cost },
    })
    .optional(),
});
export type BacktestPayload = z.infer<typeof backtestPayload>;

/** Output since the part before; sequences are the run's own. */
export interface BacktestPart {
  readonly events: readonly RunEvent[];
  readonly trades: readonly RunTrade[];
  readonly equity: readonly EquityPoint[];
  readonly figures: RunSummary;
  /** Market time of the last row; null before the first. */
  readonly marketAt: number | null;
  readonly progressRatio: number;
}
