/** A trader with an order and its request, as the tests of the API meet them, and calls in their name. */
import { accountOf } from '../../domain/account.ts';
import type { OrderView } from '../../messages/common.ts';
import type { OrderSubmit } from '../../messages/order.ts';
import type { AccountRow, ApprovalRow, HaltRow, OrderRow, RunRow, TaskRow, TraderRow } from '../../projections/rows.ts';
import type { RunLine } from '../../projections/run-outputs.ts';
import type { Role } from '../kit/caller.ts';
import { Tokens } from '../kit/tokens.ts';
import { type Api, mountApi } from '../mounts.ts';
import { FakeHouse, START } from './fake-house.ts';

export const traderRow = (over: Partial<TraderRow> = {}): TraderRow => ({
  id: 'agent-1',
  userId: 'user-456',
  accountId: accountOf(over.id ?? 'agent-1'),
  name: 'Demo',
  status: 'active',
  budget: 100_000,
  strategy: 'balanced',
  riskTolerance: 'medium',
  maxPositionSize: null,
  createdAt: START,
  updatedAt: START,
  ...over,
});

export const accountRow = (over: Partial<AccountRow> = {}): AccountRow => ({
  ...{ id: 'PAAPEX1', sequence: 1, userId: 'user-456', name: 'PAAPEX1', venue: 'tradovate', venueId: 'D1' },
  ...{ currency: 'USD', pack: 'apex', deposit: '50000', leverage: null, openedAt: START },
  ...over,
});

/** A backtest task of `user-456`, and one of its runs under way. */
export const taskRow = (over: Partial<TaskRow> = {}): TaskRow => ({
  ...{ id: '4', sequence: 9, requestId: 'task-x', userId: 'user-456', surface: 'executions', taskType: 'backtest' },
  ...{ name: 'One', strategyType: 'floor', symbol: 'EURUSD', parameters: '{"max_layers":2}', dataSource: 'store' },
  ...{ granularity: 'ticks', startAt: START, endAt: null, accountId: null, costs: '{"spreadTicks":1}', labels: '{}' },
  ...{ status: 'running', open: true, executionId: 7, executions: 2, createdAt: START, updatedAt: START },
  ...over,
});

export const runRow = (over: Partial<RunRow> = {}): RunRow => ({
  ...{ id: '7', sequence: 10, taskId: 4, userId: 'user-456', executionNumber: 2, surface: 'executions' },
  ...{ taskType: 'backtest', strategyType: 'floor', symbol: 'EURUSD', accountId: null, marketFrom: START },
  ...{ status: 'running', open: true, createdAt: START, startedAt: START, completedAt: null, error: null },
  ...{ requestId: null, stoppedBy: null },
  ...over,
});
/** `payload` becomes JSON. */
export const runLine = (stream: RunLine['stream'], sequence: number, kind: string, payload: unknown): RunLine => ({
  ...{ stream, sequence, at: START + sequence * 1_000, kind, payload: JSON.stringify(payload), createdAt: START + 5 },
});

export const orderRow = (over: Partial<OrderRow> = {}): OrderRow => ({
  id: 'trade-1',
  sequence: 1,
  traderId: 'agent-1',
  accountId: 'acct-agent-1',
  userId: 'user-456',
  surface: 'creto',
  symbol: 'AAPL',
  side: 'buy',
  quantity: '100',
  price: '150',
  orderType: 'limit',
  timeInForce: 'GTC',
  status: 'working',
  listed: true,
  amount: '15000',
  filledQuantity: '0',
  averagePrice: '0',
  commission: '0',
  submittedAt: START,
  executedAt: null,
  endedAt: null,
  end: null,
  denialCode: null,
  denialClass: null,
  reason: null,
  requestId: null,
  ...over,
});

export const filledRow = (over: Partial<OrderRow> = {}): OrderRow =>
  orderRow({
    status: 'ended',
    end: 'filled',
    filledQuantity: '100',
    executedAt: START + 2_000,
    endedAt: START + 2_000,
    ...over,
  });

export const approvalRow = (over: Partial<ApprovalRow> = {}): ApprovalRow => ({
  id: 'req-1',
  sequence: 1,
  orderId: 'trade-1',
  traderId: 'agent-1',
  userId: 'user-456',
  symbol: 'NVDA',
  side: 'buy',
  quantity: '500',
  price: '500',
  amount: '250000',
  reason: 'Trade amount ($250,000) exceeds autonomous threshold ($50,000)',
  priority: 'high',
  status: 'pending',
  contentHash: 'abc',
  bandLow: '495',
  bandHigh: '505',
  createdAt: START,
  expiresAt: START + 86_400_000,
  decidedBy: null,
  decidedAt: null,
  comment: null,
  ...over,
});

export const haltRow = (over: Partial<HaltRow> = {}): HaltRow => ({
  id: 'stop-1',
  sequence: 1,
  scope: 'system',
  targetId: null,
  reason: 'test',
  triggeredBy: 'user-123',
  createdAt: START,
  status: 'active',
  resolvedBy: null,
  resolvedAt: null,
  resolution: null,
  ...over,
});

/** The view of an order that was just submitted, gone as far as `over` says. */
export const viewOf = ({ ticket }: OrderSubmit, over: Partial<OrderView> = {}): OrderView => ({
  ...ticket,
  status: 'working',
  amount: '15000',
  filledQuantity: '0',
  averagePrice: '0',
  commission: '0',
  submittedAt: START,
  ...over,
});

interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: unknown;
  /** `error.code` of a body of that form. */
  readonly code: unknown;
}

export interface CallOptions {
  readonly as?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly from?: string;
}

export const BODY = { symbol: 'AAPL', side: 'buy', quantity: 100, price: 150, type: 'limit' };
export const DEMO = 'test-bearer-token';

/** An API over a fake house, and callers by role whose `sub` is `user-<role>` unless it is told. */
export class World {
  readonly api: Api;
  readonly tokens: Tokens;

  constructor(readonly house = new FakeHouse()) {
    this.api = mountApi(house);
    this.tokens = new Tokens(house);
  }

  async token(sub: string, ...roles: Role[]): Promise<string> {
    const { token } = await this.tokens.issue({ clientId: sub, secret: '', sub, roles, accounts: ['demo-fx'] });
    return token;
  }

  async call(
    method: string,
    path: string,
    { as = DEMO, body: sent, headers = {}, from }: CallOptions = {},
  ): Promise<Reply> {
    const text = sent === undefined || typeof sent === 'string' ? sent : JSON.stringify(sent);
    const request: RequestInit = {
      method,
      headers: {
        ...(as !== '' && { authorization: `Bearer ${as}` }),
        ...(text !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(text !== undefined && { body: text as string }),
    };
    const env = from === undefined ? undefined : { incoming: { socket: { remoteAddress: from } } };
    const response = await this.api.app.request(path, request, env);
    const answered = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    const body = isJson && answered !== '' ? (JSON.parse(answered) as unknown) : undefined;
    return {
      status: response.status,
      headers: response.headers,
      text: answered,
      body,
      code: (body as { error?: { code?: unknown } } | undefined)?.error?.code,
    };
  }
}
