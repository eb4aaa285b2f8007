/** A house for tests of the API: reads answer from rows put there by the test, asks from a script, time stands until it is moved. */
import type { Quote } from '../../messages/market.ts';
import type { Page } from '../../projections/queries.ts';
import type { AccountRow, ApprovalRow, HaltRow, OrderRow, PositionRow, TraderRow } from '../../projections/rows.ts';
import type { Upkeep } from '../../projections/upkeep.ts';
import type { JournalRecord, Message } from '../../runtime/message.ts';
import type { Log } from '../../runtime/ports.ts';
import { SimulatedClock } from '../../runtime/simulated/clock.ts';
import { seededIds, seededRandom } from '../../runtime/simulated/random.ts';
import type {
  AgentState,
  ApiSettings,
  AskOptions,
  House,
  HouseHealth,
  OrdersCount,
  OrdersFilter,
  Paging,
  ReadModel,
  RequestSample,
} from '../kit/house.ts';
import { FakeRuns } from './fake-runs.ts';

export const START = Date.UTC(2026, 10, 2, 12);

export const SETTINGS: ApiSettings = {
  profile: 'development',
  signingKeys: [{ kid: 'k1', secret: 'a-signing-key-of-at-least-32-bytes!!' }],
  clients: [
    {
      clientId: 'trader-client',
      secret: 'trader-client-secret',
      sub: 'user-456',
      roles: ['trader'],
      accounts: ['demo-fx'],
    },
    { clientId: 'viewer-client', secret: 'viewer-client-secret', sub: 'user-789', roles: ['viewer'], accounts: [] },
    {
      clientId: 'supervisor-client',
      secret: 'supervisor-client-secret',
      sub: 'supervisor-789',
      roles: ['supervisor'],
      accounts: ['*'],
    },
  ],
  issuer: 'pitwall',
  audience: 'pitwall-api',
  tokenTtlS: 3_600,
  rateLimits: true,
  corsOrigins: [],
  trustProxy: false,
  fourEyes: false,
  version: '0.1.0',
};

type Answer = (message: never, options: AskOptions) => Message | Promise<Message>;

/** Rows are put in in the order in which they came to be. */
function pageOf<Row>(rows: readonly Row[], { page, limit }: Paging): Page<Row> {
  const newestFirst = rows.toReversed();
  return { rows: newestFirst.slice((page - 1) * limit, page * limit), total: rows.length };
}

const has = <T>(wanted: readonly T[] | undefined, value: T): boolean => wanted === undefined || wanted.includes(value);
const is = <T>(wanted: T | undefined, value: T): boolean => wanted === undefined || wanted === value;

function matches(row: OrderRow, { traderId, status, end, symbol, from, to }: OrdersFilter): boolean {
  const inTime = row.submittedAt >= (from ?? 0) && row.submittedAt < (to ?? Number.POSITIVE_INFINITY);
  return (
    row.listed &&
    row.traderId === traderId &&
    has(status, row.status) &&
    has<string | null>(end, row.end) &&
    is(symbol, row.symbol) &&
    inTime
  );
}

export class FakeHouse implements House {
  readonly clock = new SimulatedClock(START);
  readonly ids = seededIds(seededRandom('api'), () => this.clock.wallNow());
  readonly settings: ApiSettings;
  readonly accounts: AccountRow[] = [];
  readonly positions: PositionRow[] = [];
  readonly traders = new Map<string, TraderRow>();
  readonly orders = new Map<string, OrderRow>();
  readonly approvals = new Map<string, ApprovalRow>();
  readonly haltRows = new Map<string, HaltRow>();
  readonly quotes = new Map<string, Quote>();
  readonly runs = new FakeRuns();
  readonly asked: Message[] = [];
  readonly told: Message[] = [];
  readonly samples: RequestSample[] = [];
  /** Warnings and errors. */
  readonly logged: string[] = [];
  /** Logged as information. */
  readonly noted: string[] = [];
  readonly listeners = new Set<(record: JournalRecord) => void>();
  readonly runListeners = new Set<(executionId: number) => void>();
  readonly revisited: string[] = [];
  agentStates: readonly AgentState[] = [
    { address: 'orders', status: 'running', mailbox: 0, facts: 0, entities: 3, turns: 70, restarts: 0 },
    { address: 'portfolio', status: 'down', mailbox: 2, facts: 5, entities: 1, turns: 40, restarts: 2 },
  ];
  autonomy = { orderValueMax: '50000', dailyVolumeMax: 500_000 };
  upkeep: Upkeep | undefined;
  series: House['series'];
  tickDesk: House['tickDesk'];
  counts: readonly OrdersCount[] = [];
  present: 'starting' | 'ready' | 'stopping' = 'ready';
  wellbeing: HouseHealth = {
    uptimeS: 12,
    modelsLoaded: true,
    providers: [{ name: 'simulated', serves: 'prices', state: 'healthy', simulated: true }],
    dependencies: { database: 'healthy', messageBroker: 'healthy', externalApis: 'healthy' },
  };
  private readonly script = new Map<string, Answer>();
  private readonly underWay = new Set<Promise<unknown>>();

