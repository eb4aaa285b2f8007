/** Files of bars as a caller sees them: their length found, longer bars made of them, and never a bucket counted twice, whoever told of it first. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { MemoryDisk } from '../../db/memory/disk.ts';
import { openMemory } from '../../db/memory/open.ts';
import type { ChunkHead, SeriesStore } from '../series/store.ts';
import { allBars, importText } from '../testing/imports.ts';

const DAY = Date.UTC(2020, 0, 6);
const MINUTE = 60_000;
const HOUR = 3_600_000;
const HEADER = 'timestamp,open,high,low,close,volume\n';
const SAMPLES = join(process.cwd(), '..', 'shared', 'data');

type Bar = readonly [startMs: number, open: number, high: number, low: number, close: number, volume: number];
const textOf = (bars: readonly Bar[]): string => HEADER + bars.map((bar) => `${bar.join(',')}\n`).join('');
/** A bar a length; each one point above the one before. */
const rising = (count: number, lengthMs: number, fromMs = DAY, price = 100): Bar[] =>
  Array.from({ length: count }, (_, n) => [
    fromMs + n * lengthMs,
    price + n,
    price + n + 2,
    price + n - 1,
    price + n + 1,
    10,
  ]);
const ticksOf = (times: readonly number[], price: number): string =>
  `timestamp,price,volume\n${times.map((at) => `${at},${price},1\n`).join('')}`;
const at = (ms: number): string => new Date(ms).toISOString();

let store: SeriesStore;
beforeEach(() => {
  store = openMemory(new MemoryDisk()).series;
});
const imported = async (content: string) => (await importText(store, content, { takesBars: true })).result;

describe('a file of bars', () => {
  test('is stored with the longer bars that it makes', async () => {
    expect(await imported(textOf(rising(10, MINUTE)))).toMatchObject({
      ...{ outcome: 'stored', layout: 'columns by name, bars of 1m', totalRows: 10, uploadedRows: 10, skippedRows: 0 },
      ...{ firstMs: DAY, lastMs: DAY + 9 * MINUTE },
    });
    expect((await allBars(store, '1m'))[3]).toEqual([at(DAY + 3 * MINUTE), 103, 105, 102, 104, 10, 0]);
    expect(await allBars(store, '5m')).toEqual([
      [at(DAY), 100, 106, 99, 105, 50, 0],
      [at(DAY + 5 * MINUTE), 105, 111, 104, 110, 50, 0],
    ]);
    expect(await allBars(store, '1d')).toEqual([[at(DAY), 100, 111, 99, 110, 100, 0]]);
    expect(await store.imports()).toMatchObject([{ symbol: 'NQ', ticks: 10, layout: 'columns by name, bars of 1m' }]);
  });

  test('of hours has no shorter bars, and one of days is known by its dates', async () => {
    await imported(textOf(rising(30, HOUR)));
    expect([(await allBars(store, '15m')).length, (await allBars(store, '1h')).length]).toEqual([0, 30]);
    expect((await allBars(store, '4h')).length).toBe(8);
    store = openMemory(new MemoryDisk()).series;
    const days = ['2020-01-06', '2020-01-07', '2020-01-10'].map(
      (day, n) => `${day},${10 + n},${12 + n},9,${11 + n},5\n`,
    );
    expect(await imported(`date,open,high,low,close,volume\n${days.join('')}`)).toMatchObject({ uploadedRows: 3 });
    expect((await allBars(store, '1d')).map(([start]) => start)).toEqual([
      at(DAY),
      at(DAY + 24 * HOUR),
      at(DAY + 96 * HOUR),
    ]);
  });

  test('adds nothing a second time, and only what is new when it has grown', async () => {
    await imported(textOf(rising(100, MINUTE)));
    const before = await allBars(store, '1h');
    expect(await imported(textOf(rising(100, MINUTE)))).toMatchObject({
      uploadedRows: 0,
      duplicateRows: 100,
      firstMs: null,
    });
    expect(await allBars(store, '1h')).toEqual(before);
    expect(await imported(textOf(rising(130, MINUTE)))).toMatchObject({ uploadedRows: 30, duplicateRows: 100 });
    expect(await allBars(store, '1h')).toEqual([
      [at(DAY), 100, 161, 99, 160, 600, 0],
      [at(DAY + HOUR), 160, 221, 159, 220, 600, 0],
      [at(DAY + 2 * HOUR), 220, 231, 219, 230, 100, 0],
    ]);
  });

  test('of many chunks is the same however it is cut', async () => {
    const bars = rising(20_000, MINUTE, DAY, 10_000);
    await imported(textOf(bars));
    expect((await allBars(store, '1m')).length).toBe(20_000);
    const hours = await allBars(store, '1h');
    expect(hours.length).toBe(Math.ceil(20_000 / 60));
    expect(hours[200]).toEqual([at(DAY + 200 * HOUR), 22_000, 22_061, 21_999, 22_060, 600, 0]);
  });

  test('that overlaps ticks leaves what the ticks said', async () => {
    const minutes = [0, 1, 2].map((n) => DAY + n * MINUTE + 5_000);
    await importText(store, ticksOf(minutes, 500));
    expect(await imported(textOf(rising(5, MINUTE)))).toMatchObject({ uploadedRows: 2, duplicateRows: 3 });
    expect((await allBars(store, '1m')).map(([, open]) => open)).toEqual([500, 500, 500, 103, 104]);
    expect((await allBars(store, '5m')).at(0)).toEqual([at(DAY), 500, 500, 102, 105, 23, 3]);
  });

  test('is not added to by ticks that come later, of its length and of longer ones', async () => {
    await imported(textOf(rising(2, HOUR)));
    const [hours, days] = [await allBars(store, '1h'), await allBars(store, '1d')];
    await importText(store, ticksOf([DAY + 1_000, DAY + 90 * MINUTE, DAY + 2 * HOUR + 1], 7));
    expect((await allBars(store, '1m')).length).toBe(3);
    expect(await allBars(store, '1h')).toEqual([...hours, [at(DAY + 2 * HOUR), 7, 7, 7, 7, 1, 1]]);
    expect((await allBars(store, '1d'))[0]).toEqual([at(DAY), 100, 103, 7, 7, 21, 1]);
    expect(days[0]?.[5]).toBe(20);
  });

  test('of minutes fills in under hours that a file has told, and changes none of them', async () => {
    await imported(textOf(rising(3, HOUR)));
    const hours = await allBars(store, '1h');
    expect(await imported(textOf(rising(240, MINUTE, DAY, 900)))).toMatchObject({ uploadedRows: 240 });
    expect((await allBars(store, '5m')).length).toBe(48);
    expect((await allBars(store, '1h')).slice(0, 3)).toEqual(hours);
    expect((await allBars(store, '1h'))[3]).toEqual([at(DAY + 3 * HOUR), 1_080, 1_141, 1_079, 1_140, 600, 0]);
  });
});

