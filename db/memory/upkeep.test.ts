/** The upkeep of the in-memory twin proves, keeps and tells as that of a database does. */
import { beforeEach, expect, test } from 'vitest';
import { ReadView } from '../../projections/view.ts';
import { Facts } from '../testing/facts.ts';
import { GroupWriter } from '../testing/groups.ts';
import { MemoryDisk } from './disk.ts';
import { type OpenedMemory, openMemory } from './open.ts';

const RECORDS = 31;
let disk: MemoryDisk;
let place: OpenedMemory;
let writer: GroupWriter;

beforeEach(async () => {
  disk = new MemoryDisk();
  place = openMemory(disk);
  await place.store.open('simulated:1');
  writer = new GroupWriter(await place.store.takeEpoch());
  const facts = new Facts();
  const view = new ReadView(place.queries);
  for (const record of [facts.trader('t1'), ...facts.filledOrders(10)]) {
    const upserts = view.apply(record);
    await place.store.commit(writer.next([JSON.stringify(record.message)], { upserts }, { type: record.message.type }));
    view.publish(upserts);
  }
});

async function exported(from: number): Promise<number[]> {
  const sequences: number[] = [];
  for await (const line of place.upkeep.export(from)) sequences.push(JSON.parse(line).sequence);
  return sequences;
}

test('the read tables are proven from the records, and a row that differs is named', async () => {
  expect(await place.upkeep.replay()).toMatchObject({ matches: true, records: RECORDS });
  const order = disk.tables.orders.get('o7')!;
  disk.tables.orders.set('o7', { ...order, reason: 'because' });
  expect(await place.upkeep.replay()).toMatchObject({ matches: false, table: 'orders', id: 'o7' });
  disk.tables.orders.delete('o7');
  expect(await place.upkeep.replay()).toMatchObject({ matches: false, table: 'orders', id: 'o7', stored: null });
});

test('a record that was changed, and one behind the head, break the chain', async () => {
  const changed = disk.records[13]!;
  disk.records[13] = { ...changed, principal: 'somebody else' };
  expect(await place.upkeep.verify()).toMatchObject({ holds: false, sequence: 14 });
  disk.records[13] = changed;
  disk.records.push({ ...disk.records.at(-1)!, sequence: RECORDS + 1 });
  expect(await place.upkeep.verify()).toMatchObject({ holds: false, sequence: RECORDS + 1 });
});

test('retention keeps the newest records and what a cursor or an open effect still needs; a journal is read over both', async () => {
  expect(await place.upkeep.archive(25)).toEqual({ archivedUpTo: 6, kept: 25 });
  expect(await place.upkeep.archive(40)).toEqual({ archivedUpTo: 6, kept: 25 });
  const cursors = [{ agent: 'risk', sequence: 20 }];
  await place.store.commit(writer.next([], { cursors, opened: [{ agent: 'orders', sequence: 12 }] }));
  expect(await place.upkeep.archive(5)).toEqual({ archivedUpTo: 11, kept: 20 });
  await place.store.commit(writer.next([], { closed: [{ agent: 'orders', sequence: 12 }] }));
  expect(await place.upkeep.archive(5)).toEqual({ archivedUpTo: 20, kept: 11 });
  expect(await exported(18)).toEqual(Array.from({ length: RECORDS - 17 }, (_, index) => index + 18));
  expect((await place.store.records(20, 3)).map(({ sequence }) => sequence)).toEqual([21, 22, 23]);
  expect(await place.upkeep.replay()).toMatchObject({ matches: true, records: RECORDS });
});

test('only one piece of upkeep is under way', async () => {
  const verification = place.upkeep.verify();
  expect(place.upkeep.underWay).toBe('verification');
  await expect(place.upkeep.backup()).rejects.toThrow('Invariant: no backup beside a verification');
  await verification;
  expect(place.upkeep.underWay).toBeUndefined();
});
