/**
 * Rows of the read models, one type a table. Column names are the field names in snake_case. Decimals are text (numeric in the
 * database), times are market time in epoch milliseconds (bigint). Every row is flat.
 */
import type { AccountPack, AccountVenue } from '../domain/account.ts';
import type { RunStatus, TaskType } from '../domain/run.ts';
import type { OrderStatus } from '../messages/common.ts';

export type TraderRow = {
  readonly id: string;
  readonly userId: string;
  readonly accountId: string;
  readonly name: string;
  readonly status: 'active' | 'winding-down' | 'terminated';
  readonly budget: number;
  readonly strategy: string;
  readonly riskTolerance: string;
  readonly maxPositionSize: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
};

/** An account that the house has opened; `id` is ours, `venueId` the venue's. See messages/account.ts. */
export type AccountRow = {
  readonly id: string;
  readonly sequence: number;
  readonly userId: string;
  readonly name: string;
  readonly venue: AccountVenue;
  readonly venueId: string;
  readonly currency: string;
  readonly pack: AccountPack;
  readonly deposit: string;
  readonly leverage: number | null;
  readonly openedAt: number;
};

/** An order; `sequence` is that of its `order.submitted`, the total order of lists. `listed` is false for one denied at submission. */
export type OrderRow = {
  readonly id: string;
  readonly sequence: number;
  readonly traderId: string;
  readonly accountId: string;
  readonly userId: string;
  readonly surface: string;
  readonly symbol: string;
  readonly side: string;
  readonly quantity: string;
  readonly price: string;
  readonly orderType: string;
  readonly timeInForce: string;
  readonly status: OrderStatus;
  readonly listed: boolean;
  readonly amount: string;
  readonly filledQuantity: string;
  readonly averagePrice: string;
  readonly commission: string;
  readonly submittedAt: number;
  readonly executedAt: number | null;
  readonly endedAt: number | null;
  readonly end: string | null;
  readonly denialCode: string | null;
  readonly denialClass: string | null;
  readonly reason: string | null;
  readonly requestId: string | null;
};

export type ApprovalRow = {
  readonly id: string;
  readonly sequence: number;
  readonly orderId: string;
  readonly traderId: string;
  readonly userId: string;
  readonly symbol: string;
  readonly side: string;
  readonly quantity: string;
  readonly price: string;
  readonly amount: string;
  readonly reason: string;
  readonly priority: string;
  readonly status: 'pending' | 'approved' | 'rejected' | 'expired';
  readonly contentHash: string;
  readonly bandLow: string;
  readonly bandHigh: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly decidedBy: string | null;
  readonly decidedAt: number | null;
  readonly comment: string | null;
};

export type HaltRow = {
  readonly id: string;
  readonly sequence: number;
  readonly scope: string;
  readonly targetId: string | null;
  readonly reason: string;
  readonly triggeredBy: string;
  readonly createdAt: number;
  readonly status: 'active' | 'resolved';
  readonly resolvedBy: string | null;
  readonly resolvedAt: number | null;
  readonly resolution: string | null;
};

/** One execution; `id` is the execution id. */
export type FillRow = {
  readonly id: string;
  readonly sequence: number;
  readonly orderId: string;
  readonly traderId: string;
  readonly accountId: string;
  readonly symbol: string;
  readonly side: string;
  readonly quantity: string;
  readonly price: string;
  readonly commission: string;
  readonly realizedPnl: string;
  readonly at: number;
};

/**
 * Double entry, one row a posting: a fill (`id` is the execution id) or a trader's deposit. `entries` is JSON,
 * `[{account, amount}]` of domain/ledger.ts; the amounts sum to zero.
 */
export type LedgerRow = {
  readonly id: string;
  readonly sequence: number;
  readonly accountId: string;
  readonly kind: 'fill' | 'deposit';
  readonly entries: string;
  readonly currency: string;
  readonly at: number;
};

/**
 * What fills of one account and symbol add up to: the base of the next fill's realised profit. `id` is `<accountId>/<symbol>`;
 * quantity and cost are signed. Valuation is the portfolio agent's.
 */
export type PositionRow = {
  readonly id: string;
  readonly accountId: string;
  readonly symbol: string;
  readonly quantity: string;
  readonly cost: string;
  readonly open: boolean;
  readonly updatedAt: number;
};

/** `id` is `<traderId>/<hour>`; what the API metered in that UTC hour. */
export type UsageRow = {
  readonly id: string;
  readonly traderId: string;
  readonly hour: number;
  readonly apiCalls: number;
  readonly computeMs: number;
  readonly updatedAt: number;
};

/** A task with its newest run; `id` is the task's number as text, `parameters`, `costs` and `labels` are JSON. See messages/run.ts. */
export type TaskRow = {
  readonly id: string;
  readonly sequence: number;
  readonly requestId: string;
  readonly userId: string;
  readonly surface: string;
  readonly taskType: TaskType;
  readonly name: string;
  readonly strategyType: string;
  readonly symbol: string;
  readonly parameters: string;
  readonly dataSource: string;
  readonly granularity: string;
  readonly startAt: number | null;
  readonly endAt: number | null;
  readonly accountId: string | null;
  readonly costs: string | null;
  readonly labels: string;
  /** Of the newest run; `created` before the first. */
  readonly status: RunStatus;
  readonly open: boolean;
  readonly executionId: number | null;
  /** Runs so far: the number of the newest. */
  readonly executions: number;
  readonly createdAt: number;
  readonly updatedAt: number;
};

/** One run; `id` is the execution's number as text. What it has put out stands in the run tables (projections/run-outputs.ts). */
export type RunRow = {
  readonly id: string;
  readonly sequence: number;
  readonly taskId: number;
  /** Of the request that has begun it; null where that is not known. */
  readonly requestId: string | null;
  readonly userId: string;
  readonly executionNumber: number;
  readonly surface: string;
  readonly taskType: TaskType;
  readonly strategyType: string;
  readonly symbol: string;
  readonly accountId: string | null;
  /** Where its market time begins, as far as the task says so. */
  readonly marketFrom: number | null;
  readonly status: RunStatus;
  readonly open: boolean;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly completedAt: number | null;
  /** Who wants it stopped, or wanted it; null as long as nobody does. */
  readonly stoppedBy: string | null;
  readonly error: string | null;
};

export interface Tables {
  readonly accounts: AccountRow;
  readonly traders: TraderRow;
  readonly orders: OrderRow;
  readonly approvals: ApprovalRow;
  readonly halts: HaltRow;
  readonly fills: FillRow;
  readonly ledger: LedgerRow;
  readonly positions: PositionRow;
  readonly usage: UsageRow;
  readonly tasks: TaskRow;
  readonly runs: RunRow;
}
export type TableName = keyof Tables;
