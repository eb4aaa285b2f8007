/**
 * One row as it is committed against the records up to that commit. A reader that had not read on by then is compared with a later row:
 * its cursor travels with what it writes.
 */
import type { EntityRow, Group } from '../../../runtime/store.ts';
import type { Report } from '../checker.ts';
import type { Folds } from '../folds/folds.ts';
import { stateIn } from '../folds/rows.ts';
import { comparePortfolioOf, compareRiskOf } from './accounts.ts';
import { compareKnown } from './halts.ts';
import { compareOrderOf } from './orders.ts';
import { compareQuotaOf } from './quotas.ts';

/** Agents whose entities are known from records. */
const AGENTS: ReadonlySet<string> = new Set(['orders', 'portfolio', 'risk', 'quota']);
/** What an agent has beside its entities: the halts in force, where there is anything. */
const SHARED = '';

export const isKnown = ({ agent, entity }: EntityRow): boolean =>
  entity === SHARED ? agent === 'orders' || agent === 'breaker' : AGENTS.has(agent);

export function compareTouched(row: EntityRow, { cursors }: Group, folds: Folds, report: Report): void {
  const { agent, entity } = row;
  const { orders, accounts, quotas, halts } = folds;
  const readTo = cursors.find((cursor) => cursor.agent === agent)?.sequence ?? 0;
  const { lastSequence } = accounts;
  if (agent === 'orders' && entity !== SHARED) compareOrderOf(entity, orders, stateIn(row), report);
  else if (entity === SHARED) {
    if (readTo >= halts.lastSequence) compareKnown(agent, stateIn(row), halts, report);
  } else if (agent === 'portfolio') {
    if (readTo >= lastSequence) comparePortfolioOf(entity, accounts.accounts.get(entity), stateIn(row), report);
  } else if (agent === 'risk') {
    if (readTo < Math.max(lastSequence, orders.lastSequence)) return;
    const open = [...orders.open.values()].filter(({ ticket }) => ticket.accountId === entity);
    compareRiskOf(entity, { account: accounts.accounts.get(entity), open }, stateIn(row) ?? {}, report);
  } else if (agent === 'quota') {
    const quota = quotas.traders.get(entity);
    if (quota && readTo >= Math.max(quotas.lastSequence, orders.lastSequence))
      compareQuotaOf(quota, stateIn(row), orders, report);
  }
}
