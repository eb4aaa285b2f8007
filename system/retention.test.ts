/** When old records leave by themselves: once a day, not beside other upkeep, soon again after a failure, and not after the end. */
import { expect, test } from 'vitest';
import { SimulatedClock } from '../runtime/simulated/clock.ts';
import { openRetention } from './retention.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const KEEP = 1_000;

function setUp() {
  const clock = new SimulatedClock(0);
  const said: string[] = [];
  const note = (what: string): void => void said.push(what);
  const log = { debug: note, info: note, warn: note, error: note };
  const upkeep = {
    underWay: undefined as string | undefined,
    fails: false,
    archivedAt: [] as number[],
    async archive(keep: number) {
      expect(keep).toBe(KEEP);
      upkeep.archivedAt.push(clock.monotonic() / MINUTE_MS);
      if (upkeep.fails) throw new Error('the disk is full');
      return { archivedUpTo: 5, kept: keep };
    },
  };
  const close = openRetention({ upkeep, keep: KEEP, clock, log });
  async function until(atMs: number): Promise<void> {
    while (clock.step(atMs)) await new Promise((resolve) => setImmediate(resolve));
  }
  return { upkeep, said, close, until };
}

test('it is done ten minutes after the start and then once a day', async () => {
  const { upkeep, said, until } = setUp();
  await until(49 * HOUR_MS);
  expect(upkeep.archivedAt).toEqual([10, 10 + 24 * 60, 10 + 48 * 60]);
  expect(said).toEqual(['journal.archived', 'journal.archived', 'journal.archived']);
});

test('it waits while other upkeep is under way', async () => {
  const { upkeep, until } = setUp();
  upkeep.underWay = 'backup';
  await until(35 * MINUTE_MS);
  expect(upkeep.archivedAt).toEqual([]);
  upkeep.underWay = undefined;
  await until(HOUR_MS);
  expect(upkeep.archivedAt).toEqual([40]);
});

test('it is tried again soon when it failed, and says so', async () => {
  const { upkeep, said, until } = setUp();
  upkeep.fails = true;
  await until(15 * MINUTE_MS);
  upkeep.fails = false;
  await until(HOUR_MS);
  expect(upkeep.archivedAt).toEqual([10, 20]);
  expect(said).toEqual(['journal.not-archived', 'journal.archived']);
});

test('it ends with the house', async () => {
  const { upkeep, close, until } = setUp();
  close();
  await until(49 * HOUR_MS);
  expect(upkeep.archivedAt).toEqual([]);
});
