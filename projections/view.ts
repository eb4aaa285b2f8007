/**
 * What is open or recent, in memory. A turn's records become after-images that only projections see; the ack of their group swaps
 * them into the visible rows, before any answer leaves. Ended rows leave memory, never the table. Visible reads are synchronous.
 */
import type { JournalRecord } from '../runtime/message.ts';
import type { Upsert } from '../runtime/store.ts';
import { projectionsOn } from './all.ts';
import { GroupedRows } from './grouped-rows.ts';
import { clearImages, emptyImages } from './images.ts';
import { isWrittenOnly, type TableView, type WrittenOnly } from './projection.ts';
import type { Condition, Page, Queries } from './queries.ts';
import { listedOrders, RecentOrders } from './recent-orders.ts';
import type {
  AccountRow,
  ApprovalRow,
  HaltRow,
  OrderRow,
  PositionRow,
  RunRow,
  TableName,
  Tables,
  TaskRow,
  TraderRow,
} from './rows.ts';
import { SortedRows } from './sorted-rows.ts';
import { TraderLists, type TradersFilter } from './trader-lists.ts';

type Shown = Exclude<TableName, WrittenOnly>;
const LOAD_ROWS = 10_000;
/** What memory holds of tables beside all traders and the newest usage. */
const KEPT: readonly (readonly [Shown, readonly Condition[]])[] = [
  ['accounts', []],
  ['orders', [{ column: 'end', eq: null }]],
  ['approvals', [{ column: 'status', eq: 'pending' }]],
  ['halts', [{ column: 'status', eq: 'active' }]],
  ['positions', [{ column: 'open', eq: true }]],
  ['tasks', [{ column: 'open', eq: true }]],
  ['runs', [{ column: 'open', eq: true }]],
];

export class ReadView implements TableView {
  private readonly pending = emptyImages();
  private readonly visible = emptyImages();
  private readonly traderLists = new TraderLists();
  private accountList: readonly AccountRow[] | undefined;
  private readonly openByTrader = new GroupedRows<OrderRow>((row) => row.traderId);
  private readonly openByAccount = new GroupedRows<OrderRow>((row) => row.accountId);
  private readonly positionsByAccount = new GroupedRows<PositionRow>((row) => row.accountId);
  private approvals = new SortedRows<ApprovalRow>((row) => row.sequence);
  private halts = new SortedRows<HaltRow>((row) => row.sequence);
  private readonly usageOfTrader = new Map<string, string>();
  private readonly recent: RecentOrders;
  private changed: Upsert[] = [];

  constructor(private readonly queries: Queries) {
    this.recent = new RecentOrders(queries);
  }

  /** For projections: the newest row, uncommitted ones included. */
  get<T extends Shown>(table: T, id: string): Tables[T] | undefined {
    return this.pending[table].get(id) ?? this.visible[table].get(id);
  }

  put<T extends TableName>(table: T, row: Tables[T]): void {
    if (!isWrittenOnly(table)) this.pending[table].set(row.id, row);
    this.changed.push({ table, key: row.id, row });
    if (table === 'orders') this.recent.disturb((row as OrderRow).traderId);
  }

  /** After-images of one record. They ride in the group of the record; nobody outside sees them before `publish`. */
  apply(record: JournalRecord): readonly Upsert[] {
    const projections = projectionsOn.get(record.message.type);
    if (!projections) return [];
    this.changed = [];
    for (const projection of projections) projection.apply(this, record);
    return this.changed;
  }

  /** The group is durable: its rows become visible. */
  publish(upserts: readonly Upsert[]): void {
    for (const { table, key, row } of upserts) {
      const name = table as TableName;
      if (isWrittenOnly(name)) continue;
      const pending: Map<string, unknown> = this.pending[name];
      if (pending.get(key) === row) pending.delete(key);
      this.settle(name, row as Tables[typeof name]);
    }
  }

  /** A commit failed: what was not published never happened. */
  discard(): void {
    clearImages(this.pending);
  }

