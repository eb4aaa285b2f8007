/**
 * I7. What an account holds and what works for it stay within the limits whenever an order is cleared: gross exposure, position, size and value of
 * the order, the trader's own maximum. An exit is no larger than what it closes; what passes as a reduction turns no position. A gate decides
 * somewhere between the submission and the record of its yes: what changed meanwhile on its own (limits, fills dearer than counted, late) excuses.
 */
import { type Exact, exact, text } from '../../domain/decimal.ts';
import { findInstrument } from '../../domain/instrument.ts';
import type { OrderTicket } from '../../messages/common.ts';
import type { TradingLimits } from '../../messages/limits.ts';
import type { OrderFilled, OrderHeld, OrderIntended } from '../../messages/order.ts';
import type { CheckedRecord, CheckedSettings, Checker, Report } from './checker.ts';
import { multiplierOf, ZERO } from './folds/accounts.ts';
import { Again } from './folds/again.ts';
import { countedPrice, SymbolBook } from './folds/exposure.ts';
import { factOf } from './folds/facts.ts';
import { Folds } from './folds/folds.ts';

interface Account {
  readonly books: Map<string, SymbolBook>;
  /** The sum of the books' values. */
  gross: Exact;
  /** Largest position of the trader's own choice. */
  sizeMax: number | undefined;
  /** The last fill that cost more than it was counted with, and the last that moved a position without being counted as exit. */
  dearer: number;
  moved: number;
}

interface Order {
  readonly ticket: OrderTicket;
  /** No gate has decided before this record. */
  since: number;
  intended: boolean;
}

class ExposureWithinLimits implements Checker {
  readonly name = 'I7 exposure within limits';
  readonly takes = [
    'limits.changed',
    'trader.created',
    'order.submitted',
    'approval.decided',
    'order.held',
    'order.intended',
    'order.filled',
    'order.ended',
  ] as const;
  readonly folds;
  private readonly holdings;
  private readonly accounts = new Map<string, Account>();
  private readonly orders = new Map<string, Order>();
  private readonly again = new Again();
  /** Limits and the record since which they are in force, newest last. */
  private readonly limits: { readonly since: number; readonly limits: TradingLimits | undefined }[];

  constructor(settings: CheckedSettings, { accounts }: Folds) {
    this.holdings = accounts;
    this.folds = [accounts];
    this.limits = [{ since: 0, limits: settings.limits }];
  }

  onRecord(record: CheckedRecord, report: Report) {
    this.take(record, report);
    const again = this.again.begins(factOf(record));
    const order = again && this.orders.get(again.orderId);
    if (!order) return;
    // The gates are asked again, at a new price: until they have answered nobody can tell with what it counts.
    order.since = record.sequence;
    this.uncount(order.ticket);
  }

  private take(record: CheckedRecord, report: Report) {
    const { sequence } = record;
    const fact = factOf(record);
    switch (fact.type) {
      case 'limits.changed':
        this.limits.push({ since: sequence, limits: fact.limits });
        return;
      case 'trader.created':
        this.account(fact.accountId).sizeMax = fact.config.maxPositionSize;
        return;
      case 'order.submitted':
        this.orders.set(fact.ticket.orderId, { ticket: fact.ticket, since: sequence, intended: false });
        return;
      case 'order.held':
      case 'order.intended':
        return this.clear(fact, report);
      case 'order.filled':
        return this.fill(fact, record);
      case 'order.ended':
        this.close(fact.orderId);
    }
  }

  private account(accountId: string): Account {
    let account = this.accounts.get(accountId);
    if (!account) {
      account = { books: new Map(), gross: ZERO, sizeMax: undefined, dearer: 0, moved: 0 };
      this.accounts.set(accountId, account);
    }
    return account;
  }

  private book({ accountId, symbol }: Pick<OrderTicket, 'accountId' | 'symbol'>): SymbolBook {
    const { books } = this.account(accountId);
    let book = books.get(symbol);
    if (!book) {
      book = new SymbolBook(symbol);
      books.set(symbol, book);
    }
    return book;
  }

  private uncount(ticket: OrderTicket) {
    if (this.book(ticket).orders.delete(ticket.orderId)) this.revalue(ticket);
  }

  private close(orderId: string) {
    const order = this.orders.get(orderId);
    if (order) this.uncount(order.ticket);
    this.orders.delete(orderId);
  }

  private clear(fact: OrderHeld | OrderIntended, report: Report) {
    const { orderId, symbol, side, quantity, exit } = fact.ticket;
    const order = this.orders.get(orderId);
    const reserved = fact.gates.find(({ gate, allowed }) => gate === 'risk' && allowed)?.reserved;
    // What comes without a yes is the finding of another checker; a second hand-over has no second decision.
    if (!order || reserved === undefined || order.intended) return;
    order.intended = fact.type === 'order.intended';
    const price = countedPrice(reserved, quantity, symbol);
    const book = this.book(fact.ticket);
    this.uncount(fact.ticket);
    const grossBefore = this.account(fact.ticket.accountId).gross;
    book.orders.set(orderId, { side, exit, price, leaves: exact(quantity) });
    this.revalue(fact.ticket);
    const tell: Report = (what) => report(`order ${orderId} was cleared: ${what}`);
    if (fact.gates.some(({ gate, reduces }) => gate === 'risk' && reduces)) this.checkReduction(order, book, tell);
    if (exit) this.checkExit(order, book, tell);
    else this.checkLimits(order, exact(reserved), grossBefore, tell);
  }

