/** Archive, proof, export, backup and rebuilding on a real server. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { ReadView } from '../projections/view.ts';
import { type PostgresCluster, startPostgres } from '../scripts/lib/postgres.mjs';
import { type OpenedPlace, openPostgres } from './open.ts';
import { emptyPostgres } from './testing/empty-postgres.ts';
import { Facts } from './testing/facts.ts';
import { GroupWriter } from './testing/groups.ts';
import { archiveRecords } from './upkeep/archive.ts';
import { backup, restore } from './upkeep/backup.ts';
import { exportJournal, verifyJournal } from './upkeep/verify.ts';

let cluster: PostgresCluster;
let archiveDirectory: string;
let place: OpenedPlace;
let writer: GroupWriter;
let url: string;

beforeAll(async () => {
  cluster = await startPostgres();
});
afterAll(() => cluster.stop());

beforeEach(async () => {
  archiveDirectory = mkdtempSync(join(tmpdir(), 'pitwall-archive-'));
  url = await emptyPostgres(cluster.url);
  place = openPostgres({ url, archiveDirectory });
  await place.store.open('live');
  writer = new GroupWriter(await place.store.takeEpoch());
});
afterEach(async () => {
  await place.close();
  rmSync(archiveDirectory, { recursive: true, force: true });
});

const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => `{"n":${index}}`);
const tamper = (sequence: number) =>
  place.database.commit([
    { sql: 'update records set payload = $1 where sequence = $2', params: ['{"n":-1}', sequence] },
  ]);

/** Commits the facts of some orders as the product would, read rows included. */
async function commitOrders(): Promise<void> {
  const facts = new Facts();
  const view = new ReadView(place.queries);
  for (const record of [facts.trader('t1'), ...facts.filledOrders(30)]) {
    const upserts = view.apply(record);
    await place.store.commit(writer.next([JSON.stringify(record.message)], { upserts }, { type: record.message.type }));
    view.publish(upserts);
  }
}

async function exported(): Promise<readonly unknown[]> {
  const all: unknown[] = [];
  for await (const line of exportJournal(place.database, { archiveDirectory })) all.push(JSON.parse(line));
  return all;
}

const everything = async () => ({
  orders: await place.queries.list('orders', { where: [], orderBy: [], limit: 1000, offset: 0 }),
  fills: await place.queries.list('fills', { where: [], orderBy: [], limit: 1000, offset: 0 }),
  ledger: await place.queries.list('ledger', { where: [], orderBy: [], limit: 1000, offset: 0 }),
  positions: await place.queries.list('positions', { where: [], orderBy: [], limit: 1000, offset: 0 }),
});

test('the chain is proven over archive and table, and an archived record leaves the table', async () => {
  await place.store.commit(writer.next(numbers(20)));
  expect(await archiveRecords(place.database, { directory: archiveDirectory, upTo: 7 })).toBe(7);
  expect(await archiveRecords(place.database, { directory: archiveDirectory, upTo: 12 })).toBe(12);
  expect(readdirSync(archiveDirectory)).toHaveLength(2);
  expect((await place.store.records(0, 100)).map(({ sequence }) => sequence)[0]).toBe(13);
  expect(await verifyJournal(place.database, { archiveDirectory })).toMatchObject({ holds: true, records: 20 });
  expect(await exported()).toHaveLength(20);
});

test('retention passes no cursor and no open effect', async () => {
  const content = { cursors: [{ agent: 'a', sequence: 9 }], opened: [{ agent: 'b', sequence: 6 }] };
  await place.store.commit(writer.next(numbers(10), content));
  expect(await archiveRecords(place.database, { directory: archiveDirectory, upTo: 100 })).toBe(5);
  await place.store.commit(writer.next([], { closed: content.opened }));
  expect(await archiveRecords(place.database, { directory: archiveDirectory, upTo: 100 })).toBe(9);
});

test('a changed record, a missing one and a damaged archive are named by their sequence', async () => {
  await place.store.commit(writer.next(numbers(20)));
  await tamper(14);
  expect(await verifyJournal(place.database, { archiveDirectory })).toMatchObject({ holds: false, sequence: 14 });
  await place.database.commit([{ sql: 'delete from records where sequence = 9', params: [] }]);
  expect(await verifyJournal(place.database, { archiveDirectory })).toMatchObject({
    holds: false,
    sequence: 9,
    reason: 'record 9 is missing',
  });
  await archiveRecords(place.database, { directory: archiveDirectory, upTo: 5 });
  writeFileSync(join(archiveDirectory, readdirSync(archiveDirectory)[0]!), 'not a gzip file');
  expect(await verifyJournal(place.database, { archiveDirectory })).toMatchObject({ holds: false, sequence: 1 });
});

