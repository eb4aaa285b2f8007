/** What becomes of commits when the server dies or ends sessions: nothing acknowledged is lost, nothing uncertain is called certain. */
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Head } from '../runtime/store.ts';
import { type PostgresCluster, startPostgres } from '../scripts/lib/postgres.mjs';
import { type OpenedPlace, openPostgres } from './open.ts';
import { emptyPostgres } from './testing/empty-postgres.ts';
import { GroupWriter } from './testing/groups.ts';
import { verifyJournal } from './upkeep/verify.ts';

const archiveDirectory = '/nonexistent';
const TRIES = 50;

let cluster: PostgresCluster;
let place: OpenedPlace;
let writer: GroupWriter;
let url: string;

beforeAll(async () => {
  cluster = await startPostgres();
});
afterAll(() => cluster.stop());

beforeEach(async () => {
  url = await emptyPostgres(cluster.url);
  place = openPostgres({ url, archiveDirectory });
  await place.store.open('live');
  writer = new GroupWriter(await place.store.takeEpoch());
});
afterEach(() => place.close());

/** A call may be the one that finds its connection gone: the kernel tries again, too. */
async function takeEpoch(): Promise<Head> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await place.store.takeEpoch();
    } catch (error) {
      if (attempt === TRIES || !(error as { retryable?: boolean }).retryable) throw error;
    }
  }
}

async function endSessions(): Promise<void> {
  const sql = postgres(url, { max: 1 });
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name like 'pitwall%'`;
  await sql.end();
}

test('when the server dies no commit is called certain that may have landed, and the writer goes on after its return', async () => {
  await place.store.commit(writer.next(['{}']));
  const underWay = place.store.commit(writer.next(['{"under":"way"}'])).then(
    () => 'committed',
    (error: { fault: string }) => error.fault,
  );
  cluster.halt('immediate');
  expect(['committed', 'unknown']).toContain(await underWay);
  await expect(place.store.commit(writer.next(['{}']))).rejects.toMatchObject({ name: 'CommitError' });
  await expect(place.store.takeEpoch()).rejects.toThrow();
  cluster.resume();
  const head = await takeEpoch();
  expect(head).toMatchObject({ epoch: 2 });
  expect(head.sequence).toBe((await place.store.records(0, 10)).length);
  writer = new GroupWriter(head);
  await place.store.commit(writer.next(['{}']));
});

test('a writer whose session is ended takes the head again, unless another one has it', async () => {
  await endSessions();
  expect(await takeEpoch()).toMatchObject({ epoch: 2 });
  await endSessions();
  const other = openPostgres({ url, archiveDirectory });
  await other.store.open('live');
  await expect(takeEpoch()).rejects.toThrow(/in use by pitwall/);
  await other.close();
});

test('sessions that are ended again and again cost no acknowledged group and never hang the writer', async () => {
  let acknowledged = 0;
  let outages = 0;
  for (let round = 0; round < 15; round += 1) {
    const ended = endSessions();
    for (let group = 0; group < 40; group += 1) {
      const next = writer.next(['{"a":1}', '{"b":2}']);
      try {
        await place.store.commit(next);
        acknowledged = next.sequence;
      } catch (error) {
        expect(error).toMatchObject({ name: 'CommitError' });
        outages += 1;
        const head = await takeEpoch();
        expect(head.sequence).toBeGreaterThanOrEqual(acknowledged);
        writer = new GroupWriter(head);
      }
    }
    await ended;
  }
  expect(outages).toBeGreaterThan(0);
  writer = new GroupWriter(await takeEpoch());
  expect(await verifyJournal(place.database, { archiveDirectory })).toMatchObject({ holds: true });
});
