/**
 * What an account's gates can have seen at most when they decided about an order: its position, and every order that had not ended, in
 * its gates or behind them. Where anything else has moved meanwhile, nobody can tell from records.
 */
import { type Exact, exact } from '../../../domain/decimal.ts';
import type { OrderTicket } from '../../../messages/common.ts';
import type { OrderExternalFound } from '../../../messages/reconciliation.ts';
import type { CheckedRecord } from '../checker.ts';
import { type AccountsFold, ZERO } from './accounts.ts';
import { Again } from './again.ts';
import { countedPrice, largest, SymbolBook } from './exposure.ts';
import { factOf } from './facts.ts';

export interface Asked {
  readonly ticket: OrderTicket;
  readonly amount: string;
  /** No gate has decided before this record. */
  readonly since: number;
}

/** The largest that each number can have been. */
export interface Reach {
  readonly gross: Exact;
  /** In the direction of the order. */
  readonly position: Exact;
  /** Of the position in the order's symbol. */
  readonly value: Exact;
  /** Deposits and realised profit, less commission; undefined: nobody has opened the account. */
  readonly funds: Exact | undefined;
}

export class RoomFold {
  static readonly takes = [
    'order.submitted',
    'order.held',
    'order.intended',
    'approval.decided',
    'order.filled',
    'order.ended',
    'account.opened',
    'trader.created',
    'order.external-found',
  ] as const;
  private readonly asked = new Map<string, Asked>();
  private readonly books = new Map<string, Map<string, SymbolBook>>();
  /** Of each account the last record that moved more than an order into its gates. */
  private readonly moved = new Map<string, number>();
  /** Approved orders in their gates again, at a price that no record tells; by order, with their account. */
  private readonly again = new Map<string, string>();
  private readonly ways = new Again();
  /** Orders at the venue that are not ours count in an account, and no record says when they are gone. */
  private readonly foreign = new Set<string>();

  /** `accounts` have taken each record before. `codes`: of the refusals that are asked about. */
  constructor(
    private readonly accounts: AccountsFold,
    private readonly codes: ReadonlySet<string>,
  ) {}

  /** What was asked of the gates, where the record is their no and nothing else has moved meanwhile; before the order is let go. */
  apply(record: CheckedRecord): { readonly asked: Asked; readonly reach: Reach } | undefined {
    const refused = this.refusedBy(record);
    this.note(record);
    const again = this.ways.begins(factOf(record));
    if (again) this.goAgain(again.orderId, record.sequence);
    return refused;
  }

  private goAgain(orderId: string, sequence: number): void {
    const accountId = this.asked.get(orderId)?.ticket.accountId;
    if (accountId === undefined) return;
    this.moved.set(accountId, sequence);
    this.again.set(orderId, accountId);
    this.asked.delete(orderId);
  }

  private refusedBy(record: CheckedRecord): { readonly asked: Asked; readonly reach: Reach } | undefined {
    const fact = factOf(record);
    if (fact.type !== 'order.ended' || fact.end !== 'denied' || !this.codes.has(fact.denial?.code ?? ''))
      return undefined;
    const asked = this.asked.get(fact.orderId);
    const { accountId } = fact;
    const isUnclear = this.foreign.has(accountId) || [...this.again.values()].includes(accountId);
    if (!asked || isUnclear || (this.moved.get(accountId) ?? 0) > asked.since) return undefined;
    return { asked, reach: this.reach(asked) };
  }

  private note(record: CheckedRecord): void {
    const { sequence } = record;
    const fact = factOf(record);
    switch (fact.type) {
      case 'order.submitted': {
        const { ticket, amount, quote } = fact;
        this.asked.set(ticket.orderId, { ticket, amount, since: sequence });
        const price = countedPrice(amount, ticket.quantity, ticket.symbol);
        // A sale may fill above its limit: the risk gate counts it at the bid when that is higher, and tells so only with its yes.
        this.count(ticket, ticket.side === 'sell' && quote ? largest([price, exact(quote.bid)]) : price);
        return;
      }
      case 'order.held':
      case 'order.intended': {
        const { ticket, gates } = fact;
        const reserved = gates.find(({ gate, allowed }) => gate === 'risk' && allowed)?.reserved;
        this.again.delete(ticket.orderId);
        if (reserved !== undefined) this.count(ticket, countedPrice(reserved, ticket.quantity, ticket.symbol));
        return;
      }
      case 'order.filled': {
        const counted = this.books.get(fact.accountId)?.get(fact.symbol)?.orders.get(fact.orderId);
        if (counted) counted.leaves = counted.leaves.minus(fact.quantity);
        this.moved.set(fact.accountId, sequence);
        if (fact.end) this.letGo(fact.orderId, fact.accountId, fact.symbol);
        return;
      }
      case 'order.ended':
        this.moved.set(fact.accountId, sequence);
        this.letGo(fact.orderId, fact.accountId, fact.symbol);
        return;
      case 'account.opened':
      case 'trader.created':
        this.moved.set(fact.accountId, sequence);
        return;
      default:
        if (record.type === 'order.external-found') this.foreign.add((record.message as OrderExternalFound).accountId);
    }
  }

  private book(accountId: string, symbol: string): SymbolBook {
    const books = this.books.get(accountId) ?? new Map<string, SymbolBook>();
    this.books.set(accountId, books);
    const book = books.get(symbol) ?? new SymbolBook(symbol);
    books.set(symbol, book);
    return book;
  }

  private count({ orderId, accountId, symbol, side, quantity, exit }: OrderTicket, price: Exact): void {
    this.book(accountId, symbol).orders.set(orderId, { side, exit, price, leaves: exact(quantity) });
  }

  private letGo(orderId: string, accountId: string, symbol: string): void {
    this.asked.delete(orderId);
    this.again.delete(orderId);
    this.books.get(accountId)?.get(symbol)?.orders.delete(orderId);
  }

  private reach({ ticket: { accountId, symbol, side } }: Asked): Reach {
    const account = this.accounts.accounts.get(accountId);
    const symbols = new Set([...(this.books.get(accountId)?.keys() ?? []), ...(account?.holdings.keys() ?? [])]);
    const holding = account?.holdings.get(symbol);
    const held = holding?.quantity ?? ZERO;
    const book = this.book(accountId, symbol);
    let gross = ZERO;
    for (const each of symbols) gross = gross.plus(this.book(accountId, each).value(account?.holdings.get(each)));
    let funds = account?.deposited.minus(account.commission);
    for (const { profit } of account?.holdings.values() ?? []) funds = funds?.plus(profit);
    return {
      gross,
      position: (side === 'buy' ? held : held.negated()).plus(book.leaves(side)),
      value: book.sideValue(side, holding),
      funds,
    };
  }
}
