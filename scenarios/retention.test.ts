/** Retention of the running product: records leave by themselves when a setting says so, and the journal is proven over both places. */
import { expect, test } from 'vitest';
import { openMemory } from '../db/memory/open.ts';
import { withoutAmbient } from './ambient.ts';
import { Person } from './people/person.ts';
import { simulatedSettings } from './settings.ts';
import { World } from './world.ts';

const KEEP = 10;
/** Cursors follow at a distance of 250 records, and nothing that they still need leaves. */
const LEFT_MAX = KEEP + 2 * 250;
const TRADERS = 200;

async function recordsLeft(journalKeepRecords?: number): Promise<number> {
  const place = openMemory();
  const settings = simulatedSettings(journalKeepRecords === undefined ? {} : { journalKeepRecords });
  const world = new World({ seed: 'retention', place, settings, symbols: ['AAPL'] });
  await world.open();
  const person = new Person(world, 'somebody', 'test-bearer-token', world.random.fork('somebody'));
  const config = { budget: 100_000 };
  for (let at = 0; at < TRADERS; at += 1)
    void person.insist('POST', '/api/v1/agents', { name: `T${at}`, type: 'trading', config, userId: 'user-123' });
  await world.runUntil(world.now + 9 * 60_000);
  expect((await place.store.records(0, 1)).at(0)?.sequence).toBe(1);
  await world.runUntil(world.now + 2 * 60_000);
  expect(await place.upkeep.verify()).toMatchObject({ holds: true });
  return (await place.store.records(0, 10_000)).length;
}

test('without a setting every record stays; with one the newest stay and the proof holds over the archive', () =>
  withoutAmbient(async () => {
    expect(await recordsLeft()).toBeGreaterThan(LEFT_MAX);
    expect(await recordsLeft(KEEP)).toBeLessThan(LEFT_MAX);
  }));
