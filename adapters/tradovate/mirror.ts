/**
 * What is known of the user's orders, from whatever told it: the socket's synchronisation and events, or answers over REST, in any
 * order and any number of times. Invariants: an ended order stays ended, a fill counts once by its id; ended ones leave beyond a bound.
 */
import {
  type TvCommand,
  type TvFill,
  type TvOrder,
  type TvOrderVersion,
  type TvSync,
  tvCommand,
  tvContract,
  tvFill,
  tvOrder,
  tvOrderVersion,
} from './wire.ts';

export interface OrderFacts {
  readonly orderId: number;
  clOrdId?: string;
  order?: TvOrder;
  /** The newest version by id: quantity and prices. */
  version?: TvOrderVersion;
  readonly fills: Map<number, TvFill>;
  /** What each fill cost, as decimal text, by its id. A fill without an entry is not told yet. */
  readonly fees: Map<number, string>;
  /** Read over REST after its end: all of its fills are here. */
  isComplete?: true;
  /** Why it was rejected. */
  reason?: string;
}

const ENDED = new Set(['Canceled', 'Completed', 'Expired', 'Filled', 'Rejected']);
export const hasEnded = ({ order }: Pick<OrderFacts, 'order'>): boolean =>
  order !== undefined && ENDED.has(order.ordStatus);

const ORDERS_MAX = 20_000;

export class Mirror {
  readonly contracts = new Map<number, string>();
  private readonly orders = new Map<number, OrderFacts>();
  private readonly byClientId = new Map<string, number>();
  private readonly listeners = new Set<(orderId: number) => void>();

  find(orderId: number): OrderFacts | undefined {
    return this.orders.get(orderId);
  }

  idOf(clOrdId: string): number | undefined {
    return this.byClientId.get(clOrdId);
  }

  /** All of them, for the baseline after a synchronisation. */
  all(): Iterable<OrderFacts> {
    return this.orders.values();
  }

  onChange(listener: (orderId: number) => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  sync({ contracts, orders, orderVersions, commands, fills }: TvSync): void {
    for (const { id, name } of contracts ?? []) this.contracts.set(id, name);
    for (const command of commands ?? []) this.takeCommand(command);
    for (const order of orders ?? []) this.takeOrder(order);
    for (const version of orderVersions ?? []) this.takeVersion(version);
    for (const fill of fills ?? []) this.takeFill(fill);
  }

  /** An event of the socket. Throws a ZodError for an entity that can't be read. */
  takeEntity(entityType: string, entity: unknown): void {
    if (entityType === 'order') this.takeOrder(tvOrder.parse(entity));
    else if (entityType === 'orderVersion') this.takeVersion(tvOrderVersion.parse(entity));
    else if (entityType === 'command') this.takeCommand(tvCommand.parse(entity));
    else if (entityType === 'fill') this.takeFill(tvFill.parse(entity));
    else if (entityType === 'contract') {
      const { id, name } = tvContract.parse(entity);
      this.contracts.set(id, name);
    }
  }

  takeOrder(order: TvOrder): void {
    const facts = this.factsOf(order.id);
    if (hasEnded(facts)) return;
    facts.order = order;
    this.tell(order.id);
  }

  takeVersion(version: TvOrderVersion): void {
    const facts = this.factsOf(version.orderId);
    if (facts.version && facts.version.id > version.id) return;
    facts.version = version;
    this.tell(version.orderId);
  }

  takeCommand({ orderId, commandType, clOrdId }: TvCommand): void {
    if (commandType === 'New' && clOrdId) this.link(orderId, clOrdId);
  }

  takeFill(fill: TvFill): void {
    // A fill that was taken back can't be untold: reconciliation sees the position.
    if (fill.active === false) return;
    const { fills } = this.factsOf(fill.orderId);
    if (fills.has(fill.id)) return;
    fills.set(fill.id, fill);
    this.tell(fill.orderId);
  }

  /** The first word about a fill's fees stays: whoever has heard of the fill has booked them. */
  takeFees(orderId: number, fillId: number, fees: string): void {
    const known = this.orders.get(orderId);
    if (!known || known.fees.has(fillId)) return;
    known.fees.set(fillId, fees);
    this.tell(orderId);
  }

  /** The order has this client order id. */
  link(orderId: number, clOrdId: string): void {
    const facts = this.factsOf(orderId);
    if (facts.clOrdId !== undefined) return;
    facts.clOrdId = clOrdId;
    this.byClientId.set(clOrdId, orderId);
    this.tell(orderId);
  }

  private factsOf(orderId: number): OrderFacts {
    const known = this.orders.get(orderId);
    if (known) return known;
    const facts: OrderFacts = { orderId, fills: new Map(), fees: new Map() };
    this.orders.set(orderId, facts);
    if (this.orders.size > ORDERS_MAX) this.forgetOne();
    return facts;
  }

  private forgetOne(): void {
    for (const facts of this.orders.values()) {
      if (!hasEnded(facts)) continue;
      this.orders.delete(facts.orderId);
      if (facts.clOrdId !== undefined) this.byClientId.delete(facts.clOrdId);
      return;
    }
  }

  private tell(orderId: number): void {
    for (const listener of [...this.listeners]) listener(orderId);
  }
}
