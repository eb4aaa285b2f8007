/**
 * What each account holds after the fills so far: cash, commission, positions at average cost. What a division loses beyond the
 * twelfth decimal stays in the rest, so that cash + cost + commission - profit is what was deposited, to the last digit.
 */
import { type Exact, exact, text } from '../../../domain/decimal.ts';
import { findInstrument } from '../../../domain/instrument.ts';
import type { OrderFilled } from '../../../messages/order.ts';
import type { CheckedRecord, Fold } from '../checker.ts';
import { type Fact, factOf } from './facts.ts';

const DECIMALS = 12;
const HALF_EVEN = 6;
export const ZERO = exact('0');

export const multiplierOf = (symbol: string): string => findInstrument(symbol)?.multiplier ?? '1';
export const rounded = (value: Exact): Exact => value.toDecimalPlaces(DECIMALS, HALF_EVEN);

export interface Holding {
  quantity: Exact;
  cost: Exact;
  /** Since the first fill, and since the position was last flat. */
  profit: Exact;
  profitSinceFlat: Exact;
}

export interface Account {
  /** By the house: a trader that is made on it brings no money. */
  opened?: true;
  deposited: Exact;
  cash: Exact;
  commission: Exact;
  readonly holdings: Map<string, Holding>;
}

/** What one fill moved, as money. */
export interface Movement {
  readonly cash: Exact;
  readonly cost: Exact;
  readonly profit: Exact;
  readonly commission: Exact;
}

function hold(holding: Holding, traded: Exact, unitValue: Exact): { readonly cost: Exact; readonly profit: Exact } {
  const { quantity, cost } = holding;
  const size = quantity.abs();
  const opposite = !quantity.isZero() && quantity.isNegative() !== traded.isNegative();
  const closing = opposite ? (traded.abs().lessThan(size) ? traded.abs() : size) : ZERO;
  const closesAll = opposite && closing.equals(size);
  const released = closesAll ? cost : opposite ? rounded(cost.times(closing).dividedBy(size)) : ZERO;
  const closedValue = closing.times(unitValue);
  const profit = (quantity.isNegative() ? closedValue.negated() : closedValue).minus(released);
  const opening = quantity.isNegative() ? traded.minus(closing) : traded.plus(closing);
  const costMove = opening.times(unitValue).minus(released);
  holding.quantity = quantity.plus(traded);
  holding.cost = cost.plus(costMove);
  holding.profit = holding.profit.plus(profit);
  holding.profitSinceFlat = holding.quantity.isZero() ? ZERO : holding.profitSinceFlat.plus(profit);
  return { cost: costMove, profit };
}

export class AccountsFold implements Fold {
  readonly takes = ['order.filled', 'account.opened', 'trader.created'] as const;
  readonly accounts = new Map<string, Account>();
  /** Sequence of the last record that moved money. */
  lastSequence = 0;
  /** What the last fill moved. */
  movement: Movement = { cash: ZERO, cost: ZERO, profit: ZERO, commission: ZERO };

  apply(record: CheckedRecord): void {
    const fact = factOf(record);
    if (fact.type !== 'order.filled' && fact.type !== 'account.opened' && fact.type !== 'trader.created') return;
    this.lastSequence = record.sequence;
    if (fact.type === 'order.filled') {
      this.movement = this.fill(fact);
      return;
    }
    const deposit = this.depositOf(fact);
    if (deposit) {
      const account = this.open(deposit.accountId);
      account.deposited = account.deposited.plus(deposit.amount);
      account.cash = account.cash.plus(deposit.amount);
      if (fact.type === 'account.opened') account.opened = true;
    }
  }

  /** What a fact brings from outside, and where to; the same before and after it is applied. */
  depositOf(fact: Fact): { readonly accountId: string; readonly amount: Exact } | undefined {
    if (fact.type === 'account.opened') return { accountId: fact.accountId, amount: exact(fact.deposit) };
    if (fact.type !== 'trader.created' || this.accounts.get(fact.accountId)?.opened) return undefined;
    return { accountId: fact.accountId, amount: exact(fact.config.budget) };
  }

  holding(accountId: string, symbol: string): Holding | undefined {
    return this.accounts.get(accountId)?.holdings.get(symbol);
  }

  private open(accountId: string): Account {
    const known = this.accounts.get(accountId);
    if (known) return known;
    const account: Account = { deposited: ZERO, cash: ZERO, commission: ZERO, holdings: new Map() };
    this.accounts.set(accountId, account);
    return account;
  }

  private fill({ accountId, symbol, side, quantity, price, commission }: OrderFilled): Movement {
    const account = this.open(accountId);
    let holding = account.holdings.get(symbol);
    if (!holding) {
      holding = { quantity: ZERO, cost: ZERO, profit: ZERO, profitSinceFlat: ZERO };
      account.holdings.set(symbol, holding);
    }
    const traded = side === 'buy' ? exact(quantity) : exact(quantity).negated();
    const unitValue = exact(price).times(multiplierOf(symbol));
    const { cost, profit } = hold(holding, traded, unitValue);
    const cash = traded.times(unitValue).plus(commission).negated();
    account.cash = account.cash.plus(cash);
    account.commission = account.commission.plus(commission);
    return { cash, cost, profit, commission: exact(commission) };
  }
}

/** Quantity, cost and average price as rows write them. */
export function holdingRow({ quantity, cost }: Holding, symbol: string) {
  const units = quantity.times(multiplierOf(symbol));
  return {
    quantity: text(quantity),
    cost: text(cost),
    averagePrice: units.isZero() ? '0' : text(rounded(cost.dividedBy(units))),
  };
}
