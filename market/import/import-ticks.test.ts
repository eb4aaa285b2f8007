/** Imports as a caller sees them: what was stored, what was refused, and that nothing is ever half stored. */
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { MemoryDisk } from '../../db/memory/disk.ts';
import { openMemory } from '../../db/memory/open.ts';
import type { SeriesStore } from '../series/store.ts';
import { ALL, allBars, allTicks, importText, piecesOf } from '../testing/imports.ts';
import { readText } from '../testing/read-text.ts';

const START_MS = Date.UTC(2019, 11, 16, 14, 30);
const DAY_MS = 86_400_000;

/** Lines `[seconds after the start, price, volume]`. */
const textOf = (rows: readonly (readonly [seconds: number, price: number, volume?: number])[]): string =>
  `timestamp,price,volume\n${rows.map(([at, price, volume = 1]) => `${START_MS + at * 1_000},${price},${volume}\n`).join('')}`;

const walk = (count: number, firstSecond = 0) =>
  Array.from(
    { length: count },
    (_, index) => [firstSecond + index, 8572 + ((index * 7) % 40) / 4, 1 + (index % 3)] as const,
  );

let disk: MemoryDisk;
let store: SeriesStore;
beforeEach(() => {
  disk = new MemoryDisk();
  store = openMemory(disk).series;
});

describe('what was imported', () => {
  test('is read back as the file has it, with its counts', async () => {
    const text = textOf(walk(1_000));
    const { result, progress } = await importText(store, text);
    expect(result).toMatchObject({
      ...{ outcome: 'stored', layout: 'columns by name', kind: 'prints', zone: 'UTC', totalRows: 1_000 },
      ...{ uploadedRows: 1_000, skippedRows: 0, firstMs: START_MS, lastMs: START_MS + 999_000 },
    });
    expect(await allTicks(store)).toEqual(readText(text).ticks);
    expect(progress.at(-1)).toMatchObject({ batch: 1, uploaded: 1_000, skipped: 0, readBytes: text.length });
    expect(await store.imports()).toMatchObject([{ symbol: 'NQ', ticks: 1_000, duplicates: 0, badLines: 0 }]);
  });

  test('is the same from a gzip file', async () => {
    const text = textOf(walk(500));
    await importText(store, gzipSync(text));
    expect(await allTicks(store)).toEqual(readText(text).ticks);
  });

  test('can be read in part: from a time on, up to before another', async () => {
    await importText(store, textOf(walk(100)));
    const part = await allTicks(store, { fromMs: START_MS + 10_000, toMs: START_MS + 20_000 });
    expect(part).toHaveLength(10);
    expect(part[0]?.at).toBe('2019-12-16T14:30:10.000Z');
  });

  test('spans many chunks, which do not tear a millisecond apart', async () => {
    const rows = Array.from(
      { length: 150_000 },
      (_, index) => [Math.floor(index / 7) / 1_000, 8572 + (index % 9), 1 + (index % 7)] as const,
    );
    const text = textOf(rows);
    const { progress } = await importText(store, text);
    const heads = await store.heads({ symbol: 'NQ', series: 'ticks', ...ALL });
    expect(heads.length).toBeGreaterThan(2);
    for (const [index, head] of heads.entries())
      if (index > 0) expect(head.firstMs).toBeGreaterThan(heads[index - 1]!.lastMs);
    expect(await allTicks(store)).toEqual(readText(text).ticks);
    expect(progress.map(({ batch }) => batch)).toEqual(progress.map((_, index) => index + 1));
    expect(progress[0]?.uploaded).toBeGreaterThan(0);
    expect(progress.map(({ uploaded }) => uploaded)).toEqual(
      progress.map(({ uploaded }) => uploaded).toSorted((a, b) => a - b),
    );
  });
});

