/**
 * All open orders and positions of all accounts, ours and foreign ones. Invariant: they are of one moment: what moved while it was read
 * is read again, and what does not come to rest is refused rather than told half.
 */

import { ZodError } from 'zod';
import type { VenueCash, VenueOpenOrder, VenuePosition, VenueSnapshot } from '../../agents/venue.ts';
import { fromNumber } from '../../domain/decimal.ts';
import type { Accounts } from './accounts.ts';
import type { ClientIds } from './client-ids.ts';
import type { Desk } from './desk.ts';
import { TradovateError } from './fault.ts';
import { hasEnded, type Mirror, type OrderFacts } from './mirror.ts';
import { priceText } from './report.ts';
import type { Symbols } from './symbols.ts';
import type { TvOrder } from './wire.ts';

export interface SnapshotSources {
  readonly desk: Desk;
  readonly accounts: Accounts;
  readonly mirror: Mirror;
  readonly symbols: Symbols;
  readonly ids: ClientIds;
}

const TRIES_MAX = 3;
/** A JSON number carries this many decimal digits for certain. */
const EXACT_DIGITS = 15;

const isOpen = (order: TvOrder): boolean => !hasEnded({ order });

async function moving({ desk }: SnapshotSources, signal: AbortSignal) {
  const orders = (await desk.orders(signal)).filter(isOpen);
  const ids = orders.map(({ id }) => id);
  const fills = await desk.fillsOf(ids, signal);
  const versions = await desk.versionsOf(ids, signal);
  const positions = (await desk.positions(signal)).filter(({ netPos }) => netPos !== 0);
  return { orders, fills, versions, positions };
}
type Moving = Awaited<ReturnType<typeof moving>>;

async function atRest(sources: SnapshotSources, signal: AbortSignal): Promise<Moving> {
  let before = await moving(sources, signal);
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const after = await moving(sources, signal);
    if (JSON.stringify(after) === JSON.stringify(before)) return after;
    before = after;
  }
  throw new TradovateError('orders and positions moved while they were read', 'no');
}

/** Names of contracts that the mirror does not know yet. */
export async function nameContracts(
  { mirror, desk }: SnapshotSources,
  ids: readonly (number | null | undefined)[],
  signal: AbortSignal,
) {
  const missing = [...new Set(ids)].filter((id) => id != null && !mirror.contracts.has(id)) as number[];
  for (const { id, name } of await desk.contracts(missing, signal)) mirror.contracts.set(id, name);
}

export async function readSnapshot(sources: SnapshotSources, signal: AbortSignal): Promise<VenueSnapshot> {
  const { desk, accounts, mirror } = sources;
  const { orders, fills, versions, positions } = await atRest(sources, signal);
  const balances = await balancesOf(sources, signal);
  // A look comes often, and Tradovate counts requests: what is known already is not asked again.
  const known = accounts.oursById();
  if ([...orders, ...positions, ...(balances ?? [])].some(({ accountId }) => !known.has(accountId)))
    await accounts.refresh(signal);
  await nameContracts(
    sources,
    [...orders, ...positions].map(({ contractId }) => contractId),
    signal,
  );
  const unlinked = orders.map(({ id }) => id).filter((id) => mirror.find(id)?.clOrdId === undefined);
  for (const command of await desk.commandsOf(unlinked, signal)) mirror.takeCommand(command);
  mirror.sync({ orders, fills, orderVersions: versions });
  const names = accounts.oursById();
  const accountOf = (accountId: number): string => names.get(accountId) ?? String(accountId);
  return {
    orders: orders.map((order) => openOrder(sources, order, accountOf(order.accountId))),
    positions: positions.map(
      ({ accountId, contractId, netPos, netPrice }): VenuePosition => ({
        accountId: accountOf(accountId),
        symbol: sources.symbols.symbolOf(mirror.contracts.get(contractId) ?? String(contractId)),
        quantity: String(netPos),
        averagePrice: exactly(netPrice ?? 0),
      }),
    ),
    ...(balances && { cash: cashOf(balances, names) }),
  };
}

const exactly = (value: number): string => fromNumber(Number(value.toPrecision(EXACT_DIGITS)));

type Balances = Awaited<ReturnType<Desk['cashBalances']>>;

/** Not every login may see them: then orders and positions are told without. */
async function balancesOf({ desk }: SnapshotSources, signal: AbortSignal): Promise<Balances | undefined> {
  try {
    return await desk.cashBalances(signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof TradovateError || error instanceof ZodError) return undefined;
    throw error;
  }
}

/** Of listed accounts with one currency: what another one is worth here nobody has told. */
function cashOf(balances: Balances, names: ReadonlyMap<number, string>): VenueCash[] {
  const counts = new Map<number, number>();
  for (const { accountId } of balances) counts.set(accountId, (counts.get(accountId) ?? 0) + 1);
  return balances.flatMap(({ accountId, amount }) => {
    const name = names.get(accountId);
    return name === undefined || counts.get(accountId) !== 1 ? [] : [{ accountId: name, amount: exactly(amount) }];
  });
}

function openOrder({ mirror, symbols, ids }: SnapshotSources, order: TvOrder, accountId: string): VenueOpenOrder {
  const contract = mirror.contracts.get(order.contractId ?? -1) ?? String(order.contractId);
  const { clOrdId, version, fills }: Partial<OrderFacts> = mirror.find(order.id) ?? {};
  const filled = [...(fills?.values() ?? [])].reduce((sum, { qty }) => sum + qty, 0);
  return {
    clientOrderId: (clOrdId === undefined ? undefined : ids.toOurs(clOrdId)) ?? `tradovate:${order.id}`,
    accountId,
    symbol: symbols.symbolOf(contract),
    side: order.action === 'Buy' ? 'buy' : 'sell',
    filledQuantity: String(filled),
    leavesQuantity: String(Math.max(0, (version?.orderQty ?? 0) - filled)),
    price: priceText(contract, version?.stopPrice ?? version?.price ?? 0),
  };
}