  /** Something of this account and symbol has changed. */
  private revalue({ accountId, symbol }: Pick<OrderTicket, 'accountId' | 'symbol'>) {
    const account = this.account(accountId);
    const move = this.book({ accountId, symbol }).valueMove(this.holdings.holding(accountId, symbol));
    account.gross = account.gross.plus(move);
  }

  private checkExit({ ticket, since }: Order, book: SymbolBook, tell: Report) {
    const { accountId, symbol, side } = ticket;
    if (this.account(accountId).moved > since) return;
    const exits = book.leaves(side, (order) => order.exit);
    const quantity = this.heldBy(ticket);
    if (exits.greaterThan(closable(quantity, side)))
      tell(`exits of ${text(exits)} ${symbol} close a position of ${text(quantity)}`);
  }

  private checkReduction({ ticket, since }: Order, book: SymbolBook, tell: Report) {
    const { accountId, symbol, side } = ticket;
    if (this.account(accountId).moved > since) return;
    const working = book.leaves(side);
    const quantity = this.heldBy(ticket);
    if (working.greaterThan(closable(quantity, side)))
      tell(`as if it reduced, and orders to ${side} ${text(working)} ${symbol} meet a position of ${text(quantity)}`);
  }

  private heldBy({ accountId, symbol }: OrderTicket): Exact {
    return this.holdings.holding(accountId, symbol)?.quantity ?? ZERO;
  }

  private checkLimits({ ticket, since }: Order, reserved: Exact, grossBefore: Exact, tell: Report) {
    const account = this.account(ticket.accountId);
    if (account.dearer > since) return;
    const book = this.book(ticket);
    const holding = this.holdings.holding(ticket.accountId, ticket.symbol);
    const held = holding?.quantity ?? ZERO;
    const reach = {
      gross: account.gross,
      grossBefore,
      position: (ticket.side === 'buy' ? held : held.negated()).plus(book.leaves(ticket.side)),
      value: reserved,
    };
    if (account.sizeMax !== undefined && book.sideValue(ticket.side, holding).greaterThan(account.sizeMax))
      tell(`the trader's own maximum is ${account.sizeMax}`);
    const inForce = this.limits.filter(
      (_, index) => (this.limits[index + 1]?.since ?? Number.POSITIVE_INFINITY) > since,
    );
    const broken = inForce.map(({ limits }) => brokenLimit(ticket, reach, limits));
    const always = broken.every((what) => what !== undefined);
    if (always) tell(broken.at(-1) ?? 'no limits were ever in force');
  }

  private fill(fact: OrderFilled, { sequence }: CheckedRecord) {
    const { orderId, accountId, symbol, price, quantity } = fact;
    const account = this.account(accountId);
    const counted = account.books.get(symbol)?.orders.get(orderId);
    if (!counted || fact.late || counted.price.lessThan(price)) account.dearer = sequence;
    if (!counted?.exit) account.moved = sequence;
    if (counted) counted.leaves = counted.leaves.minus(quantity);
    if (fact.end) {
      account.books.get(symbol)?.orders.delete(orderId);
      this.orders.delete(orderId);
    }
    this.revalue(fact);
  }

  atRest(): void {}
}

const closable = (quantity: Exact, side: OrderTicket['side']): Exact =>
  quantity.isNegative() === (side === 'buy') ? quantity.abs() : ZERO;

interface Reach {
  readonly gross: Exact;
  readonly grossBefore: Exact;
  /** In the direction of the order. */
  readonly position: Exact;
  readonly value: Exact;
}

/** Which limit the order breaks, in words. An order that does not raise the exposure is not held to its limit. */
function brokenLimit(ticket: OrderTicket, reach: Reach, limits: TradingLimits | undefined): string | undefined {
  const { accountId, symbol, quantity } = ticket;
  const account = limits?.accounts[accountId] ?? limits?.accounts.default;
  const assetClass = findInstrument(symbol)?.assetClass;
  const instrument = limits?.instruments[symbol] ?? limits?.instruments[`class:${assetClass}`];
  if (!account || !instrument) return `no limits for ${accountId} and ${symbol}`;
  const { gross, grossBefore, position, value } = reach;
  if (gross.greaterThan(account.exposureMax) && gross.greaterThan(grossBefore))
    return `the exposure of ${accountId} can reach ${text(gross)}, the limit is ${account.exposureMax}`;
  if (position.greaterThan(instrument.positionMax))
    return `the position in ${symbol} can reach ${text(position)}, the limit is ${instrument.positionMax}`;
  if (exact(quantity).greaterThan(instrument.orderVolumeMax))
    return `its quantity is ${quantity}, the limit is ${instrument.orderVolumeMax}`;
  if (!value.greaterThan(instrument.orderValueMax)) return undefined;
  // A price that does not end is counted rounded up, in the twelfth decimal.
  const excess = value.minus(exact(quantity).times(multiplierOf(symbol)).times('1e-12'));
  if (excess.greaterThan(instrument.orderValueMax))
    return `its value is ${text(value)}, the limit is ${instrument.orderValueMax}`;
  return undefined;
}

export const exposureWithinLimits = (settings: CheckedSettings, folds = new Folds()): Checker =>
  new ExposureWithinLimits(settings, folds);
