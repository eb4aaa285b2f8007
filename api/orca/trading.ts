/** Orca's reads of accounts, positions, orders and balances. Each answer says when its data was read, and whether it was known already. */
import { z } from '@hono/zod-openapi';
import type { AccountRow } from '../../projections/rows.ts';
import { atOnce, type Soon } from '../kit/at-once.ts';
import type { ApiCall } from '../kit/call.ts';
import type { House } from '../kit/house.ts';
import { iso } from '../kit/instant.ts';
import { READERS, type Route, route, UNLIMITED } from '../kit/route.ts';
import { accountQuery, accountsIn, flag, scopeQuery } from './accounts.ts';
import { AnswerCache, type Known } from './answer-cache.ts';
import { accountsOf, balancesOf, ordersOf, positionsOf, totalOf } from './reads.ts';
import {
  accountsAnswer,
  balancesAnswer,
  orderIdsAnswer,
  ordersAnswer,
  positionIdsAnswer,
  positionsAnswer,
  snapshotAnswer,
} from './schemas.ts';
import { secondsOf } from './spelling.ts';
import { orcaSurface as surface } from './surface.ts';

type Accounts = readonly AccountRow[];

/** How long an answer of each kind may be given again, and how it is read anew. */
const SECTIONS = {
  accounts: { ttlMs: 300_000, read: (_call: ApiCall, accounts: Accounts) => accountsOf(accounts) },
  positions: { ttlMs: 1_000, read: ({ house }: ApiCall, accounts: Accounts) => positionsOf(house, accounts) },
  orders: { ttlMs: 1_000, read: ({ house }: ApiCall, accounts: Accounts) => ordersOf(house, accounts) },
  balances: { ttlMs: 2_000, read: balancesOf },
} as const;
type Section = keyof typeof SECTIONS;
type ItemsOf<S extends Section> = Awaited<ReturnType<(typeof SECTIONS)[S]['read']>>;

const caches = new WeakMap<House, AnswerCache>();
function cacheOf(house: House): AnswerCache {
  let cache = caches.get(house);
  if (!cache) {
    cache = new AnswerCache(() => house.clock.wallNow());
    caches.set(house, cache);
  }
  return cache;
}

interface Items<S extends Section> {
  readonly items: ItemsOf<S>;
  readonly told: { readonly count: number; readonly cached: boolean; readonly timestamp: number };
}

const shown = <S extends Section>({ value, cached, readAtMs }: Known<ItemsOf<S>>): Items<S> => ({
  items: value,
  told: { count: value.length, cached, timestamp: secondsOf(readAtMs) },
});

/** Answers of one caller are never given to another; who may see other accounts than before asks another question. */
function itemsOf<S extends Section>(call: ApiCall, section: S, accounts: Accounts, useCache: boolean): Soon<Items<S>> {
  const { ttlMs, read } = SECTIONS[section];
  const cache = cacheOf(call.house);
  // No id has a NUL in it.
  let key = `${section}\0${call.caller.sub}`;
  for (const { id } of accounts) key += `\0${id}`;
  const found = useCache ? cache.find<ItemsOf<S>>(key) : undefined;
  if (found) return shown<S>(found);
  return atOnce(read(call, accounts) as Soon<ItemsOf<S>>, (value) => shown<S>(cache.keep(key, value, ttlMs)));
}

type Scoped = ApiCall<undefined, Parameters<typeof accountsIn>[1] & { readonly use_cache: boolean }>;
const asked = <S extends Section>(call: Scoped, section: S) =>
  itemsOf(call as ApiCall, section, accountsIn(call as ApiCall, call.query), call.query.use_cache);

const common = {
  method: 'GET',
  surface,
  policy: READERS,
  rateLimit: UNLIMITED,
  tag: 'Trading',
  refusals: [404],
} as const;
const freshByDefault = z.object({ use_cache: flag(false), ...scopeQuery });

