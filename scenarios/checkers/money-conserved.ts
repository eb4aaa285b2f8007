/**
 * I6. No money comes or goes: cash + positions at cost + commission - profit is what was deposited, to the last digit, in the
 * records, in the portfolio's rows and in the ledger, where each posting sums to zero and says what its fill moved.
 */
import { type Exact, exact, text } from '../../domain/decimal.ts';
import type { CheckedRecord, Checker, Report, Rest } from './checker.ts';
import { type Account, ZERO } from './folds/accounts.ts';
import { factOf } from './folds/facts.ts';
import { Folds } from './folds/folds.ts';
import { type Fields, fieldsOf, isBehind, statesOf } from './folds/rows.ts';

/** Amounts by ledger account, those of zero left out. */
type Posting = ReadonlyMap<string, string>;

const decimal = (value: unknown): Exact => exact(String(value));

function postingOf(accountId: string, amounts: Readonly<Record<string, Exact>>): Posting {
  const moved = Object.entries(amounts).filter(([, amount]) => !amount.isZero());
  return new Map(moved.map(([book, amount]) => [`${accountId}/${book}`, text(amount)]));
}

function parsePosting(entries: unknown): Posting {
  const parsed: unknown = JSON.parse(String(entries));
  const list = Array.isArray(parsed) ? parsed.map(fieldsOf) : [];
  return new Map(list.map(({ account, amount }) => [String(account), String(amount)]));
}

const told = (posting: Posting): string => [...posting].map(([account, amount]) => `${account} ${amount}`).join(', ');
const isSame = (a: Posting, b: Posting): boolean =>
  a.size === b.size && [...a].every(([account, amount]) => b.get(account) === amount);

class MoneyConserved implements Checker {
  readonly name = 'I6 money conserved';
  readonly takes;
  readonly folds;
  private readonly fold;
  private readonly postings = new Map<string, Posting>();
  /** Rows of the ledger that were found in order, by id; they never change. */
  private readonly inOrder = new Map<string, Fields>();

  constructor({ accounts }: Folds) {
    this.fold = accounts;
    this.folds = [accounts];
    this.takes = accounts.takes;
  }

  onRecord(record: CheckedRecord, report: Report): void {
    const fact = factOf(record);
    const deposit = this.fold.depositOf(fact);
    if (deposit) {
      const { accountId, amount } = deposit;
      this.expect(`deposit/${accountId}`, postingOf(accountId, { cash: amount, capital: amount.negated() }));
    }
    if (fact.type !== 'order.filled') return;
    const { cash, cost, profit, commission } = this.fold.movement;
    const entries = { cash, securities: cost, 'realized-pnl': profit.negated(), commission };
    this.expect(fact.executionId, postingOf(fact.accountId, entries));
    const account = this.fold.accounts.get(fact.accountId);
    const missing = account && missingMoney(account);
    if (missing) report(`account ${fact.accountId} is off by ${missing} after ${fact.executionId}`);
  }

  private expect(key: string, posting: Posting): void {
    this.postings.set(key, posting);
    this.inOrder.delete(key);
  }

  atRest(rest: Rest, report: Report): void {
    this.checkLedger(rest, report);
    if (isBehind(rest, 'portfolio', this.fold.lastSequence)) return;
    for (const [accountId, state] of statesOf(rest, 'portfolio'))
      if (accountId !== '') checkAccount(accountId, state, this.fold.accounts.get(accountId), report);
  }

  private checkLedger({ rows, healed }: Rest, report: Report): void {
    const posted = new Set<string>();
    for (const row of rows('ledger')) {
      const key = String(row.id);
      posted.add(key);
      if (!healed && this.inOrder.get(key) === row) continue;
      const posting = parsePosting(row.entries);
      const expected = this.postings.get(key);
      const sum = [...posting.values()].reduce((total, amount) => total.plus(amount), ZERO);
      if (!sum.isZero()) report(`the posting ${key} sums to ${text(sum)}`);
      if (!expected) report(`the posting ${key} has no record`);
      else if (!isSame(expected, posting))
        report(`the posting ${key} is ${told(posting)}, the record says ${told(expected)}`);
      else if (sum.isZero()) this.inOrder.set(key, row);
    }
    for (const key of this.postings.keys()) if (!posted.has(key)) report(`the posting ${key} is missing`);
  }
}

/** What the account lacks or has too much, as text; undefined when it is right. */
function missingMoney({ cash, commission, deposited, holdings }: Account): string | undefined {
  let sum = cash.plus(commission).minus(deposited);
  for (const { cost, profit } of holdings.values()) sum = sum.plus(cost).minus(profit);
  return sum.isZero() ? undefined : text(sum);
}

function checkAccount(accountId: string, state: Fields, account: Account | undefined, report: Report): void {
  const row: Account = {
    cash: decimal(state.cash),
    commission: decimal(state.commission),
    deposited: decimal(state.deposited),
    holdings: new Map(),
  };
  for (const [symbol, position] of Object.entries(fieldsOf(state.positions))) {
    const { quantity, cost, realizedPnl } = fieldsOf(position);
    const profit = decimal(realizedPnl);
    row.holdings.set(symbol, { quantity: decimal(quantity), cost: decimal(cost), profit, profitSinceFlat: profit });
  }
  const missing = missingMoney(row);
  if (missing) report(`the portfolio's row of ${accountId} is off by ${missing}`);
  for (const field of ['cash', 'commission', 'deposited'] as const) {
    const expected = account?.[field] ?? ZERO;
    if (!row[field].equals(expected))
      report(`the portfolio's ${field} of ${accountId} is ${text(row[field])}, the records say ${text(expected)}`);
  }
}

export const moneyConserved = (folds = new Folds()): Checker => new MoneyConserved(folds);