test('what is stored already is read once a file of bars, whoever told of it', async () => {
  await importText(store, ticksOf([DAY + 1_000, DAY + 90 * MINUTE], 7));
  await imported(textOf(rising(5, MINUTE, DAY + 2 * HOUR)));
  await imported(textOf(rising(3, HOUR, DAY + 4 * HOUR)));
  const reads: string[] = [];
  const counted: SeriesStore = Object.assign(Object.create(store), {
    bytes: (head: ChunkHead) => {
      reads.push(`${head.importId} ${head.series} ${head.part}`);
      return store.bytes(head);
    },
  });
  const { result } = await importText(counted, textOf(rising(10, MINUTE, DAY + 2 * HOUR)), { takesBars: true });
  expect(result).toMatchObject({ uploadedRows: 5, duplicateRows: 5 });
  expect(reads.toSorted()).toEqual([...new Set(reads)].toSorted());
  expect(reads).toHaveLength(3);
});

describe('a file of bars is refused', () => {
  const refused = async (content: string, code: string, reason: string) => {
    expect(await imported(content)).toMatchObject({
      outcome: 'refused',
      code,
      reason: expect.stringContaining(reason),
    });
    expect(await store.imports()).toEqual([]);
  };

  test('for a length that is not kept, a single bar, times that go back, and bars beside their edge', async () => {
    await refused(textOf(rising(10, 30_000)), 'bar-length', "the file's bars are 30 s long; kept are bars of 1m, 5m");
    await refused(textOf(rising(1, MINUTE)), 'bar-length', 'a single bar tells no length');
    await refused(textOf(rising(5, MINUTE).toReversed()), 'bar-length', 'a single bar');
    await refused(textOf([...rising(5, MINUTE), ...rising(2, MINUTE)]), 'not-rising', 'do not rise');
    await refused(textOf(rising(10, MINUTE, DAY + 20_000)), 'too-many-bad-lines', 'whole multiple of its length');
  });

  test('where only ticks are wanted', async () => {
    const { result } = await importText(store, textOf(rising(5, MINUTE)));
    expect(result).toMatchObject({ outcome: 'refused', code: 'not-ticks' });
  });
});

test.skipIf(!existsSync(SAMPLES)).each([
  ['ES_1m_lean_2013-2020.csv.gz', '1m', 19_083],
  ['EURUSD_1h_oanda_2014-2018.csv.gz', '1h', 30_843],
  ['EURUSD_15m_smc.csv.gz', '15m', 24_424],
  ['AAPL_1d_lean.csv.gz', '1d', 5_849],
  ['BTCUSD_1m_coinbase_2017-2018.csv.gz', '1m', 8_207],
] as const)('%s is stored as bars of %s (needs ../shared/data)', async (name, timeframe, rows) => {
  const [symbol = ''] = name.split('_');
  const { result } = await importText(store, readFileSync(join(SAMPLES, name)), { takesBars: true, symbol });
  expect(result).toMatchObject({ outcome: 'stored', totalRows: rows, badRows: 0 });
  const { uploadedRows, duplicateRows } = result;
  expect(uploadedRows + duplicateRows).toBe(rows);
  expect(await allBars(store, timeframe, symbol)).toHaveLength(uploadedRows);
});
