/** What the executions contract sends and takes. */
import { z } from '@hono/zod-openapi';
import { RUN_STATUSES, TASK_TYPES } from '../../domain/run.ts';
import { DATA_SOURCES, GRANULARITIES } from '../../messages/run.ts';
import { amountOf, hasFewDecimals, isoInstant, tooManyDecimals } from '../kit/validate.ts';
import { pageSchema } from './lists.ts';

const decimal = z.string();
const time = z.iso.datetime();
const status = z.enum(RUN_STATUSES);
const runStart = { execution_id: z.int(), task_type: z.enum(TASK_TYPES), task_id: z.int() };

export const EVENT_TYPES = [
  'tick_received',
  'strategy_signal',
  'trade_executed',
  'status_changed',
  'error_occurred',
] as const;

const checkpoint = z
  .object({
    id: z.int(),
    processed: z.int(),
    total_return: decimal,
    total_pnl: decimal,
    realized_pnl: decimal,
    unrealized_pnl: decimal,
    total_trades: z.int(),
    winning_trades: z.int(),
    losing_trades: z.int(),
    win_rate: decimal,
    max_drawdown: decimal,
    sharpe_ratio: decimal.nullable(),
    profit_factor: decimal.nullable(),
    average_win: decimal,
    average_loss: decimal,
    created_at: time,
  })
  .openapi('ExecutionCheckpoint');
export type Checkpoint = z.input<typeof checkpoint>;

export const latestMetrics = z
  .object({ ...runStart, has_checkpoint: z.boolean(), checkpoint: checkpoint.nullable() })
  .openapi('ExecutionMetrics');

export const executionStatus = z
  .object({
    ...runStart,
    execution_number: z.int(),
    status,
    progress: z.number(),
    started_at: time.nullable(),
    completed_at: time.nullable(),
    error_message: z.string().nullable(),
    has_checkpoint: z.boolean(),
    checkpoint: checkpoint.nullable(),
  })
  .openapi('ExecutionStatus');

const event = z.object({
  sequence: z.int(),
  event_type: z.string(),
  strategy_type: z.string(),
  timestamp: time,
  event: z.record(z.string(), z.unknown()),
  created_at: time,
});
export const eventList = z.object({ ...runStart, events: z.array(event), ...pageSchema }).openapi('ExecutionEvents');
export type EventBody = z.input<typeof event>;

const trade = z.object({
  sequence: z.int(),
  trade: z.object({
    instrument: z.string(),
    direction: z.enum(['long', 'short']),
    entry_time: time,
    entry_price: decimal,
    units: z.number(),
    exit_time: time,
    exit_price: decimal,
    pnl: decimal,
    pips: decimal,
    details: z.object({ layer_number: z.int(), retracement_count: z.int(), reason: z.string(), commission: decimal }),
  }),
  created_at: time,
});
export const tradeList = z.object({ ...runStart, trades: z.array(trade), ...pageSchema }).openapi('ExecutionTrades');
export type TradeBody = z.input<typeof trade>;

const told = <Type extends z.ZodType<string>, Data extends z.ZodRawShape>(event_type: Type, data: Data) =>
  z.object({ event_type, timestamp: time, source: z.literal('execution'), data: z.object({ ...runStart, ...data }) });

const { event_type, timestamp: _at, ...line } = event.shape;
const { execution_number, error_message, ...standing } = executionStatus.shape;
/** What who follows a run hears. */
export const runMessage = z.union([
  told(z.literal('execution_progress'), {
    ...{ execution_number, status, progress: standing.progress, error_message },
    ...{ has_checkpoint: standing.has_checkpoint, checkpoint: standing.checkpoint },
  }),
  told(z.literal('trade_closed'), trade.shape),
  told(event_type, line),
]);
export type RunMessage = z.input<typeof runMessage>;

export const equityCurve = z
  .object({
    ...runStart,
    equity_curve: z.array(z.object({ sequence: z.int(), timestamp: time, balance: z.number() })),
    ...pageSchema,
    granularity_seconds: z.number().nullable(),
  })
  .openapi('ExecutionEquity');

const PARAMETERS_MAX = 100;
const cost = (name: string) => amountOf(z.number().min(0).max(1e6), name).optional();

export const taskRequest = z
  .strictObject({
    task_type: z.enum(TASK_TYPES),
    name: z.string().trim().min(1).max(200),
    strategy_type: z.string().min(1).max(50),
    instrument: z.string().min(1).max(30),
    parameters: z
      .record(z.string().max(100), z.union([z.string().max(1_000), z.number(), z.boolean()]))
      .refine((given) => Object.keys(given).length <= PARAMETERS_MAX, `Must have at most ${PARAMETERS_MAX} parameters`)
      // The one parameter of all strategies that is money.
      .refine(({ balance }) => typeof balance !== 'number' || hasFewDecimals(balance), {
        message: tooManyDecimals('Balance'),
        path: ['balance'],
      })
      .default({}),
    data_source: z.enum(DATA_SOURCES).default('store'),
    granularity: z.enum(GRANULARITIES).default('ticks'),
    start_time: isoInstant.optional(),
    end_time: isoInstant.optional(),
    account_id: z.string().min(1).max(100).optional(),
    costs: z
      .strictObject({
        ...{ spread_ticks: cost('Spread'), slippage_ticks: cost('Slippage'), latency_ms: cost('Latency') },
        ...{ commission_bps: cost('Commission'), commission_per_unit: cost('Commission') },
      })
      .optional(),
  })
  .openapi('TaskRequest');
export type TaskRequest = z.output<typeof taskRequest>;

const latest = z.object({ execution_id: z.int(), execution_number: z.int(), status });
export const taskBody = z
  .object({
    task_id: z.int(),
    task_type: z.enum(TASK_TYPES),
    name: z.string(),
    strategy_type: z.string(),
    instrument: z.string(),
    parameters: z.record(z.string(), z.unknown()),
    data_source: z.string(),
    granularity: z.string(),
    start_time: time.nullable(),
    end_time: time.nullable(),
    account_id: z.string().nullable(),
    costs: z.record(z.string(), z.unknown()).nullable(),
    status,
    latest_execution: latest.nullable(),
    created_at: time,
    updated_at: time,
  })
  .openapi('Task');
export type TaskBody = z.input<typeof taskBody>;
export const taskList = z.object({ results: z.array(taskBody), ...pageSchema }).openapi('Tasks');
const execution = z
  .object({
    ...latest.shape,
    ...{ created_at: time, started_at: time.nullable(), completed_at: time.nullable() },
    error_message: z.string().nullable(),
  })
  .openapi('TaskExecution');
export const taskExecutions = z
  .object({ task_id: z.int(), results: z.array(execution), ...pageSchema })
  .openapi('TaskExecutions');
export type TaskExecution = z.input<typeof execution>;
export const runAnswer = z.object({ task_id: z.int(), ...latest.shape }).openapi('TaskRun');
/** `notices`, of a live run: what will keep its entries waiting, or out, and who else trades there. */
export const startAnswer = runAnswer.extend({ notices: z.array(z.string()).optional() }).openapi('TaskRunStarted');