describe('duplicates', () => {
  test('are skipped when the same file comes again, and when it repeats itself', async () => {
    const text = textOf(walk(300));
    await importText(store, text);
    const before = await allTicks(store);
    expect((await importText(store, text)).result).toMatchObject({
      uploadedRows: 0,
      skippedRows: 300,
      duplicateRows: 300,
    });
    expect(await allTicks(store)).toEqual(before);
    const other = openMemory().series;
    const twice = text + text.slice(text.indexOf('\n') + 1);
    expect((await importText(other, twice)).result).toMatchObject({
      totalRows: 600,
      uploadedRows: 300,
      skippedRows: 300,
    });
    expect(await allTicks(other)).toEqual(before);
  });

  test('are told by instant, price, volume and position within the instant: equal prints of one instant are not', async () => {
    const first = textOf([
      [0, 10],
      [0, 10],
      [0, 10, 5],
      [1, 11],
    ]);
    expect((await importText(store, first)).result).toMatchObject({ uploadedRows: 4 });
    const second = textOf([
      [0, 10],
      [0, 10],
      [0, 10, 6],
      [0, 10, 6],
      [1, 11],
      [1, 11],
    ]);
    expect((await importText(store, second)).result).toMatchObject({ uploadedRows: 3, duplicateRows: 3 });
    expect((await importText(store, second)).result).toMatchObject({ uploadedRows: 0, duplicateRows: 6 });
    expect((await allTicks(store)).map(({ price, volume }) => [price, volume])).toEqual([
      [10, 1],
      [10, 1],
      [10, 5],
      [10, 6],
      [10, 6],
      [11, 1],
      [11, 1],
    ]);
  });

  test('are found among chunks of the same import that are still on their way', async () => {
    const text = textOf(walk(66_000));
    const twice = text + text.slice(text.indexOf('\n') + 1);
    const { result } = await importText(store, twice);
    expect(result).toMatchObject({ outcome: 'stored', uploadedRows: 66_000, duplicateRows: 66_000 });
    expect(await allTicks(store)).toEqual(readText(text).ticks);
  });

  test('of one single instant are looked for in no chunk but their own, however many there are of it', async () => {
    const reads = vi.spyOn(store, 'bytes');
    const chunks = 4;
    const text = textOf(Array.from({ length: chunks * 65_536 }, () => [0, 10] as const));
    expect((await importText(store, text)).result).toMatchObject({ uploadedRows: chunks * 65_536, duplicateRows: 0 });
    expect(reads).toHaveBeenCalledTimes(0);
    const again = await importText(store, text + textOf([[0, 11]]).slice(text.indexOf('\n') + 1));
    expect(again.result).toMatchObject({ uploadedRows: 1, duplicateRows: chunks * 65_536 });
    expect(reads).toHaveBeenCalledTimes(chunks);
    expect((await allTicks(store)).at(-1)).toMatchObject({ price: 11 });
  });

  test('are told also where two instants take turns, so that all their positions are alike', async () => {
    const rows = Array.from({ length: 60_000 }, (_, index) => [index % 2, 10 + Math.floor(index / 4)] as const);
    const { result } = await importText(store, textOf(rows));
    expect(result).toMatchObject({ uploadedRows: 30_000, duplicateRows: 30_000 });
    expect((await importText(store, textOf(rows))).result).toMatchObject({ uploadedRows: 0, duplicateRows: 60_000 });
  });

  test('are stored when they are wanted', async () => {
    const text = textOf(walk(10));
    await importText(store, text);
    await importText(store, text, { skipDuplicates: false });
    expect(await allTicks(store)).toHaveLength(20);
  });

  test('overlapping files in any order, and a file from the newest to the oldest, give the ticks of the whole once', async () => {
    const rows = walk(900);
    const whole = readText(textOf(rows)).ticks;
    const parts = [rows.slice(500), rows.slice(0, 400), rows.slice(300, 650), rows.toReversed()];
    for (const part of parts) await importText(store, textOf(part));
    expect(await allTicks(store)).toEqual(whole);
    const backwards = openMemory().series;
    await importText(backwards, textOf(rows.toReversed()));
    expect(await allTicks(backwards)).toEqual(whole);
  });
});

