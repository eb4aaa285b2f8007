/** What a migration does with rows that an earlier build has written. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openEmbedded } from '../open.ts';
import { EmbeddedDatabase } from './embedded.ts';
import { migrate } from './migrate.ts';

const directory = mkdtempSync(join(tmpdir(), 'pitwall-migrate-'));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('idempotency keys of an earlier build sleep where a start leaves them, with their answers', async () => {
  const database = new EmbeddedDatabase(directory);
  await database.lock();
  await migrate(database);
  const saved =
    '{"wakesAt":1760000000123,"state":{"status":"held"},"deadlines":[["expiry",1760000000123,{"type":"key.expired"}]]}';
  const insert = 'insert into entity_state (agent, entity, version, state) values ($1, $2, 1, $3)';
  await database.commit([
    { sql: 'drop table sleepers', params: [] },
    { sql: "delete from applied_migrations where name = '0009_sleepers'", params: [] },
    { sql: insert, params: ['keys', 'a', saved] },
    { sql: insert, params: ['keys', 'b', '{"state":{"wakesAt":7}}'] },
    { sql: insert, params: ['orders', 'a', '{"state":{}}'] },
  ]);
  await database.close();
  const { store } = openEmbedded({ directory });
  await store.open('live');
  const loaded = await store.load(undefined, [{ agent: 'keys', version: 1 }]);
  const found = await store.find('keys', ['a', 'b']);
  await store.close();
  expect(loaded).toMatchObject({
    rows: [{ agent: 'orders', entity: 'a' }],
    asleep: [{ agent: 'keys', lastWakesAt: 1_760_000_000_123 }],
  });
  expect(found).toMatchObject([
    { entity: 'a', wakesAt: 1_760_000_000_123, state: saved },
    { entity: 'b', wakesAt: 0, state: '{"state":{"wakesAt":7}}' },
  ]);
});
