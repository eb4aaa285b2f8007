/** What orca shows of accounts: who they are, what they hold, what works for them, what they are worth. All of it is in memory. */
import { exact, minus } from '../../domain/decimal.ts';
import { multiplierOf } from '../../domain/instrument.ts';
import { averagePriceOf, valued } from '../../domain/position.ts';
import type { PortfolioAnswered, PortfolioGet } from '../../messages/account.ts';
import type { AccountRow, OrderRow, PositionRow } from '../../projections/rows.ts';
import type { ApiCall } from '../kit/call.ts';
import type { House } from '../kit/house.ts';
import { contractOf, ORDER_TYPES, STATUSES } from './spelling.ts';

type Accounts = readonly AccountRow[];

const CENTS = 2;
/** Money as the contract writes it: a number of whole cents. */
const money = (amount: string): number => exact(amount).toDecimalPlaces(CENTS).toNumber();

export const accountsOf = (accounts: Accounts) =>
  accounts.map(({ name, venueId }) => ({ name, id: venueId, active: true }));

type ShownPosition = ReturnType<typeof positionAt>;
/** A row is replaced, never changed: what was shown of it holds until its price or its front contract is another one. */
const shown = new WeakMap<PositionRow, { readonly last: number | undefined; readonly position: ShownPosition }>();

function positionOf(house: House, account: AccountRow, row: PositionRow): ShownPosition {
  const last = house.latestQuote(row.symbol)?.last;
  const instrument = contractOf(row.symbol, house.clock.marketNow());
  const known = shown.get(row);
  if (known && known.last === last && known.position.instrument === instrument) return known.position;
  const position = positionAt(last, instrument, account, row);
  shown.set(row, { last, position });
  return position;
}

function positionAt(
  last: number | undefined,
  instrument: string,
  { venueId }: AccountRow,
  { id, symbol, quantity, cost }: PositionRow,
) {
  const held = exact(quantity);
  const multiplier = multiplierOf(symbol);
  const { gain } = valued({ quantity, cost }, last, multiplier);
  return {
    id,
    account_id: venueId,
    instrument,
    quantity: held.abs().toNumber(),
    side: held.isNegative() ? ('short' as const) : ('long' as const),
    avg_price: exact(averagePriceOf(quantity, cost, multiplier))
      .toDecimalPlaces(8)
      .toNumber(),
    unrealized_pnl: money(gain),
  };
}

export const positionsOf = (house: House, accounts: Accounts) =>
  accounts.flatMap((account) => house.read.positions(account.id).map((row) => positionOf(house, account, row)));

function orderOf(house: House, { venueId }: AccountRow, row: OrderRow) {
  if (row.status === 'ended') throw new Error(`Invariant: order ${row.id} is open`);
  return {
    order_id: row.id,
    account_id: venueId,
    instrument: contractOf(row.symbol, house.clock.marketNow()),
    side: row.side === 'buy' ? ('Buy' as const) : ('Sell' as const),
    quantity: Number(minus(row.quantity, row.filledQuantity)),
    price: Number(row.price),
    status: STATUSES[row.status],
    order_type: ORDER_TYPES[row.orderType] ?? 'Limit',
  };
}

export const ordersOf = (house: House, accounts: Accounts) =>
  accounts.flatMap((account) => house.read.openOrders(account.id).map((row) => orderOf(house, account, row)));

/** `cash_balance` is what was paid in less commission: with the realised profit it is the balance, with the open one the value. */
async function balanceOf(call: ApiCall, account: AccountRow) {
  const question: PortfolioGet = { type: 'portfolio.get', accountId: account.id };
  const { equity, realizedPnl, unrealizedPnl } = await call.ask<PortfolioAnswered>(question);
  const balance = minus(equity, unrealizedPnl);
  return {
    account_id: account.venueId,
    account_name: account.name,
    balance: money(balance),
    net_liquidating_value: money(equity),
    cash_balance: money(minus(balance, realizedPnl)),
    open_pl: money(unrealizedPnl),
    realized_pl: money(realizedPnl),
  };
}

export const balancesOf = (call: ApiCall, accounts: Accounts) =>
  Promise.all(accounts.map((account) => balanceOf(call, account)));

/** To the cent, so that many floats add up to no dust. */
export const totalOf = (balances: readonly { readonly net_liquidating_value: number }[]): number =>
  Number(balances.reduce((sum, { net_liquidating_value: value }) => sum + value, 0).toFixed(CENTS));
