/**
 * Tradovate's side of a trade, for tests: its entities (orders, versions, commands, fills, reports, positions) over the paper venue's
 * matching. Each change is told as `props`. Quotes come from outside; everything is invented.
 */

import type { VenueReport } from '../../../agents/venue.ts';
import { findInstrument, multiplierOf } from '../../../domain/instrument.ts';
import { applyFill, FLAT, type Position } from '../../../domain/position.ts';
import type { Quote } from '../../../messages/market.ts';
import { SimulatedClock } from '../../../runtime/simulated/clock.ts';
import { seededRandom } from '../../../runtime/simulated/random.ts';
import { memoryBook } from '../../paper/book.ts';
import { openPaperVenue } from '../../paper/venue.ts';

export interface Entity {
  readonly id: number;
  readonly [field: string]: unknown;
}
export type EntityType =
  | 'account'
  | 'contract'
  | 'order'
  | 'orderVersion'
  | 'command'
  | 'commandReport'
  | 'executionReport'
  | 'fill'
  | 'fillFee'
  | 'cashBalance'
  | 'position';
export interface Props {
  readonly entityType: EntityType;
  readonly eventType: 'Created' | 'Updated';
  readonly entity: Entity;
}
export type PlaceBody = {
  readonly accountId: number;
  readonly accountSpec: string;
  readonly clOrdId?: string;
  readonly action: 'Buy' | 'Sell';
  readonly symbol: string;
  readonly orderQty: number;
  readonly orderType: 'Market' | 'Limit' | 'Stop';
  readonly price?: number;
  readonly stopPrice?: number;
  readonly timeInForce?: 'Day' | 'GTC' | 'IOC';
  readonly isAutomated: boolean;
};

const TIMES = { Day: 'DAY', GTC: 'GTC', IOC: 'IOC' } as const;
const STATUS = {
  accepted: 'Working',
  filled: 'Filled',
  canceled: 'Canceled',
  expired: 'Expired',
  rejected: 'Rejected',
} as const;
const USD = 1;
/** What an account begins with. */
const DEPOSIT = 50_000;
const PATIENT = new AbortController().signal;

export class Exchange {
  readonly entities = new Map<EntityType, Map<number, Entity>>();
  /** Told as they happen; a test may keep them back. */
  onProps: (props: Props) => void = () => {};
  /** What a contract costs a side; null: fees are not settled yet. */
  fees: Readonly<Record<string, number>> | null = { clearingFee: 0 };
  /** The next order is taken, and rejected at its execution with this reason. */
  rejectNext: string | undefined;
  private nextId = 1_000;
  private readonly positions = new Map<string, Position>();
  private readonly paper = openPaperVenue({
    book: memoryBook(),
    clock: new SimulatedClock(Date.UTC(2026, 0, 5, 12)),
    matching: { slippageTicks: 0, commissionBps: '0', partialFillRatio: 0, random: seededRandom('tradovate') },
  });

  constructor(accounts: readonly string[]) {
    for (const name of accounts) this.addAccount(name);
    this.paper.onReport((report) => this.follow(Number(report.orderId), report));
  }

  addAccount(name: string, amount = DEPOSIT): Entity {
    const account = this.put('account', { name, active: true });
    this.put('cashBalance', { accountId: account.id, currencyId: USD, amount }, account.id);
    return account;
  }

  /** A transfer, a fee that no fill brought about, or what a fill has realised. */
  pay(accountId: number, change: number): void {
    const amount = Number(this.get('cashBalance', accountId)?.amount) + change;
    this.put('cashBalance', { accountId, currencyId: USD, amount }, accountId);
  }

  all(type: EntityType): Entity[] {
    return [...(this.entities.get(type)?.values() ?? [])];
  }

  get(type: EntityType, id: number): Entity | undefined {
    return this.entities.get(type)?.get(id);
  }

  async quote(quote: Quote): Promise<void> {
    await this.paper.onQuote(quote);
  }

  /** An order of somebody else has no clOrdId. */
  async place(body: PlaceBody): Promise<Readonly<Record<string, unknown>>> {
    const account = this.get('account', body.accountId);
    if (account?.name !== body.accountSpec) return { failureReason: 'UnknownReason', failureText: 'unknown account' };
    if (!body.isAutomated && body.clOrdId)
      return { failureReason: 'Unauthorized', failureText: 'isAutomated is missing' };
    const instrument = findInstrument(body.symbol);
    if (!instrument) return { failureReason: 'InvalidContract', failureText: `no contract ${body.symbol}` };
    const orderId = this.newId();
    const report = await this.paper.submit(
      {
        ...{ clientOrderId: String(orderId), accountId: account.name, symbol: body.symbol },
        ...{
          side: body.action === 'Buy' ? 'buy' : 'sell',
          quantity: String(body.orderQty),
          price: String(body.price ?? 1),
        },
        ...{ orderType: body.orderType.toLowerCase() as 'market', timeInForce: TIMES[body.timeInForce ?? 'Day'] },
        ...(body.stopPrice !== undefined && { stopPrice: String(body.stopPrice) }),
      },
      PATIENT,
    );
    if (report.status === 'rejected') return { failureReason: 'NoQuote', failureText: report.reason };
    this.open(orderId, body);
    if (this.rejectNext !== undefined) this.reject(orderId, this.rejectNext);
    else this.follow(orderId, report);
    return { orderId };
  }