const snapshotQuery = z.object({
  include_accounts: flag(true),
  include_positions: flag(true),
  include_orders: flag(true),
  include_balances: flag(true),
  use_cache: flag(false),
  ...scopeQuery,
});

async function snapshot(call: ApiCall<undefined, z.output<typeof snapshotQuery>>) {
  const { house, query } = call;
  const startedMs = house.clock.monotonic();
  const accounts = accountsIn(call as ApiCall, query);
  const section = async <S extends Section>(name: S, isWanted: boolean) =>
    isWanted ? itemsOf(call as ApiCall, name, accounts, query.use_cache) : undefined;
  const balances = await section('balances', query.include_balances);
  const owners = await section('accounts', query.include_accounts);
  const positions = await section('positions', query.include_positions);
  const orders = await section('orders', query.include_orders);
  const now = house.clock.wallNow();
  const responseMs = Number((house.clock.monotonic() - startedMs).toFixed(3));
  return {
    ...(owners && { accounts: { accounts: owners.items, ...owners.told } }),
    ...(positions && { positions: { positions: positions.items, ...positions.told } }),
    ...(orders && { orders: { orders: orders.items, ...orders.told } }),
    ...(balances && {
      balances: { balances: balances.items, total_balance: totalOf(balances.items), ...balances.told },
    }),
    metadata: { response_time_ms: responseMs, timestamp: secondsOf(now), datetime: iso(now) },
  };
}

export const tradingRoutes: readonly Route[] = [
  route({
    ...common,
    path: '/api/v1/trading/accounts',
    summary: 'The accounts that the token allows; cached for 300 s',
    query: z.object({ use_cache: flag(true), ...accountQuery }),
    responses: { 200: accountsAnswer },
  })((call) =>
    atOnce(asked(call, 'accounts'), ({ items, told }) => ({ status: 200, body: { accounts: items, ...told } })),
  ),
  route({
    ...common,
    path: '/api/v1/trading/positions',
    summary: 'Open positions; cached for 1 s',
    query: freshByDefault,
    responses: { 200: positionsAnswer },
  })((call) =>
    atOnce(asked(call, 'positions'), ({ items, told }) => ({ status: 200, body: { positions: items, ...told } })),
  ),
  route({
    ...common,
    path: '/api/v1/trading/positions/ids',
    summary: 'Ids of open positions',
    query: freshByDefault,
    responses: { 200: positionIdsAnswer },
  })((call) =>
    atOnce(asked(call, 'positions'), ({ items, told }) => ({
      status: 200,
      body: { position_ids: items.map(({ id }) => id), ...told },
    })),
  ),
  route({
    ...common,
    path: '/api/v1/trading/orders/pending',
    summary: 'Orders that have not ended; cached for 1 s',
    query: freshByDefault,
    responses: { 200: ordersAnswer },
  })((call) => atOnce(asked(call, 'orders'), ({ items, told }) => ({ status: 200, body: { orders: items, ...told } }))),
  route({
    ...common,
    path: '/api/v1/trading/orders/pending/ids',
    summary: 'Ids of orders that have not ended',
    query: freshByDefault,
    responses: { 200: orderIdsAnswer },
  })((call) =>
    atOnce(asked(call, 'orders'), ({ items, told }) => ({
      status: 200,
      body: { order_ids: items.map(({ order_id: id }) => id), ...told },
    })),
  ),
  route({
    ...common,
    path: '/api/v1/trading/balances',
    summary: 'What accounts are worth; cached for 2 s',
    query: z.object({ use_cache: flag(true), ...scopeQuery }),
    responses: { 200: balancesAnswer },
  })((call) =>
    atOnce(asked(call, 'balances'), ({ items, told }) => ({
      status: 200,
      body: { balances: items, total_balance: totalOf(items), ...told },
    })),
  ),
  route({
    ...common,
    path: '/api/v1/trading/batch/snapshot',
    summary: 'Accounts, positions, orders and balances in one answer',
    query: snapshotQuery,
    responses: { 200: snapshotAnswer },
  })(async (call) => ({ status: 200, body: await snapshot(call) })),
];