  /** Reads what is open, and all traders; never what has ended. Until all of it is here, readers see what was durable before. */
  async load(): Promise<void> {
    const traders = await this.readAll('traders', []);
    const kept: { readonly table: Shown; readonly rows: readonly Tables[Shown][] }[] = [];
    for (const [table, where] of KEPT) kept.push({ table, rows: await this.readAll(table, where) });
    const newest = await this.queries.list('usage', {
      where: [],
      orderBy: [{ column: 'hour', direction: 'desc' }],
      limit: 1,
      offset: 0,
    });
    const hour = newest.rows[0]?.hour;
    const usage = hour === undefined ? [] : await this.readAll('usage', [{ column: 'hour', eq: hour }]);
    this.reset();
    for (const row of traders) this.placeTrader(row);
    for (const { table, rows } of kept) for (const row of rows) this.settle(table, row);
    for (const row of usage) this.settle('usage', row);
  }

  trader(id: string): TraderRow | undefined {
    return this.visible.traders.get(id);
  }

  traders(filter: TradersFilter): Page<TraderRow> {
    return this.traderLists.page(filter);
  }

  /** An order that is open, or among the recent ones in memory. */
  order(id: string): OrderRow | undefined {
    return this.visible.orders.get(id);
  }

  async findOrder(id: string): Promise<OrderRow | undefined> {
    return this.order(id) ?? this.queries.get('orders', id);
  }

  openOrders(traderId: string): readonly OrderRow[] {
    return this.openByTrader.of(traderId);
  }

  openOrdersOfAccount(accountId: string): readonly OrderRow[] {
    return this.openByAccount.of(accountId);
  }

  allOpenOrders(): readonly OrderRow[] {
    return this.openByTrader.all();
  }

  /** In the order in which they were opened; sorted when somebody asks, because a start brings very many. */
  accounts(): readonly AccountRow[] {
    this.accountList ??= [...this.visible.accounts.values()].sort((a, b) => a.sequence - b.sequence);
    return this.accountList;
  }

  /** Open ones only. */
  positionsOfAccount(accountId: string): readonly PositionRow[] {
    return this.positionsByAccount.of(accountId);
  }

  /** A page of a trader's listed orders, newest first, if memory has it. */
  recentOrders(traderId: string, offset: number, limit: number): Page<OrderRow> | undefined {
    return this.recent.page(traderId, offset, limit);
  }

  /** The same, from memory or else from the table; the first request brings the newest into memory. */
  async ordersOf(traderId: string, offset: number, limit: number): Promise<Page<OrderRow>> {
    const known = this.recent.page(traderId, offset, limit);
    if (known) return known;
    const loaded = await this.recent.load(traderId, !this.isUnderWay(traderId));
    if (loaded) {
      for (const row of loaded.kept) this.visible.orders.set(row.id, row);
      this.forget(loaded.left);
    }
    return (
      this.recent.page(traderId, offset, limit) ?? this.queries.list('orders', listedOrders(traderId, offset, limit))
    );
  }

  approval(id: string): ApprovalRow | undefined {
    return this.visible.approvals.get(id);
  }

  async findApproval(id: string): Promise<ApprovalRow | undefined> {
    return this.approval(id) ?? this.queries.get('approvals', id);
  }

  /** Newest first. */
  pendingApprovals(offset: number, limit: number): Page<ApprovalRow> {
    return { rows: this.approvals.page(offset, limit), total: this.approvals.size };
  }

  halt(id: string): HaltRow | undefined {
    return this.visible.halts.get(id);
  }

  async findHalt(id: string): Promise<HaltRow | undefined> {
    return this.halt(id) ?? this.queries.get('halts', id);
  }

  /** Newest first. */
  activeHalts(): readonly HaltRow[] {
    return this.halts.page(0, this.halts.size);
  }

