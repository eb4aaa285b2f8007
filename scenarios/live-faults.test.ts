/** Strategies that trade live at a venue that loses, refuses, splits, doubles and delays: they hold what they say, and end flat all the same. */
import { expect, test, vi } from 'vitest';
import type { VenueFaults } from '../adapters/paper/faults.ts';
import { withoutAmbient } from './ambient.ts';
import { heldByAccount, heldByRun, heldByVenue, liveDay } from './testing/live-day.ts';

vi.setConfig({ testTimeout: 300_000 });

const FAULTS: readonly (readonly [name: string, faults: Partial<VenueFaults>])[] = [
  ['loses requests', { dropRatio: 0.2 }],
  ['loses its answers', { ackLostRatio: 0.3 }],
  ['refuses', { rejectRatio: 0.4 }],
  ['fills in parts', { partialFillRatio: 0.7 }],
  ['is out of reach for minutes', { outagePerMinuteRatio: 0.5, outageMaxMs: 60_000 }],
  [
    'answers late, and tells its news twice and in any order',
    { latencyMaxMs: 4_000, duplicateRatio: 0.5, reorderRatio: 0.5 },
  ],
  [
    'does all of it',
    { dropRatio: 0.1, ackLostRatio: 0.1, rejectRatio: 0.1, partialFillRatio: 0.4, latencyMaxMs: 2_000 },
  ],
];

const SEEDS = ['a', 'b'];

test.each(FAULTS)('a live run at a venue that %s', (name, faults) =>
  withoutAmbient(async () => {
    let happened = 0;
    for (const seed of SEEDS) {
      const { desk, complaints } = await liveDay(`${name} ${seed}`, faults, {
        kills: name === 'does all of it' ? 2 : 0,
      });
      expect([heldByVenue(desk), heldByAccount(desk), await heldByRun(desk)], seed).toEqual([0, 0, 0]);
      const units = (await desk.lines('trade')).map(({ payload }) => (JSON.parse(payload) as { units: number }).units);
      expect(units.length).toBeGreaterThan(0);
      expect(Math.max(...units)).toBeLessThanOrEqual(1_000);
      for (const stream of ['event', 'trade', 'equity'] as const) {
        const sequences = (await desk.lines(stream)).map(({ sequence }) => sequence);
        expect(sequences).toEqual(sequences.map((_, index) => index + 1));
      }
      expect(desk.world.failures).toEqual([]);
      const refusals = complaints.filter((message) => message.includes('rejected')).length;
      const parts = units.filter((part) => part < 1_000).length;
      happened += refusals + parts + Object.values(desk.world.faultCounts).reduce((sum, count) => sum + count, 0);
    }
    expect(happened).toBeGreaterThan(2);
  }),
);
