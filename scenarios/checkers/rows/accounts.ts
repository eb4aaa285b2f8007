/** Positions, money and room set aside, in the rows of portfolio and risk, against the records. */
import { exact, text } from '../../../domain/decimal.ts';
import type { Report, Rest } from '../checker.ts';
import { type Account, type AccountsFold, holdingRow, multiplierOf } from '../folds/accounts.ts';
import { countedPrice } from '../folds/exposure.ts';
import { type FoldedOrder, leavesOf, type OrdersFold, reservedBy } from '../folds/orders.ts';
import { compareFields, type Fields, fieldsOf, isBehind, statesOf } from '../folds/rows.ts';

export function comparePortfolio(rest: Rest, { accounts, lastSequence }: AccountsFold, report: Report): void {
  if (isBehind(rest, 'portfolio', lastSequence)) return;
  const states = statesOf(rest, 'portfolio');
  for (const accountId of new Set([...accounts.keys(), ...states.keys()])) {
    const account = accounts.get(accountId);
    const state = states.get(accountId);
    if (accountId !== '') comparePortfolioOf(accountId, account, state, report);
  }
}

/** Of one account; undefined: there is none. */
export function comparePortfolioOf(
  accountId: string,
  account: Account | undefined,
  state: Fields | undefined,
  report: Report,
): void {
  if (!account || !state) {
    report(`account ${accountId} is known to the ${account ? 'records' : 'portfolio'} only`);
    return;
  }
  const { cash, deposited, commission, holdings } = account;
  const positions: Record<string, Fields> = {};
  for (const [symbol, holding] of holdings)
    positions[symbol] = { ...holdingRow(holding, symbol), realizedPnl: text(holding.profit) };
  const expected = {
    accountId,
    cash: text(cash),
    deposited: text(deposited),
    commission: text(commission),
    positions,
  };
  compareFields(`portfolio of ${accountId}`, expected, state, report);
}

/** What risk holds for an order that was cleared. */
function reservationOf(order: FoldedOrder): Fields | undefined {
  const reserved = reservedBy(order, 'risk');
  if (reserved === undefined) return undefined;
  const { symbol, side, quantity, exit } = order.ticket;
  const price = countedPrice(reserved, quantity, symbol);
  const leavesQuantity = leavesOf(order);
  const amount = text(exact(leavesQuantity).times(price).times(multiplierOf(symbol)));
  return { symbol, side, leavesQuantity, price: text(price), amount, exit };
}

function openPositions(account: Account | undefined): Fields {
  const open: Record<string, Fields> = {};
  for (const [symbol, holding] of account?.holdings ?? [])
    if (!holding.quantity.isZero())
      open[symbol] = { ...holdingRow(holding, symbol), realizedPnl: text(holding.profitSinceFlat) };
  return open;
}

export function compareRisk(
  rest: Rest,
  orders: OrdersFold,
  { accounts, lastSequence }: AccountsFold,
  report: Report,
): void {
  if (isBehind(rest, 'risk', Math.max(lastSequence, orders.lastSequence))) return;
  const states = statesOf(rest, 'risk');
  const byAccount = new Map<string, FoldedOrder[]>();
  for (const order of orders.open.values()) {
    const { accountId } = order.ticket;
    byAccount.set(accountId, [...(byAccount.get(accountId) ?? []), order]);
  }
  for (const accountId of new Set([...accounts.keys(), ...byAccount.keys(), ...states.keys()])) {
    if (accountId === '') continue;
    const told = { account: accounts.get(accountId), open: byAccount.get(accountId) ?? [] };
    compareRiskOf(accountId, told, states.get(accountId) ?? {}, report);
  }
}

/** Of one account, with its open orders. */
export function compareRiskOf(
  accountId: string,
  { account, open }: { readonly account: Account | undefined; readonly open: readonly FoldedOrder[] },
  state: Fields,
  report: Report,
): void {
  const positions = openPositions(account);
  compareFields(`risk of ${accountId}`, { positions }, { positions: {}, ...state }, report);
  compareReservations(accountId, open, fieldsOf(state.reservations), report);
}

function compareReservations(accountId: string, open: readonly FoldedOrder[], held: Fields, report: Report): void {
  const gating = new Set<string>();
  const cleared = new Set<string>();
  for (const order of open) {
    const { orderId } = order.ticket;
    if (order.stage === 'gating') gating.add(orderId);
    const expected = reservationOf(order);
    // In its gates again an order may count with its old price or its new one.
    if (!expected || order.stage === 'gating') continue;
    cleared.add(orderId);
    if (held[orderId] === undefined) report(`risk of ${accountId} has set nothing aside for order ${orderId}`);
    else compareFields(`room for order ${orderId}`, expected, fieldsOf(held[orderId]), report);
  }
  for (const orderId of Object.keys(held))
    if (!cleared.has(orderId) && !gating.has(orderId))
      report(`risk of ${accountId} has set room aside for order ${orderId}, which has ended or was never cleared`);
}
