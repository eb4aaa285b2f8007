/** What every store of series promises, as one suite: in memory, embedded and on a server. A place opens again after its holder was killed. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Chunk, ImportRecord, SeriesStore } from '../../market/series/store.ts';
import type { Store } from '../../runtime/store.ts';
import { type TestPlace, TestPlaces } from '../testing/places.ts';

interface Opened {
  readonly store: Store;
  readonly series: SeriesStore;
}

const chunk = (importId: string, part: number, change: Partial<Chunk> = {}): Chunk => ({
  ...{ importId, series: 'ticks', part, symbol: 'NQ', firstMs: part * 100, lastMs: part * 100 + 50, count: 3 },
  bytes: Uint8Array.from([0, 255, 1, 0, 92, 120, part]),
  ...change,
});

const record = (id: string, change: Partial<ImportRecord> = {}): ImportRecord => ({
  ...{ id, symbol: 'NQ', layout: 'NinjaTrader ticks', kind: 'both', startedAt: 1, publishedAt: 2 },
  ...{ ticks: 3, duplicates: 1, badLines: 0, firstMs: 100, lastMs: 150 },
  ...{ duplicateFirstMs: 120, duplicateLastMs: 130, fileName: 'NQ 03-20.Last.txt', bytes: 7 },
  ...change,
});

const EVERYTHING = {
  symbol: 'NQ',
  series: 'ticks',
  fromMs: Number.MIN_SAFE_INTEGER,
  toMs: Number.MAX_SAFE_INTEGER,
} as const;

export function seriesConformance(name: string, makePlace: () => Promise<TestPlace<Opened>>): void {
  describe(`series, ${name}`, () => {
    const places = new TestPlaces(makePlace);
    let series: SeriesStore;
    const begun = async (opened: Opened): Promise<void> => {
      series = opened.series;
      await opened.store.open('live');
    };
    const begin = (id: string, symbol = 'NQ') => series.begin({ id, symbol, startedAt: 1 });
    const found = async (change: Partial<typeof EVERYTHING> | { fromMs: number; toMs: number } = {}) =>
      (await series.heads({ ...EVERYTHING, ...change })).map(({ importId, part }) => `${importId} ${part}`);
    beforeEach(async () => begun(await places.emptied()));
    afterAll(() => places.end());

    test('what an import puts is seen by nobody before it is published, and all of it afterwards', async () => {
      expect(await begin('a')).toBe(true);
      await series.put(chunk('a', 1));
      await series.put(chunk('a', 1, { series: '1m' }));
      expect(await found()).toEqual([]);
      expect(await series.imports()).toEqual([]);
      await series.publish(record('a'));
      const { bytes, ...head } = chunk('a', 1);
      expect(await series.heads(EVERYTHING)).toEqual([head]);
      expect([...(await series.bytes(head))]).toEqual([...bytes]);
      expect(await series.imports('NQ')).toEqual([record('a', { bytes: 14 })]);
      expect(await series.imports('ES')).toEqual([]);
    });

    test('its own chunks can be read while it is under way', async () => {
      await begin('a');
      await series.put(chunk('a', 1));
      expect([...(await series.bytes(chunk('a', 1)))]).toEqual([...chunk('a', 1).bytes]);
      await expect(series.bytes(chunk('a', 2))).rejects.toThrow('not there');
    });

    test('chunks come by first time, then import and part, and only those that may have rows of the range', async () => {
      for (const id of ['b', 'B']) {
        await begin(id);
        for (const part of [2, 1]) await series.put(chunk(id, part));
        await series.put(chunk(id, 3, { firstMs: 100 }));
        await series.publish(record(id));
      }
      expect(await found()).toEqual(['B 1', 'B 3', 'b 1', 'b 3', 'B 2', 'b 2']);
      expect(await found({ fromMs: 151, toMs: 200 })).toEqual(['B 3', 'b 3']);
      expect(await found({ fromMs: 0, toMs: 100 })).toEqual([]);
      expect(await found({ fromMs: 250, toMs: 251 })).toEqual(['B 3', 'b 3', 'B 2', 'b 2']);
    });

    test('an instrument has one import under way; a discarded one leaves nothing and makes room', async () => {
      await begin('a');
      await series.put(chunk('a', 1));
      expect(await begin('b')).toBe(false);
      expect(await begin('c', 'ES')).toBe(true);
      await series.discard('a');
      await expect(series.bytes(chunk('a', 1))).rejects.toThrow('not there');
      await expect(series.put(chunk('a', 2))).rejects.toThrow('not under way');
      await expect(series.publish(record('a'))).rejects.toThrow('not under way');
      expect(await begin('b')).toBe(true);
    });

    test('a published import is not discarded, published twice or added to', async () => {
      await begin('a');
      await series.put(chunk('a', 1));
      await series.publish(record('a'));
      await series.discard('a');
      await expect(series.publish(record('a'))).rejects.toThrow('not under way');
      await expect(series.put(chunk('a', 2))).rejects.toThrow('not under way');
      expect(await found()).toEqual(['a 1']);
      expect(await begin('a', 'ES')).toBe(false);
    });

    test('a published import that is taken away leaves nothing; one under way, and others, stay', async () => {
      for (const id of ['a', 'b']) {
        await begin(id);
        await series.put(chunk(id, 1));
        await series.publish(record(id));
      }
      await begin('c');
      await series.put(chunk('c', 1));
      for (const id of ['a', 'a', 'c', 'nobody']) await series.remove(id);
      expect(await found()).toEqual(['b 1']);
      await expect(series.bytes(chunk('a', 1))).rejects.toThrow('not there');
      expect((await series.bytes(chunk('c', 1))).length).toBeGreaterThan(0);
    });

    test('an import without a tick that was new is remembered as well', async () => {
      await begin('a');
      const nothing = { ticks: 0, firstMs: null, lastMs: null, fileName: null, bytes: 0 };
      await series.publish(record('a', nothing));
      expect(await series.imports()).toEqual([record('a', nothing)]);
    });

    test('what a killed holder had published stays, what it had under way is forgotten', async () => {
      const place = await places.make();
      const killed = place.open();
      await begun(killed);
      await begin('a');
      await series.put(chunk('a', 1));
      await series.publish(record('a'));
      await begin('b');
      await series.put(chunk('b', 1));
      await place.kill(killed);
      const next = place.open();
      await begun(next);
      expect(await found()).toEqual(['a 1']);
      await expect(series.bytes(chunk('b', 1))).rejects.toThrow('not there');
      expect(await begin('b')).toBe(true);
      await next.store.close();
      await place.remove();
    });
  });
}
