/**
 * What traders and accounts have, folded from records and valued at the true market, apart from the product. Figures are in account currency, a
 * position in units. Equity is cash and positions at mid prices; exposure is the size of positions and of what works, both valued.
 */
import { exact } from '../../domain/decimal.ts';
import type { CheckedRecord } from '../checkers/checker.ts';
import { AccountsFold, multiplierOf } from '../checkers/folds/accounts.ts';
import { factOf } from '../checkers/folds/facts.ts';
import { leavesOf, OrdersFold } from '../checkers/folds/orders.ts';
import type { FigureName } from '../file/expect-part.ts';
import type { RecordedTrader } from '../recording.ts';
import type { World } from '../world.ts';

/** Stages in which an order may still fill. */
const MAY_FILL = new Set(['intended', 'sent', 'working', 'canceling', 'unresolved']);

export class Books {
  /** By trader id. */
  readonly traders = new Map<string, RecordedTrader>();
  /** What people call each account, by its id: that of a trader by its trader, in the order in which they came to be. */
  readonly accountNames = new Map<string, string>();
  private readonly accounts = new AccountsFold();
  private readonly orders = new OrdersFold();

  constructor(private readonly world: Pick<World, 'quote'>) {}

  apply(record: CheckedRecord): void {
    this.accounts.apply(record);
    this.orders.apply(record);
    const fact = factOf(record);
    if (fact.type !== 'trader.created' && fact.type !== 'account.opened') return;
    const { accountId, name } = fact;
    // A run trades under a name of its own on an account that has one already.
    if (!this.accountNames.has(accountId)) this.accountNames.set(accountId, name || accountId);
    if (fact.type === 'trader.created') this.traders.set(fact.traderId, { traderId: fact.traderId, accountId, name });
  }

  /** Of one instrument or of all; NaN for a trader that does not exist. */
  figure(name: FigureName, traderId: string, symbol?: string): number {
    return this.figureOfAccount(name, this.traders.get(traderId)?.accountId, symbol);
  }

  hasAccount(accountId: string): boolean {
    return this.accounts.accounts.has(accountId);
  }

  /** The same; NaN for an account that nobody has opened. */
  figureOfAccount(name: FigureName, accountId: string | undefined, symbol?: string): number {
    const account = accountId === undefined ? undefined : this.accounts.accounts.get(accountId);
    if (!account || accountId === undefined) return Number.NaN;
    const cash = account.cash.toNumber();
    if (name === 'cash') return cash;
    if (name === 'position') return account.holdings.get(symbol ?? '')?.quantity.toNumber() ?? 0;
    const held = [...account.holdings]
      .filter(([held]) => symbol === undefined || held === symbol)
      .map(([held, { quantity }]) => quantity.toNumber() * this.unitValue(held));
    if (name === 'equity') return held.reduce((sum, value) => sum + value, cash);
    return held.reduce((sum, value) => sum + Math.abs(value), this.working(accountId, symbol));
  }

  /** What open orders may still fill, at their own prices. */
  private working(accountId: string, symbol: string | undefined): number {
    let sum = 0;
    for (const order of this.orders.open.values()) {
      const { ticket, stage } = order;
      if (ticket.accountId !== accountId || !MAY_FILL.has(stage)) continue;
      if (symbol !== undefined && ticket.symbol !== symbol) continue;
      sum += exact(leavesOf(order)).times(ticket.price).times(multiplierOf(ticket.symbol)).toNumber();
    }
    return sum;
  }

  private unitValue(symbol: string): number {
    const quote = this.world.quote(symbol);
    return quote ? ((quote.bid + quote.ask) / 2) * Number(multiplierOf(symbol)) : 0;
  }
}
