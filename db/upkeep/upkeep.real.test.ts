/** Upkeep of one place on a real server: copies with their archive, reading beside retention, and the proof of the read tables. */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { ReadView } from '../../projections/view.ts';
import { type PostgresCluster, startPostgres } from '../../scripts/lib/postgres.mjs';
import { type OpenedPlace, openPostgres } from '../open.ts';
import { emptyPostgres } from '../testing/empty-postgres.ts';
import { Facts } from '../testing/facts.ts';
import { GroupWriter } from '../testing/groups.ts';
import { restore } from './backup.ts';
import { compareTables, partOf } from './compare.ts';

const RECORDS = 91;
const home = mkdtempSync(join(tmpdir(), 'pitwall-upkeep-'));
let places = 0;
let cluster: PostgresCluster;
let place: OpenedPlace;

beforeAll(async () => {
  cluster = await startPostgres();
});
afterAll(() => {
  cluster.stop();
  rmSync(home, { recursive: true, force: true });
});

const open = async (): Promise<OpenedPlace> => {
  places += 1;
  return openPostgres({
    url: await emptyPostgres(cluster.url),
    archiveDirectory: join(home, String(places)),
  });
};

/** The facts of thirty orders, with their rows. */
beforeEach(async () => {
  place = await open();
  await place.store.open('live');
  const writer = new GroupWriter(await place.store.takeEpoch());
  const facts = new Facts();
  const view = new ReadView(place.queries);
  for (const record of [facts.trader('t1'), ...facts.filledOrders(30)]) {
    const upserts = view.apply(record);
    await place.store.commit(writer.next([JSON.stringify(record.message)], { upserts }, { type: record.message.type }));
    view.publish(upserts);
  }
});
afterEach(() => place.close());

const change = (sql: string): Promise<void> => place.database.commit([{ sql, params: [] }]);

async function exported(from: number): Promise<number[]> {
  const sequences: number[] = [];
  for await (const line of place.upkeep.export(from)) sequences.push(JSON.parse(line).sequence);
  return sequences;
}

test('retention keeps the newest records in the table, and an export goes on over both', async () => {
  expect(await place.upkeep.archive(60)).toEqual({ archivedUpTo: 31, kept: 60 });
  expect(await place.upkeep.archive(10)).toEqual({ archivedUpTo: 81, kept: 10 });
  expect(await place.upkeep.archive(70)).toEqual({ archivedUpTo: 81, kept: 10 });
  expect(await exported(30)).toEqual(Array.from({ length: RECORDS - 29 }, (_, index) => index + 30));
});

test('a record that is archived while somebody reads is read from its file', async () => {
  const lines = place.upkeep.export(1)[Symbol.asyncIterator]();
  expect(JSON.parse((await lines.next()).value).sequence).toBe(1);
  const beside = place.upkeep.archive(5);
  const rest: number[] = [];
  for (let next = await lines.next(); !next.done; next = await lines.next()) rest.push(JSON.parse(next.value).sequence);
  await beside;
  expect(rest).toEqual(Array.from({ length: RECORDS - 1 }, (_, index) => index + 2));
});

test('a copy holds the archive too, and leaves nothing behind', async () => {
  await place.upkeep.archive(20);
  const proof = await place.upkeep.verify();
  const { bytes, chunks } = await place.upkeep.backup();
  const path = join(home, 'copy.gz');
  await writeFile(path, chunks);
  expect(statSync(path).size).toBe(bytes);
  expect(readdirSync(place.archiveDirectory).every((name) => name.startsWith('records-'))).toBe(true);
  const { archiveDirectory } = place;
  await place.close();
  place = await open();
  const target = { path, archiveDirectory: place.archiveDirectory };
  await expect(restore(place.database, { ...target, world: 'simulated:1' })).rejects.toThrow('of the world live');
  await expect(restore(place.database, { ...target, archiveDirectory, world: 'live' })).rejects.toThrow('empty place');
  await restore(place.database, { ...target, world: 'live' });
  expect(await place.upkeep.verify()).toEqual(proof);
  expect(await place.upkeep.replay()).toMatchObject({ matches: true, records: RECORDS });
});

test('a record behind the head is noticed', async () => {
  await change(`insert into records select ${RECORDS + 1}, epoch, recorded_at, type, payload, source, causation_id, correlation_id,
    principal, version, hash from records where sequence = ${RECORDS}`);
  expect(await place.upkeep.verify()).toMatchObject({ holds: false, sequence: RECORDS + 1 });
});

test('a record that is not what its schema says is named, although its chain holds', async () => {
  const writer = new GroupWriter(await place.store.takeEpoch());
  await place.store.commit(writer.next(['{"type":"feed.advanced","at":1}'], {}, { type: 'feed.advanced' }));
  expect(await place.upkeep.verify()).toEqual({
    holds: false,
    sequence: RECORDS + 1,
    reason: expect.stringContaining('feed.advanced is not what its schema says: position'),
  });
  await place.store.commit(writer.next(['{"type":"tea.made"}'], {}, { type: 'tea.made' }));
  await change(
    `update records set payload = '{"type":"feed.advanced","at":1,"position":5}' where type = 'feed.advanced'`,
  );
  expect(await place.upkeep.verify()).toMatchObject({ reason: 'the record does not match its hash' });
});

test('the read tables are proven in parts as they are at once, and each kind of difference is found', async () => {
  const { archiveDirectory, database } = place;
  const inParts = () => compareTables(database, { archiveDirectory, rowsAtOnce: 10 });
  const whole = await place.upkeep.replay();
  expect(whole).toMatchObject({ matches: true, records: RECORDS });
  expect(await inParts()).toEqual(whole);
  await change("update orders set reason = 'because' where id = 'o7'");
  expect(await inParts()).toMatchObject({ matches: false, table: 'orders', id: 'o7' });
  await change("update orders set reason = null where id = 'o7'");
  await change("delete from fills where id = 'x-o3'");
  expect(await inParts()).toMatchObject({ table: 'fills', id: 'x-o3', stored: null });
  await change(
    "insert into fills select 'x-new', sequence, order_id, trader_id, account_id, symbol, side, quantity, price, commission, realized_pnl, at from fills where id = 'x-o4'",
  );
  expect(await place.upkeep.replay()).toMatchObject({ table: 'fills', id: 'x-new', replayed: null });
});

test('a key belongs to one part, and the parts are of a size', () => {
  const sizes = [0, 0, 0, 0];
  for (let n = 0; n < 4_000; n += 1) sizes[partOf(`orders trade-${n}`, 4)]! += 1;
  for (const size of sizes) expect(size).toBeGreaterThan(700);
});
