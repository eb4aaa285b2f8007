/**
 * Double entry. A posting names accounts and signed amounts in account currency (debit positive); it sums to zero, or it is a bug
 * and throws. Book accounts are `<accountId>/<book>`; what comes from outside is `<accountId>/capital`.
 */
import { type DecimalText, type Exact, exact, text } from './decimal.ts';
import { signedExact } from './order.ts';
import type { Position, PositionFill } from './position.ts';

export interface LedgerEntry {
  readonly account: string;
  readonly amount: DecimalText;
}

export const BOOKS = ['cash', 'securities', 'realized-pnl', 'commission', 'capital'] as const;
export type Book = (typeof BOOKS)[number];

export const bookAccount = (accountId: string, book: Book): string => `${accountId}/${book}`;

/** Money that an account starts with. */
export function depositEntries(accountId: string, amount: DecimalText): readonly LedgerEntry[] {
  const deposit = exact(amount);
  return posting(accountId, { cash: deposit, capital: deposit.negated() });
}

const ZERO = exact('0');

type Booked = Pick<Position, 'cost' | 'realizedPnl'>;

/** What a fill moves: cash against securities at cost, the profit it realised, and its commission. */
export function fillEntries(
  accountId: string,
  fill: PositionFill & { readonly commission: DecimalText },
  before: Booked,
  after: Booked,
  multiplier: DecimalText = '1',
): readonly LedgerEntry[] {
  const value = signedExact(fill.side, fill.quantity).times(fill.price).times(multiplier);
  return posting(accountId, {
    cash: value.negated().minus(fill.commission),
    securities: exact(after.cost).minus(before.cost),
    'realized-pnl': exact(before.realizedPnl).minus(after.realizedPnl),
    commission: exact(fill.commission),
  });
}

function posting(accountId: string, amounts: Partial<Record<Book, Exact>>): readonly LedgerEntry[] {
  const entries: LedgerEntry[] = [];
  let sum = ZERO;
  for (const book of BOOKS) {
    const amount = amounts[book];
    if (amount === undefined || amount.isZero()) continue;
    entries.push({ account: bookAccount(accountId, book), amount: text(amount) });
    sum = sum.plus(amount);
  }
  if (!sum.isZero()) throw new Error(`Invariant: a posting sums to zero, not to ${text(sum)}`);
  return entries;
}