  /** The task, by its number as text. */
  async findTask(id: string): Promise<TaskRow | undefined> {
    return this.visible.tasks.get(id) ?? this.queries.get('tasks', id);
  }

  async findRun(id: string): Promise<RunRow | undefined> {
    return this.visible.runs.get(id) ?? this.queries.get('runs', id);
  }

  openRuns(): readonly RunRow[] {
    return [...this.visible.runs.values()];
  }

  private settle<T extends Shown>(table: T, row: Tables[T]): void {
    const settle: (row: Tables[T]) => void = this.settlers[table];
    settle(row);
  }

  private readonly settlers: { readonly [T in Shown]: (row: Tables[T]) => void } = {
    traders: (row) => {
      if (!this.visible.traders.has(row.id)) this.forget(this.recent.born(row.id));
      this.placeTrader(row);
    },
    orders: (row) => this.settleOrder(row),
    approvals: (row) => {
      const isPending = row.status === 'pending';
      this.keep('approvals', row, isPending);
      this.approvals[isPending ? 'put' : 'delete'](row);
    },
    halts: (row) => {
      const isActive = row.status === 'active';
      this.keep('halts', row, isActive);
      this.halts[isActive ? 'put' : 'delete'](row);
    },
    accounts: (row) => {
      this.visible.accounts.set(row.id, row);
      this.accountList = undefined;
    },
    positions: (row) => {
      this.keep('positions', row, row.open);
      this.positionsByAccount[row.open ? 'put' : 'delete'](row);
    },
    usage: (row) => {
      const previous = this.usageOfTrader.get(row.traderId);
      if (previous !== undefined && previous !== row.id) this.visible.usage.delete(previous);
      this.usageOfTrader.set(row.traderId, row.id);
      this.visible.usage.set(row.id, row);
    },
    tasks: (row) => this.keep('tasks', row, row.open),
    runs: (row) => this.keep('runs', row, row.open),
  };

  private settleOrder(row: OrderRow): void {
    const isNew = row.listed && this.visible.orders.get(row.id)?.listed !== true;
    const left = this.recent.put(row, isNew);
    for (const open of [this.openByTrader, this.openByAccount]) open[row.end === null ? 'put' : 'delete'](row);
    this.keep('orders', row, row.end === null || this.recent.has(row));
    if (left) this.forget([left]);
  }

  private placeTrader(row: TraderRow): void {
    this.visible.traders.set(row.id, row);
    this.traderLists.put(row);
  }

  private keep<T extends TableName>(table: T, row: Tables[T], isKept: boolean): void {
    const visible: Map<string, Tables[T]> = this.visible[table];
    if (isKept) visible.set(row.id, row);
    else visible.delete(row.id);
  }

  /** Rows that left a list of recent orders stay only while they are open. */
  private forget(rows: readonly OrderRow[]): void {
    for (const { id } of rows) if (this.visible.orders.get(id)?.end !== null) this.visible.orders.delete(id);
  }

  private isUnderWay(traderId: string): boolean {
    for (const row of this.pending.orders.values()) if (row.traderId === traderId) return true;
    return false;
  }

  private async readAll<T extends TableName>(table: T, where: readonly Condition[]): Promise<Tables[T][]> {
    const all: Tables[T][] = [];
    for (let offset = 0; ; offset += LOAD_ROWS) {
      const { rows } = await this.queries.list(table, { where, orderBy: [], limit: LOAD_ROWS, offset });
      for (const row of rows) all.push(row);
      if (rows.length < LOAD_ROWS) return all;
    }
  }

  private reset(): void {
    clearImages(this.pending);
    clearImages(this.visible);
    this.traderLists.clear();
    this.accountList = undefined;
    for (const grouped of [this.openByTrader, this.openByAccount, this.positionsByAccount]) grouped.clear();
    this.approvals = new SortedRows((row) => row.sequence);
    this.halts = new SortedRows((row) => row.sequence);
    this.usageOfTrader.clear();
    this.recent.clear();
  }
}