  async cancel(orderId: number): Promise<Readonly<Record<string, unknown>>> {
    const order = this.get('order', orderId);
    if (!order) return { failureReason: 'UnknownReason', failureText: 'unknown order' };
    if (order.ordStatus !== 'Working')
      return { failureReason: 'TooLate', failureText: `the order is ${order.ordStatus}` };
    const command = this.put('command', { orderId, commandType: 'Cancel', commandStatus: 'AtExecution' });
    this.follow(orderId, await this.paper.cancel(String(orderId), PATIENT));
    return { commandId: command.id };
  }

  private open(orderId: number, body: PlaceBody): void {
    const { accountId, action, clOrdId, orderQty, orderType, price, stopPrice, symbol } = body;
    const contractId = this.contractId(symbol);
    const isOurs = clOrdId !== undefined && { clOrdId };
    this.put('order', { accountId, contractId, action, ordStatus: 'PendingNew', admin: false }, orderId);
    this.put('command', { orderId, commandType: 'New', commandStatus: 'AtExecution', isAutomated: true, ...isOurs });
    this.put('orderVersion', { orderId, orderQty, orderType, ...{ price, stopPrice } });
  }

  private reject(orderId: number, reason: string): void {
    this.rejectNext = undefined;
    void this.paper.cancel(String(orderId), PATIENT);
    this.put('executionReport', {
      orderId,
      ordStatus: 'Rejected',
      execType: 'Rejected',
      rejectReason: reason,
      text: 'by the test',
    });
    this.put('order', { ...this.get('order', orderId), ordStatus: 'Rejected' }, orderId);
  }

  /** Makes what matching says of an order into entities. */
  private follow(orderId: number, { status, fills }: VenueReport): void {
    const order = this.get('order', orderId);
    if (!order || !(status in STATUS)) return;
    const known = this.all('fill').filter((fill) => fill.orderId === orderId).length;
    for (const { quantity, price } of fills.slice(known)) this.fill(order, Number(quantity), Number(price));
    const ordStatus = STATUS[status as keyof typeof STATUS];
    if (order.ordStatus !== ordStatus) this.put('order', { ...order, ordStatus }, orderId);
  }

  fill(order: Entity, qty: number, price: number): void {
    const { id: orderId, contractId, accountId, action } = order;
    const fill = this.put('fill', { orderId, contractId, action, qty, price, active: true, finallyPaired: 0 });
    if (this.fees) this.settleFees(fill.id, qty, this.fees);
    const key = `${accountId} ${contractId}`;
    const side = action === 'Buy' ? 'buy' : 'sell';
    const before = this.positions.get(key) ?? FLAT;
    const position = applyFill(before, { side, quantity: String(qty), price: String(price) });
    const name = this.get('contract', Number(contractId))?.name;
    const points = Number(position.realizedPnl) - Number(before.realizedPnl);
    this.pay(Number(accountId), points * Number(multiplierOf(String(name))));
    this.positions.set(key, position);
    const known = this.all('position').find((one) => one.accountId === accountId && one.contractId === contractId);
    const numbers = { netPos: Number(position.quantity), netPrice: Number(position.averagePrice) };
    this.put('position', { accountId, contractId, ...numbers }, known?.id);
  }

  /** A fee has its fill's id, and does not name it otherwise. */
  settleFees(fillId: number, qty: number, fees: Readonly<Record<string, number>>): void {
    const amounts = Object.entries(fees).map(([name, amount]) => [name, amount * qty] as const);
    this.put('fillFee', Object.fromEntries(amounts), fillId);
    const order = this.get('order', Number(this.get('fill', fillId)?.orderId));
    this.pay(Number(order?.accountId), -amounts.reduce((sum, [, amount]) => sum + amount, 0));
  }

  private contractId(name: string): number {
    const known = this.all('contract').find((contract) => contract.name === name);
    return (known ?? this.put('contract', { name, contractMaturityId: 1 })).id;
  }

  private newId(): number {
    this.nextId += 1;
    return this.nextId;
  }

  private put(entityType: EntityType, fields: Readonly<Record<string, unknown>>, id = this.newId()): Entity {
    const known = this.entities.get(entityType) ?? new Map<number, Entity>();
    this.entities.set(entityType, known);
    const eventType = known.has(id) ? 'Updated' : 'Created';
    const entity: Entity = { ...fields, id };
    known.set(id, entity);
    this.onProps({ entityType, eventType, entity });
    return entity;
  }
}
