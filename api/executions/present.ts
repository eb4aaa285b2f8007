/** Tasks, runs and their output as the contract shows them. */

import { exact } from '../../domain/decimal.ts';
import { findInstrument } from '../../domain/instrument.ts';
import type { RunSummary, RunTrade } from '../../domain/run.ts';
import type { RunRow, TaskRow } from '../../projections/rows.ts';
import type { RunHead, RunLine } from '../../projections/run-outputs.ts';
import { iso, isoOrNull } from '../kit/instant.ts';
import type { Checkpoint, EventBody, TaskBody, TaskExecution, TradeBody } from './schemas.ts';
import { fixed, percent, priceText, spelled } from './spelling.ts';

/** Checkpoints have numbers of their own: the run's, and which of its heads it is. */
const CHECKPOINTS_A_RUN = 100_000_000;

export const aboutRun = (run: RunRow) => ({
  execution_id: Number(run.id),
  task_type: run.taskType,
  task_id: run.taskId,
});

export const taskExecutionOf = (run: RunRow): TaskExecution => ({
  execution_id: Number(run.id),
  execution_number: run.executionNumber,
  status: run.status,
  created_at: iso(run.createdAt),
  started_at: isoOrNull(run.startedAt),
  completed_at: isoOrNull(run.completedAt),
  error_message: run.error,
});

function checkpointOf(id: number, figures: RunSummary, at: number): Checkpoint {
  const { sharpe, profitFactor, averageWin, averageLoss, winRatio } = figures;
  const fixedOrNull = (value: number | null): string | null => (value === null ? null : fixed(value));
  return {
    id,
    processed: figures.processed,
    total_return: percent(figures.totalReturnRatio),
    total_pnl: fixed(figures.totalPnl),
    realized_pnl: fixed(figures.realizedPnl),
    unrealized_pnl: fixed(figures.unrealizedPnl),
    total_trades: figures.trades,
    winning_trades: figures.wins,
    losing_trades: figures.losses,
    win_rate: percent(winRatio ?? 0),
    max_drawdown: percent(figures.drawdownRatioMax),
    sharpe_ratio: fixedOrNull(sharpe),
    profit_factor: fixedOrNull(profitFactor),
    average_win: fixed(averageWin ?? 0),
    average_loss: fixed(averageLoss ?? 0),
    created_at: iso(at),
  };
}

export function metricsOf(run: RunRow, { figures, figuresAt, part }: RunHead) {
  const checkpoint =
    figures === null ? null : checkpointOf(Number(run.id) * CHECKPOINTS_A_RUN + part, figures, figuresAt ?? 0);
  return { has_checkpoint: checkpoint !== null, checkpoint };
}

export const progressOf = ({ status }: Pick<RunRow, 'status'>, { progressRatio }: RunHead): number =>
  status === 'completed' ? 100 : Math.floor(progressRatio * 1_000) / 10;

type Told = Readonly<Record<string, unknown>>;

function eventOf(kind: string, told: Told): Record<string, unknown> {
  const price = () => priceText(told.price as number);
  if (kind === 'strategy_signal') return { signal: told.signal, layer_number: told.layer, price: price() };
  if (kind !== 'trade_executed') return { ...told };
  const { direction, units, action, layer } = told;
  return { direction, units, price: price(), action, layer_number: layer };
}

export const eventBody = (line: RunLine, { strategyType }: RunRow): EventBody => ({
  sequence: line.sequence,
  event_type: line.kind,
  strategy_type: strategyType,
  timestamp: iso(line.at),
  event: eventOf(line.kind, JSON.parse(line.payload) as Told),
  created_at: iso(line.createdAt),
});

export function tradeBody({ sequence, payload, createdAt }: RunLine, { symbol }: RunRow): TradeBody {
  const trade = JSON.parse(payload) as Omit<RunTrade, 'sequence'>;
  const pipSize = findInstrument(symbol)?.pipSize ?? '1';
  return {
    sequence,
    trade: {
      instrument: spelled(symbol),
      direction: trade.direction,
      entry_time: iso(trade.entryAt),
      entry_price: priceText(trade.entryPrice),
      units: trade.units,
      exit_time: iso(trade.exitAt),
      exit_price: priceText(trade.exitPrice),
      pnl: fixed(trade.pnl),
      pips: fixed(exact(trade.points).dividedBy(pipSize), 1),
      details: {
        layer_number: trade.layer,
        retracement_count: trade.retracementCount,
        reason: trade.reason,
        commission: fixed(trade.commission),
      },
    },
    created_at: iso(createdAt),
  };
}

const COST_NAMES = {
  spreadTicks: 'spread_ticks',
  slippageTicks: 'slippage_ticks',
  commissionBps: 'commission_bps',
  commissionPerUnit: 'commission_per_unit',
  latencyMs: 'latency_ms',
} as const;

function costsBody(costs: string | null): Record<string, unknown> | null {
  if (costs === null) return null;
  const given = JSON.parse(costs) as Partial<Record<keyof typeof COST_NAMES, number>>;
  return Object.fromEntries(
    Object.entries(given).map(([name, cost]) => [COST_NAMES[name as keyof typeof COST_NAMES], cost]),
  );
}

export const taskBodyOf = (row: TaskRow): TaskBody => ({
  task_id: Number(row.id),
  task_type: row.taskType,
  name: row.name,
  strategy_type: row.strategyType,
  instrument: spelled(row.symbol),
  parameters: JSON.parse(row.parameters) as Record<string, unknown>,
  data_source: row.dataSource,
  granularity: row.granularity,
  start_time: isoOrNull(row.startAt),
  end_time: isoOrNull(row.endAt),
  account_id: row.accountId,
  costs: costsBody(row.costs),
  status: row.status,
  latest_execution:
    row.executionId === null
      ? null
      : { execution_id: row.executionId, execution_number: row.executions, status: row.status },
  created_at: iso(row.createdAt),
  updated_at: iso(row.updatedAt),
});