describe('bars', () => {
  test('of all lengths come with the ticks; a day is one of UTC', async () => {
    await importText(
      store,
      textOf([
        [0, 10],
        [20, 14, 2],
        [59.999, 9],
        [60, 12],
        [4 * 3_600, 11],
        [DAY_MS / 1_000, 20],
      ]),
    );
    expect(await allBars(store, '1m')).toEqual([
      ['2019-12-16T14:30:00.000Z', 10, 14, 9, 9, 4, 3],
      ['2019-12-16T14:31:00.000Z', 12, 12, 12, 12, 1, 1],
      ['2019-12-16T18:30:00.000Z', 11, 11, 11, 11, 1, 1],
      ['2019-12-17T14:30:00.000Z', 20, 20, 20, 20, 1, 1],
    ]);
    expect(await allBars(store, '4h')).toHaveLength(3);
    expect((await allBars(store, '1d'))[0]).toEqual(['2019-12-16T00:00:00.000Z', 10, 14, 9, 11, 6, 5]);
    for (const timeframe of ['5m', '15m', '1h'] as const) expect(await allBars(store, timeframe)).toHaveLength(3);
  });

  test('are the same whether the ticks came in one file, in several, or in a wrong order', async () => {
    const rows = walk(2_000);
    await importText(store, textOf(rows));
    for (const order of [
      [rows.slice(0, 1_010), rows.slice(990)],
      [rows.slice(750), rows.slice(0, 800)],
      [rows.toReversed()],
    ]) {
      const other = openMemory().series;
      for (const part of order) await importText(other, textOf(part));
      for (const timeframe of ['1m', '5m', '15m', '1h', '4h', '1d'] as const)
        expect(await allBars(other, timeframe)).toEqual(await allBars(store, timeframe));
    }
  });

  test('of quotes are made of mids', async () => {
    await importText(store, 'timestamp,bid,ask\n2019-12-16T14:30:00Z,1.1,1.3\n2019-12-16T14:30:01Z,1.2,1.4\n');
    expect(await allBars(store, '1m')).toEqual([['2019-12-16T14:30:00.000Z', 1.2, 1.3, 1.2, 1.3, 0, 2]]);
  });
});

