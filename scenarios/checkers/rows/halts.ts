/** Halts and watched equity in the rows of breaker and orders against the records: who must obey a halt knows it. */
import type { CheckedRecord, Fold, Report, Rest } from '../checker.ts';
import { factOf } from '../folds/facts.ts';
import type { HaltsFold } from '../folds/halts.ts';
import { compareFields, type Fields, fieldsOf, isBehind, statesOf } from '../folds/rows.ts';

/** What the breaker goes by: the first equity of an account's day, and its high-water mark. */
export class EquityFold implements Fold {
  readonly takes = ['equity.day-opened', 'equity.peaked'] as const;
  readonly accounts = new Map<string, { day?: string; dayEquity?: string; peakEquity?: string }>();

  apply(record: CheckedRecord): void {
    const fact = factOf(record);
    if (fact.type !== 'equity.day-opened' && fact.type !== 'equity.peaked') return;
    let watched = this.accounts.get(fact.accountId);
    if (!watched) {
      watched = {};
      this.accounts.set(fact.accountId, watched);
    }
    if (fact.type === 'equity.peaked') watched.peakEquity = fact.equity;
    else Object.assign(watched, { day: fact.day, dayEquity: fact.equity });
  }
}

/** What an agent knows of the halts in force. */
export function compareKnown(agent: string, state: Fields | undefined, { active }: HaltsFold, report: Report): void {
  const halts: unknown = state?.halts;
  const known = new Map(
    (Array.isArray(halts) ? halts : []).map((halt) => [String(fieldsOf(halt).stopId), fieldsOf(halt)]),
  );
  for (const [stopId, halt] of active) {
    const row = known.get(stopId);
    if (row) compareFields(`halt ${stopId} in ${agent}`, { ...halt }, row, report);
    else report(`${agent} does not know the halt ${stopId}, which is in force`);
  }
  for (const stopId of known.keys())
    if (!active.has(stopId)) report(`${agent} knows the halt ${stopId}, which is over`);
}

function compareStops(states: ReadonlyMap<string, Fields>, { all }: HaltsFold, report: Report): void {
  for (const [stopId, { halt, resolved }] of all) {
    const stop = states.get(`stop/${stopId}`)?.stop;
    // A released stop is forgotten after a while.
    if (resolved && stop === undefined) continue;
    const expected = resolved ? { status: 'released', halt, releasedAt: resolved.at } : { status: 'active', halt };
    compareFields(`stop ${stopId}`, expected, fieldsOf(stop), report);
  }
}

export function compareHalts(rest: Rest, halts: HaltsFold, equity: EquityFold, report: Report): void {
  const breaker = statesOf(rest, 'breaker');
  if (!isBehind(rest, 'orders', halts.lastSequence))
    compareKnown('orders', statesOf(rest, 'orders').get(''), halts, report);
  if (!isBehind(rest, 'breaker', halts.lastSequence)) {
    compareKnown('breaker', breaker.get(''), halts, report);
    compareStops(breaker, halts, report);
  }
  for (const [accountId, watched] of equity.accounts)
    compareFields(`equity of ${accountId}`, watched, fieldsOf(breaker.get(`account/${accountId}`)?.account), report);
}
