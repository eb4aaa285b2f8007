/**
 * The house behind the doors: everything the API may ask, read or wait for. system/product.ts implements it, the fake in
 * api/testing/ scripts it. An answer of `ask` exists only once everything it tells of is durable.
 */

import type { OrderEnd } from '../../domain/order.ts';
import type { SeriesStore } from '../../market/series/store.ts';
import type { OrderStatus } from '../../messages/common.ts';
import type { Quote } from '../../messages/market.ts';
import type { Page } from '../../projections/queries.ts';
import type { AccountRow, ApprovalRow, HaltRow, OrderRow, PositionRow, TraderRow } from '../../projections/rows.ts';
import type { RunReads } from '../../projections/run-reads.ts';
import type { Upkeep } from '../../projections/upkeep.ts';
import { AnswerError } from '../../runtime/answer-error.ts';
import type { JournalRecord, Message } from '../../runtime/message.ts';
import type { Clock, Ids, Log } from '../../runtime/ports.ts';
import type { Soon } from './at-once.ts';
import type { Role } from './caller.ts';
import type { TickDesk } from './tick-desk.ts';

/** Why the house gave no answer. All three are 503 outside; after `timeout` the outcome is unknown. */
export class HouseError extends AnswerError {
  constructor(
    readonly kind: 'unavailable' | 'timeout' | 'refused',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'HouseError';
  }
}

export interface AskOptions {
  /** `sub` of the caller. */
  readonly principal: string;
  /** The request's id. */
  readonly correlationId: string;
  readonly deadlineMs?: number;
}

/** An agent as an operator sees it; `facts` and `mailbox` wait to be read. */
export interface AgentState {
  readonly address: string;
  readonly status: string;
  readonly mailbox: number;
  readonly facts: number;
  readonly entities: number;
  readonly turns: number;
  readonly restarts: number;
}

/** Pages count from 1. */
export interface Paging {
  readonly page: number;
  readonly limit: number;
}

export interface OrdersFilter {
  readonly traderId: string;
  /** At most one of `status` and `end` is given. */
  readonly status?: readonly OrderStatus[];
  readonly end?: readonly OrderEnd[];
  readonly symbol?: string;
  /** On `submittedAt`: from inclusive, to exclusive, epoch milliseconds. */
  readonly from?: number;
  readonly to?: number;
}

export interface ApprovalsFilter {
  /** The owner of the trader. */
  readonly userId?: string;
  readonly traderId?: string;
  readonly status?: readonly ApprovalRow['status'][];
}

/** Listed orders of a trader that are alike, counted. */
export interface OrdersCount {
  readonly side: string;
  readonly symbol: string;
  readonly orderType: string;
  readonly status: OrderStatus;
  readonly end: OrderEnd | null;
  readonly count: number;
}

/** A caller always reads its own writes. Lists hold the newest first, by sequence. `from` is inclusive, `to` exclusive. */
export interface ReadModel {
  /** Those that the house has opened, in that order; all of them are in memory. */
  accounts(): readonly AccountRow[];
  /** What an account holds; flat positions are left out. */
  positions(accountId: string): readonly PositionRow[];
  openOrders(accountId: string): readonly OrderRow[];
  trader(id: string): TraderRow | undefined;
  traders(
    filter: { readonly userId?: string; readonly status?: readonly TraderRow['status'][] },
    paging: Paging,
  ): Promise<Page<TraderRow>>;
  order(id: string): Promise<OrderRow | undefined>;
  /** Only orders that are `listed`. */
  orders(filter: OrdersFilter, paging: Paging): Soon<Page<OrderRow>>;
  approval(id: string): Promise<ApprovalRow | undefined>;
  approvals(filter: ApprovalsFilter, paging: Paging): Promise<Page<ApprovalRow>>;
  halt(id: string): Promise<HaltRow | undefined>;
  halts(filter: { readonly status?: HaltRow['status'] }): Promise<readonly HaltRow[]>;
  usage(traderId: string, from: number, to: number): Promise<{ readonly apiCalls: number; readonly computeMs: number }>;
  /** Sum of fill value (in account currency) and of commission, as decimal text. */
  fillsSummary(traderId: string, from: number, to: number): Promise<{ readonly volume: string; readonly fees: string }>;
  /** Counts only orders that are `listed`, by `submittedAt`. */
  ordersSummary(traderId: string, from: number, to: number): Promise<readonly OrdersCount[]>;
  /** Tasks, their runs, and what these have put out. */
  readonly runs: RunReads;
}