describe('nothing is stored', () => {
  const isEmpty = async (): Promise<void> => {
    expect(await store.heads({ symbol: 'NQ', series: 'ticks', ...ALL })).toEqual([]);
    expect(await store.imports()).toEqual([]);
    expect(disk.series.size).toBe(0);
  };
  const withBad = (bad: number, good: number): string => textOf(walk(good)) + 'rubbish\n'.repeat(bad);

  test('when more than one line in a hundred is bad; the first twenty are told', async () => {
    const { result } = await importText(store, withBad(30, 1_000));
    expect(result).toMatchObject({
      outcome: 'refused',
      code: 'too-many-bad-lines',
      badRows: 30,
      uploadedRows: 0,
      totalRows: 1_030,
    });
    expect(result.badLines).toHaveLength(20);
    expect(result.badLines[0]).toEqual({ line: 1_002, reason: 'not a time between 1970 and 2100' });
    await isEmpty();
    expect((await importText(store, withBad(10, 990))).result).toMatchObject({
      outcome: 'stored',
      badRows: 10,
      skippedRows: 10,
    });
  });

  test('when a file turns out to be something else, without reading all of it', async () => {
    let read = 0;
    async function* endless(): AsyncGenerator<Uint8Array, void> {
      yield Buffer.from(textOf(walk(1_000)));
      for (; read < 1_000_000; read += 1) yield Buffer.from('rubbish\n'.repeat(1_000));
    }
    expect((await importText(store, endless())).result).toMatchObject({
      outcome: 'refused',
      code: 'too-many-bad-lines',
    });
    expect(read).toBeLessThan(100);
    await isEmpty();
  });

  test.each([
    ['', 'empty'],
    ['a,b,c\n1,2,3\n', 'unknown-layout'],
    ['timestamp,price\n', 'no-ticks'],
    ['timestamp,open,high,low,close\n1576506600,1,2,1,2\n', 'not-ticks'],
    ['PK\u0003\u0004 and so on', 'not-text'],
    [Buffer.from('\uFEFFtimestamp,price\n1,2\n', 'utf16le'), 'not-text'],
  ])('of %j: %s', async (content, code) => {
    expect((await importText(store, content)).result).toMatchObject({ outcome: 'refused', code });
    await isEmpty();
  });

  test('that names another instrument than the one it was given as, in ticks and in bars', async () => {
    const ticks = (name: string) => `timestamp,symbol,price\n${START_MS},${name},100\n`;
    const { result } = await importText(store, ticks('NQH0'), { symbol: 'EURUSD' });
    const reason = 'line 2 is of "NQH0", and the file was given as one of EURUSD';
    expect(result).toMatchObject({ outcome: 'refused', code: 'other-instrument', reason });
    const bars = `timestamp,contract,open,high,low,close\n${START_MS},ESZ9,1,2,1,2\n${START_MS + 60_000},ESH0,1,2,1,2\n`;
    expect((await importText(store, bars, { takesBars: true })).result).toMatchObject({ code: 'other-instrument' });
    await isEmpty();
    for (const name of ['NQH0', 'NQ', 'MNQH0', 'front', '4711'])
      expect((await importText(store, ticks(name), { symbol: 'NQ' })).result).toMatchObject({ outcome: 'stored' });
  });

  test('beyond the limit, which counts what a gzip file unpacks to', async () => {
    const text = textOf(walk(70_000));
    for (const content of [text, gzipSync(text)]) {
      expect((await importText(store, content, { maxBytes: text.length - 1 })).result).toMatchObject({
        code: 'too-large',
      });
      await isEmpty();
    }
    expect((await importText(store, gzipSync(text), { maxBytes: text.length })).result).toMatchObject({
      outcome: 'stored',
    });
  });

  test('when the stream breaks; the same file can then be sent again', async () => {
    const text = textOf(walk(140_000));
    async function* broken(): AsyncGenerator<Uint8Array, void> {
      yield* piecesOf(text.slice(0, text.length - 1_000));
      throw new Error('the caller has gone');
    }
    await expect(importText(store, broken())).rejects.toThrow('the caller has gone');
    await isEmpty();
    expect((await importText(store, text)).result).toMatchObject({ outcome: 'stored', uploadedRows: 140_000 });
  });

  test('when its gzip file is torn or damaged, which is the file and no fault', async () => {
    const packed = gzipSync(textOf(walk(140_000)));
    const bent = Buffer.from(packed);
    bent.fill(0x55, 40_000, 40_100);
    for (const content of [packed.subarray(0, 30_000), bent]) {
      const { result } = await importText(store, content);
      expect(result).toMatchObject({ outcome: 'refused', code: 'damaged', reason: expect.stringContaining('gzip') });
      await isEmpty();
    }
  });

  test('when it is cancelled, even while the stream hangs', async () => {
    const cancel = new AbortController();
    async function* hanging(): AsyncGenerator<Uint8Array, void> {
      yield Buffer.from(textOf(walk(100)));
      queueMicrotask(() => cancel.abort(new Error('cancelled by a person')));
      await new Promise(() => undefined);
    }
    await expect(importText(store, hanging(), {}, cancel.signal)).rejects.toThrow('cancelled by a person');
    await isEmpty();
  });

  test('when its caller goes while the last chunk is stored', async () => {
    const gone = new AbortController();
    const slow: SeriesStore = Object.assign(Object.create(store) as SeriesStore, {
      async put(chunk: Parameters<SeriesStore['put']>[0]) {
        await store.put(chunk);
        gone.abort(new Error('the caller has gone'));
      },
    });
    await expect(importText(slow, textOf(walk(100)), {}, gone.signal)).rejects.toThrow('the caller has gone');
    await isEmpty();
  });

  test('when the store fails in the middle, and its fault is the caller’s', async () => {
    let puts = 0;
    const failing: SeriesStore = Object.assign(Object.create(store) as SeriesStore, {
      async put(chunk: Parameters<SeriesStore['put']>[0]) {
        puts += 1;
        if (puts === 2) throw new Error('the database is away');
        await store.put(chunk);
      },
    });
    await expect(importText(failing, textOf(walk(200_000)))).rejects.toThrow('the database is away');
    await isEmpty();
  });

  test('when another import of the instrument is under way', async () => {
    await store.begin({ id: 'other', symbol: 'NQ', startedAt: 1 });
    expect((await importText(store, textOf(walk(10)))).result).toMatchObject({ outcome: 'refused', code: 'under-way' });
    expect((await importText(store, textOf(walk(10)), { symbol: 'ES' })).result).toMatchObject({ outcome: 'stored' });
  });
});
