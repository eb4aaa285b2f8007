/**
 * I2. A position is the sum of its signed fills: with each commit in the row that it writes of it, and where all is looked at in the
 * portfolio's rows, in the read table and at the venue.
 */
import { type Exact, exact, text } from '../../domain/decimal.ts';
import type { CheckedGroup, CheckedRecord, Checker, Report, Rest } from './checker.ts';
import { factOf } from './folds/facts.ts';
import { fieldsOf, isBehind, statesOf } from './folds/rows.ts';

/** By account and symbol. */
type Quantities = Map<string, Exact>;

const ZERO = exact('0');
const keyOf = (accountId: string, symbol: string): string => `${accountId}/${symbol}`;

function move(quantities: Quantities, key: string, side: string, quantity: string): void {
  const before = quantities.get(key) ?? ZERO;
  quantities.set(key, side === 'buy' ? before.plus(quantity) : before.minus(quantity));
}

function compare(where: string, expected: Quantities, actual: Quantities, report: Report): void {
  for (const key of new Set([...expected.keys(), ...actual.keys()])) {
    const [ours, theirs] = [expected.get(key) ?? ZERO, actual.get(key) ?? ZERO];
    if (!ours.equals(theirs)) report(`${where}: the position ${key} is ${text(theirs)}, the fills make ${text(ours)}`);
  }
}

function positionsOfPortfolio(rest: Rest): Quantities {
  const quantities: Quantities = new Map();
  for (const [accountId, state] of statesOf(rest, 'portfolio'))
    for (const [symbol, position] of Object.entries(fieldsOf(state.positions)))
      quantities.set(keyOf(accountId, symbol), exact(String(fieldsOf(position).quantity)));
  return quantities;
}

function positionsOfTable({ rows }: Rest): Quantities {
  return new Map(rows('positions').map(({ id, quantity }) => [String(id), exact(String(quantity))]));
}

function positionsOfVenue({ venueOrders }: Rest): Quantities {
  const quantities: Quantities = new Map();
  for (const { order, fills } of venueOrders.values())
    for (const fill of fills) move(quantities, keyOf(order.accountId, order.symbol), order.side, fill.quantity);
  return quantities;
}

class PositionsAgree implements Checker {
  readonly name = 'I2 positions agree';
  readonly takes = ['order.filled'] as const;
  private readonly quantities: Quantities = new Map();
  private lastSequence = 0;
  /** What the fills since the last commit have moved. */
  private readonly moved = new Set<string>();

  onRecord(record: CheckedRecord): void {
    const fact = factOf(record);
    if (fact.type !== 'order.filled') return;
    this.lastSequence = record.sequence;
    const key = keyOf(fact.accountId, fact.symbol);
    move(this.quantities, key, fact.side, fact.quantity);
    this.moved.add(key);
  }

  /** What a fill moves is written with it, and nothing else is. */
  onGroup({ commit: { group } }: CheckedGroup, report: Report): void {
    const { quantities, moved } = this;
    for (const { table, key, row } of group.upserts) {
      if (table !== 'positions') continue;
      moved.delete(key);
      const quantity = quantities.get(key) ?? ZERO;
      if (!quantity.equals(String(row.quantity)))
        report(`the position ${key} is written as ${row.quantity}, the fills so far make ${text(quantity)}`);
    }
    for (const key of moved) report(`a fill moves the position ${key}, and the commit does not write it`);
    moved.clear();
  }

  atRest(rest: Rest, report: Report): void {
    compare('read table', this.quantities, positionsOfTable(rest), report);
    if (!isBehind(rest, 'portfolio', this.lastSequence))
      compare('portfolio', this.quantities, positionsOfPortfolio(rest), report);
    if (rest.healed) compare('venue', this.quantities, positionsOfVenue(rest), report);
  }
}

export const positionsAgree = (): Checker => new PositionsAgree();
