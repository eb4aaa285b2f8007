/** The world as it stands, for a look at all of it: what is stored, read past the product, and what the venue knows. */
import type { SimulatedPlace } from '../db/simulated/database.ts';
import type { TableName } from '../projections/rows.ts';
import type { StoredRecord } from '../runtime/store.ts';
import type { Rest } from './checkers/checker.ts';
import { storedImports } from './stored-imports.ts';
import type { World } from './world.ts';

const PAGE = 5_000;
const TABLES: readonly TableName[] = [
  'traders',
  'orders',
  'approvals',
  'halts',
  'fills',
  'ledger',
  'positions',
  'usage',
];

/** As they are stored now, whatever was read before; what has left the table for the archive is in front. */
async function recordsBehind({ store, upkeep }: SimulatedPlace, after: number): Promise<readonly StoredRecord[]> {
  const [first] = await store.records(after, 1);
  const all: StoredRecord[] = [];
  if (first?.sequence !== after + 1)
    for await (const line of upkeep.export(after + 1)) all.push(JSON.parse(line) as StoredRecord);
  for (;;) {
    const page = await store.records(all.at(-1)?.sequence ?? after, PAGE);
    all.push(...page);
    if (page.length < PAGE) return all;
  }
}

/** `healed`: faults have ended, and there was time to come to rest. `recordsAfter`: the last record that need not be read. */
export async function restOf(
  world: World,
  place: SimulatedPlace,
  { healed, recordsAfter }: { readonly healed: boolean; readonly recordsAfter: number },
): Promise<Rest> {
  const { queries, store } = place;
  const tables = new Map<string, readonly Readonly<Record<string, unknown>>[]>();
  for (const table of TABLES)
    tables.set(table, (await queries.list(table, { where: [], orderBy: [], limit: 1_000_000, offset: 0 })).rows);
  return {
    stored: await store.load(),
    records: await recordsBehind(place, recordsAfter),
    recordsAfter,
    venueOrders: world.venue.orders(),
    venueCalls: world.venue.calls,
    venueIsMute: world.venue.idempotency === 'none',
    healed,
    now: world.now,
    deadLetters: world.deadLetters,
    faults: world.faultCounts,
    files: {
      imports: await storedImports(place.series),
      underWay: world.database.series.underWay,
      sent: world.callers.filesSent,
    },
    rows: (table) => tables.get(table) ?? [],
  };
}

/** Who does not work as it should: the product, or one of its agents. */
export function unwell({ product }: World): readonly string[] {
  if (product?.runtime.state !== 'running') return [`the product is ${product?.runtime.state ?? 'dead'}`];
  const { agents } = product.runtime.stats();
  return agents.flatMap(({ address, status }) => (status === 'running' ? [] : `the agent ${address} is ${status}`));
}
