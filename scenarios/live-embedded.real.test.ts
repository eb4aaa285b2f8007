/** A strategy that trades live, is killed and meets a bad venue says the same on the embedded database as in memory, to the last record. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openEmbedded } from '../db/open.ts';
import { withoutAmbient } from './ambient.ts';
import { heldByAccount, heldByRun, heldByVenue, liveDay } from './testing/live-day.ts';

test(
  'a live run is the same in memory and on the embedded database, faults and kills included',
  () =>
    withoutAmbient(async () => {
      const faults = {
        dropRatio: 0.1,
        ackLostRatio: 0.1,
        rejectRatio: 0.1,
        partialFillRatio: 0.3,
        latencyMaxMs: 1_000,
      };
      const directory = mkdtempSync(join(tmpdir(), 'pitwall-live-'));
      const embedded = openEmbedded({ directory });
      try {
        const disk = await liveDay('on a disk', faults, { place: embedded, kills: 1, forMs: 240_000 });
        const memory = await liveDay('on a disk', faults, { kills: 1, forMs: 240_000 });
        expect(await disk.desk.said()).toEqual(await memory.desk.said());
        expect(disk.desk.world.events.digest()).toBe(memory.desk.world.events.digest());
        expect([heldByVenue(disk.desk), heldByAccount(disk.desk), await heldByRun(disk.desk)]).toEqual([0, 0, 0]);
        expect((await disk.desk.lines('trade')).length).toBeGreaterThan(2);
        expect(disk.desk.world.failures).toEqual([]);
      } finally {
        await embedded.close();
        rmSync(directory, { recursive: true, force: true });
      }
    }),
  180_000,
);