  constructor(settings: Partial<ApiSettings> = {}) {
    this.settings = { ...SETTINGS, ...settings };
  }

  /** From now on asks of this type are answered so. */
  on<M extends Message>(
    type: M['type'],
    answer: (message: M, options: AskOptions) => Message | Promise<Message>,
  ): this {
    this.script.set(type, answer as Answer);
    return this;
  }

  async ask<R extends Message>(message: Message, options: AskOptions): Promise<R> {
    this.asked.push(message);
    const answer = this.script.get(message.type);
    if (!answer) throw new Error(`nobody answers ${message.type}`);
    return (await answer(message as never, options)) as R;
  }

  tell(message: Message): void {
    this.told.push(message);
  }

  readonly read: ReadModel = {
    accounts: () => this.accounts,
    positions: (accountId) => this.positions.filter((row) => row.accountId === accountId),
    openOrders: (accountId) =>
      [...this.orders.values()].filter((row) => row.accountId === accountId && row.end === null),
    trader: (id) => this.traders.get(id),
    traders: async ({ userId, status }, paging) =>
      pageOf(
        [...this.traders.values()].filter((row) => is(userId, row.userId) && has(status, row.status)),
        paging,
      ),
    order: async (id) => this.orders.get(id),
    orders: async (filter, paging) =>
      pageOf(
        [...this.orders.values()].filter((row) => matches(row, filter)),
        paging,
      ),
    approval: async (id) => this.approvals.get(id),
    approvals: async ({ userId, traderId, status }, paging) => {
      const rows = [...this.approvals.values()];
      const wanted = (row: ApprovalRow) =>
        is(userId, row.userId) && is(traderId, row.traderId) && has(status, row.status);
      return pageOf(rows.filter(wanted), paging);
    },
    halt: async (id) => this.haltRows.get(id),
    halts: async ({ status }) => [...this.haltRows.values()].filter((row) => is(status, row.status)),
    usage: async () => ({ apiCalls: 300, computeMs: 1_000 }),
    fillsSummary: async () => ({ volume: '125000.5', fees: '125' }),
    ordersSummary: async () => this.counts,
    runs: this.runs,
  };

  readonly log: Log = {
    debug: () => undefined,
    info: (event) => this.noted.push(event),
    warn: (event) => this.logged.push(event),
    error: (event) => this.logged.push(event),
  };

  readonly metrics = {
    text: async () => 'pitwall_up 1\n',
    observe: (sample: RequestSample) => void this.samples.push(sample),
  };

  latestQuote = (symbol: string): Quote | undefined => this.quotes.get(symbol);
  dailyOpen = (): number | undefined => 2_345;
  symbols = (): readonly string[] => ['XAUUSD', 'EURUSD', 'BTCUSD', 'AAPL'];
  agents = () => this.agentStates;
  deadLetters = (): ReadonlyMap<string, number> => new Map([['order.get stopped', 2]]);
  revisit = (agent: string, how: 'retry' | 'skip', by: string): boolean => {
    this.revisited.push(`${by}: ${how} ${agent}`);
    return this.agentStates.some(({ address, status }) => address === agent && status === 'down');
  };
  components = (): readonly string[] => ['orders', 'risk'];
  state = (): 'starting' | 'ready' | 'stopping' => this.present;
  health = (): HouseHealth => this.wellbeing;

  track<T>(promise: Promise<T>): Promise<T> {
    this.underWay.add(promise);
    return promise;
  }

  /** Waits until nothing is under way in other threads, and what waited for it has run. */
  async settled(): Promise<void> {
    while (this.underWay.size > 0) {
      const waited = [...this.underWay];
      await Promise.allSettled(waited);
      for (const promise of waited) this.underWay.delete(promise);
    }
    for (let n = 0; n < 50; n += 1) await Promise.resolve();
  }

  onCommitted(listener: (record: JournalRecord) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  onRunNews(listener: (executionId: number) => void): () => void {
    this.runListeners.add(listener);
    return () => this.runListeners.delete(listener);
  }

  /** A run has put out what the test has put into its lines. */
  runNews(executionId: number): void {
    for (const listener of this.runListeners) listener(executionId);
  }

  /** A fact has become durable. */
  commit(message: Message): void {
    const record: JournalRecord = {
      sequence: 1,
      epoch: 1,
      recordedAt: this.clock.wallNow(),
      message,
      source: 'test',
      causationId: 0,
      correlationId: 'test',
      principal: 'test',
      version: 1,
      hash: '',
    };
    for (const listener of this.listeners) listener(record);
  }

  advance(ms: number): void {
    const until = this.clock.wallNow() + ms;
    while (this.clock.step(until));
  }
}