test('a record cut off at the end is noticed by the head', async () => {
  await place.store.commit(writer.next(numbers(3)));
  await place.database.commit([{ sql: 'delete from records where sequence = 3', params: [] }]);
  expect(await verifyJournal(place.database, { archiveDirectory })).toMatchObject({ holds: false, sequence: 3 });
});

test('a backup comes back whole in an empty place, and nowhere else', async () => {
  await commitOrders();
  await place.store.commit(
    writer.next([], {
      rows: [{ agent: 'a', entity: 'e', version: 1, state: '{"ü":1}' }],
      cursors: [{ agent: 'a', sequence: 3 }],
    }),
  );
  const before = await everything();
  const state = await place.store.load();
  const path = join(archiveDirectory, 'copy.jsonl.gz');
  await backup(place.database, { path, archiveDirectory });
  await expect(restore(place.database, { path, archiveDirectory, world: 'live' })).rejects.toThrow('empty place');
  await place.close();
  place = openPostgres({ url: await emptyPostgres(cluster.url), archiveDirectory });
  await restore(place.database, { path, archiveDirectory, world: 'live' });
  expect(await place.store.open('live')).toMatchObject({ sequence: 91, epoch: 1 });
  expect(await everything()).toEqual(before);
  expect(await place.store.load()).toEqual(state);
  expect(await verifyJournal(place.database, { archiveDirectory })).toMatchObject({ holds: true, records: 91 });
});

test('a backup that lost its end, or its head, leaves a place without one, and the whole one is restored there', async () => {
  await commitOrders();
  const path = join(archiveDirectory, 'copy.jsonl.gz');
  await backup(place.database, { path, archiveDirectory });
  await place.close();
  place = openPostgres({ url: await emptyPostgres(cluster.url), archiveDirectory });
  const whole = readFileSync(path);
  const withoutHead = gunzipSync(whole).toString().trimEnd().split('\n').slice(0, -1).join('\n');
  const torn = join(archiveDirectory, 'torn.jsonl.gz');
  for (const bytes of [whole.subarray(0, -1), whole.subarray(0, -8), whole.subarray(0, -40), gzipSync(withoutHead)]) {
    writeFileSync(torn, bytes);
    await expect(restore(place.database, { path: torn, archiveDirectory, world: 'live' })).rejects.toThrow(
      'ends too early',
    );
  }
  for (const text of ['', 'null', '{"a":1}']) {
    writeFileSync(torn, gzipSync(text));
    await expect(restore(place.database, { path: torn, archiveDirectory, world: 'live' })).rejects.toThrow(
      'is no backup',
    );
  }
  await restore(place.database, { path, archiveDirectory, world: 'live' });
  expect(await verifyJournal(place.database, { archiveDirectory })).toMatchObject({ holds: true, records: 91 });
});

test('where a file of the archive is away, nothing is copied, exported or archived around the hole', async () => {
  await place.store.commit(writer.next(numbers(20)));
  await archiveRecords(place.database, { directory: archiveDirectory, upTo: 7 });
  await archiveRecords(place.database, { directory: archiveDirectory, upTo: 12 });
  rmSync(join(archiveDirectory, readdirSync(archiveDirectory).sort()[1]!));
  const path = join(archiveDirectory, 'copy.gz');
  await expect(backup(place.database, { path, archiveDirectory })).rejects.toThrow('record 8 is missing');
  await expect(exported()).rejects.toThrow('record 8 is missing');
  const archived = archiveRecords(place.database, { directory: archiveDirectory, upTo: 15 });
  await expect(archived).rejects.toThrow('record 8 is missing');
  expect(readdirSync(archiveDirectory)).toHaveLength(1);
});

test('read tables of another version are made again from archive and journal', async () => {
  await commitOrders();
  const before = await everything();
  await archiveRecords(place.database, { directory: archiveDirectory, upTo: 40 });
  await place.database.commit([
    { sql: 'truncate orders, fills', params: [] },
    { sql: "update projection_version set version = 0 where name = 'orders'", params: [] },
  ]);
  await place.close();
  place = openPostgres({ url, archiveDirectory });
  await place.store.open('live');
  expect(await everything()).toEqual(before);
});

test('a migration that this build does not know refuses the start by name', async () => {
  await place.database.commit([{ sql: "insert into applied_migrations values ('9999_later', 'x')", params: [] }]);
  await place.close();
  place = openPostgres({ url, archiveDirectory });
  await expect(place.store.open('live')).rejects.toThrow('9999_later');
});
