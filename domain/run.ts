/**
 * A run of a strategy, in a backtest or live: its states, and what it says of itself while it goes on. Prices and points are in the
 * instrument's price, money in account currency, times market time in epoch milliseconds.
 */

export const TASK_TYPES = ['backtest', 'trading'] as const;
export type TaskType = (typeof TASK_TYPES)[number];

/** `created` waits for its turn; the last three are ends. */
export const RUN_STATUSES = ['created', 'running', 'paused', 'stopped', 'completed', 'failed'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** An entry of a live run that waits longer (for a person, at the venue) is not what its strategy wanted any more. */
export const ENTRY_PATIENCE_MS = 60_000;

export const hasRunEnded = (status: RunStatus): boolean =>
  status === 'stopped' || status === 'completed' || status === 'failed';

/** What is not a signal or an execution. */
export type Told =
  | { readonly type: 'status_changed'; readonly from: RunStatus; readonly to: RunStatus }
  | { readonly type: 'error_occurred'; readonly message: string };

type Happening =
  | {
      readonly type: 'strategy_signal';
      readonly signal: 'buy' | 'sell';
      readonly layer: number;
      readonly price: number;
    }
  | {
      readonly type: 'trade_executed';
      readonly action: 'open' | 'close';
      /** Of what was opened or closed. */
      readonly direction: 'long' | 'short';
      readonly layer: number;
      readonly units: number;
      readonly price: number;
    }
  | Told;

export type RunEvent = { readonly sequence: number; readonly at: number } & Happening;

export const EXIT_REASONS = ['strategy', 'target', 'stop', 'end'] as const;
export type ExitReason = (typeof EXIT_REASONS)[number];

/** One closed entry. */
export interface RunTrade {
  readonly sequence: number;
  readonly direction: 'long' | 'short';
  readonly layer: number;
  readonly retracementCount: number;
  readonly units: number;
  readonly entryAt: number;
  readonly entryPrice: number;
  readonly exitAt: number;
  readonly exitPrice: number;
  /** Price difference in favour, of one unit. */
  readonly points: number;
  /** Points × units × contract multiplier, less commission. */
  readonly pnl: number;
  /** Of entry and exit. */
  readonly commission: number;
  /** The furthest that its closing price went against and in favour of the entry, in points; both positive. */
  readonly adversePoints: number;
  readonly favourablePoints: number;
  readonly reason: ExitReason;
}

/** `balance` is realised. */
export interface EquityPoint {
  readonly sequence: number;
  readonly at: number;
  readonly balance: number;
}

/** What a run has come to so far. Ratios as fractions; what the sample is too small for is null. */
export interface RunSummary {
  /** Rows of its series, or ticks that it has seen live. */
  readonly processed: number;
  readonly totalReturnRatio: number;
  readonly totalPnl: number;
  readonly realizedPnl: number;
  readonly unrealizedPnl: number;
  readonly trades: number;
  readonly wins: number;
  readonly losses: number;
  readonly winRatio: number | null;
  /** On equity with open positions at every tick. */
  readonly drawdownRatioMax: number;
  readonly sharpe: number | null;
  readonly profitFactor: number | null;
  readonly averageWin: number | null;
  /** Positive. */
  readonly averageLoss: number | null;
}

const UPLOADED = 'upload:';
/** The series of a file that came with a request: only the run of that request reads it. */
export const uploadedSeries = (requestId: string): string => `${UPLOADED}${requestId}`;
/** The request behind such a series; undefined for one of an instrument. */
export const requestOfSeries = (series: string): string | undefined =>
  series.startsWith(UPLOADED) ? series.slice(UPLOADED.length) : undefined;