/** The first key signs; the others are accepted until their grace ends. */
interface SigningKey {
  readonly kid: string;
  /** At least 32 bytes. */
  readonly secret: string;
  /** Wall clock in epoch milliseconds after which the key is refused. */
  readonly acceptUntilMs?: number;
}

export interface OauthClient {
  readonly clientId: string;
  readonly secret: string;
  readonly sub: string;
  readonly roles: readonly Role[];
  readonly accounts: readonly string[];
}

export interface ApiSettings {
  readonly profile: 'development' | 'production';
  readonly signingKeys: readonly SigningKey[];
  readonly clients: readonly OauthClient[];
  readonly issuer: string;
  readonly audience: string;
  readonly tokenTtlS: number;
  readonly rateLimits: boolean;
  readonly corsOrigins: readonly string[];
  /** Where clients reach this house, with a path if it has one; absent: where their requests were sent to. */
  readonly publicUrl?: string | undefined;
  /** Whether a proxy stands before this house whose X-Forwarded headers count. */
  readonly trustProxy: boolean;
  readonly fourEyes: boolean;
  readonly version: string;
}

export type DependencyState = 'healthy' | 'degraded' | 'unhealthy';

export interface HouseHealth {
  readonly uptimeS: number;
  readonly modelsLoaded: boolean;
  /** Every open adapter: where prices come from and where orders go; `simulated` marks invented data and fills. */
  readonly providers: readonly {
    readonly name: string;
    readonly serves: 'prices' | 'orders';
    readonly state: DependencyState;
    readonly simulated: boolean;
  }[];
  /** What is not configured counts as healthy. */
  readonly dependencies: {
    readonly database: DependencyState;
    readonly messageBroker: DependencyState;
    readonly externalApis: DependencyState;
  };
}

export interface RequestSample {
  readonly method: string;
  /** The route's pattern, never the path with ids. */
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
}

export interface House {
  /** Rejects with HouseError. */
  ask<R extends Message>(message: Message, options: AskOptions): Promise<R>;
  /** A command without a reply; a refusal is dropped. */
  tell(message: Message, options: AskOptions): void;
  readonly read: ReadModel;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly settings: ApiSettings;
  latestQuote(symbol: string): Quote | undefined;
  /** First mid price of the UTC day. */
  dailyOpen(symbol: string): number | undefined;
  symbols(): readonly string[];
  /** Names of the agents that an emergency stop of the whole system covers. */
  components(): readonly string[];
  state(): 'starting' | 'ready' | 'stopping';
  health(): HouseHealth;
  agents(): readonly AgentState[];
  /** Messages that nobody took, counted by type and reason. */
  deadLetters(): ReadonlyMap<string, number>;
  /** A person lets an agent that stayed down try its fact again, or skip it; false when it is not down. */
  revisit(agent: string, how: 'retry' | 'skip', by: string): boolean;
  /** Absent in worlds without a database. */
  readonly upkeep: Upkeep | undefined;
  /** What a trader's orders may do without a person, a UTC day: the largest value of one, and of all together, in account currency. */
  readonly autonomy: { readonly orderValueMax: string; readonly dailyVolumeMax: number };
  /** Imported market data; absent in worlds without any. */
  readonly series: Pick<SeriesStore, 'imports' | 'heads' | 'bytes'> | undefined;
  /** Files of ticks; absent in worlds without any. */
  readonly tickDesk: TickDesk | undefined;
  /** Records in order, each after its commit. Returns an unsubscribe function. */
  onCommitted(listener: (record: JournalRecord) => void): () => void;
  /** Hears which run has put out something, or stands otherwise, once that can be read. Returns an unsubscribe function. */
  onRunNews(listener: (executionId: number) => void): () => void;
  /** Wraps work that other threads do (cryptography), so that a simulated world waits for it. */
  track<T>(promise: Promise<T>): Promise<T>;
  /** The metrics registry as Prometheus text, and what goes into it. */
  readonly metrics: { text(): Promise<string>; observe(sample: RequestSample): void };
}
