/** Imports that are taken back: what is left is what would be there without them, or it is refused. */
import { beforeEach, describe, expect, test } from 'vitest';
import { MemoryDisk } from '../../db/memory/disk.ts';
import { openMemory } from '../../db/memory/open.ts';
import type { SeriesStore } from '../series/store.ts';
import { allBars, allTicks, importText } from '../testing/imports.ts';
import { type TakenBack, takeBack } from './take-back.ts';

const START_MS = Date.UTC(2019, 11, 16, 14, 30);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A tick each second of [from, from + count), at prices that tell the files apart. */
const ticks = (from: number, count: number, price: number): string =>
  `timestamp,price,volume\n${Array.from({ length: count }, (_, n) => `${START_MS + (from + n) * 1_000},${price + ((from + n) % 7)},1\n`).join('')}`;
const bars = (everyMs: number, count: number, fromMs = START_MS - 30 * MINUTE): string =>
  `timestamp,open,high,low,close,volume\n${Array.from({ length: count }, (_, n) => `${fromMs + n * everyMs},100,102,99,101,5\n`).join('')}`;

const newStore = (): SeriesStore => openMemory(new MemoryDisk()).series;
let store: SeriesStore;
beforeEach(() => {
  store = newStore();
});

async function brought(text: string, into = store): Promise<string> {
  const { result } = await importText(into, text, { takesBars: true });
  if (result.outcome === 'refused') throw new Error(result.reason);
  return result.importId;
}

const take = (importId: string, reader?: string): Promise<TakenBack> =>
  takeBack({ store, importId, holdId: `hold-${importId}`, clock: { wallNow: () => 1 }, readerOf: async () => reader });

const everything = async (of: SeriesStore) => ({
  ticks: await allTicks(of),
  bars: await Promise.all((['1m', '5m', '15m', '1h', '4h', '1d'] as const).map((timeframe) => allBars(of, timeframe))),
});

/** What there would be without the other files. */
async function only(...texts: readonly string[]): Promise<unknown> {
  const without = newStore();
  for (const text of texts) await brought(text, without);
  return everything(without);
}

const refused = (...words: readonly string[]) => ({
  outcome: 'refused',
  reason: expect.stringMatching(new RegExp(words.join('.*'), 's')),
});

describe('an import that is taken back', () => {
  const files = [
    ticks(0, 600, 8_500),
    ticks(300, 600, 8_600),
    bars(MINUTE, 90, START_MS + 2 * HOUR),
    bars(HOUR, 5, START_MS - 30 * MINUTE + 3 * DAY),
  ];

  test.each([0, 1, 2, 3])(
    'takes its ticks and bars along, and leaves those of the others as they were (file %i)',
    async (which) => {
      const ids: string[] = [];
      for (const text of files) ids.push(await brought(text));
      const { id } = (await store.imports()).find((one) => one.id === ids[which])!;
      expect(await take(id)).toMatchObject({ outcome: 'removed', record: { id } });
      expect((await store.imports()).map((one) => one.id)).toEqual(ids.filter((one) => one !== id));
      expect(await everything(store)).toEqual(await only(...files.filter((_, index) => index !== which)));
    },
  );

  test('can come again', async () => {
    const first = await brought(files[0]!);
    await take(first);
    expect(await store.imports()).toEqual([]);
    await brought(files[0]!);
    expect(await everything(store)).toEqual(await only(files[0]!));
  });

  test('that brought nothing new goes alone', async () => {
    const first = await brought(files[0]!);
    const again = await brought(files[0]!);
    expect(await take(first)).toMatchObject(refused('take those back first', again));
    expect(await take(again)).toMatchObject({ outcome: 'removed' });
    expect(await everything(store)).toEqual(await only(files[0]!));
  });
});

describe('what a later file left out because of it', () => {
  test('has to go first, and its file to come again: then it is all there', async () => {
    const [early, late] = [ticks(0, 60, 8_500), ticks(30, 60, 8_500)];
    const first = await brought(early);
    const later = await brought(late);
    expect(await take(first)).toMatchObject(refused('newest first', later));
    expect(await take(later)).toMatchObject({ outcome: 'removed' });
    expect(await take(first)).toMatchObject({ outcome: 'removed' });
    await brought(late);
    expect(await everything(store)).toEqual(await only(late));
  });

  test('counts only where both have been: files of other days, and what they repeat of each other, do not hold it', async () => {
    const day = (n: number, from = 0) => ticks(n * 86_400 + from, 600, 8_500);
    const first = await brought(day(0));
    await brought(day(1));
    const third = await brought(day(1, 300));
    expect((await store.imports()).at(-1)).toMatchObject({ id: third, duplicateLastMs: expect.any(Number) });
    expect(await take(first)).toMatchObject({ outcome: 'removed' });
  });

  test('are bars, too, that a file of bars had told as a whole', async () => {
    const told = await brought(bars(HOUR, 3));
    const later = await brought(ticks(0, 600, 8_500));
    expect(await take(told)).toMatchObject(refused('left out rows', later));
    await take(later);
    expect(await take(told)).toMatchObject({ outcome: 'removed' });
    await brought(ticks(0, 600, 8_500));
    expect(await everything(store)).toEqual(await only(ticks(0, 600, 8_500)));
  });

  test('is bars that came behind ticks of their bucket', async () => {
    const first = await brought(ticks(0, 600, 8_500));
    const later = await brought(bars(HOUR, 3));
    expect(await take(first)).toMatchObject(refused('left out rows', later));
  });
});

describe('nothing is taken back', () => {
  test('while somebody reads the instrument, while an import of it is under way, and of what nobody knows', async () => {
    const id = await brought(ticks(0, 60, 8_500));
    const before = await everything(store);
    expect(await take(id, 'execution 4 reads NQ')).toEqual({ outcome: 'refused', reason: 'execution 4 reads NQ' });
    await store.begin({ id: 'other', symbol: 'NQ', startedAt: 1 });
    expect(await take(id)).toMatchObject(refused('another import of NQ is under way'));
    await store.discard('other');
    expect(await take('nobody')).toEqual({ outcome: 'unknown' });
    expect(await everything(store)).toEqual(before);
    expect(await take(id)).toMatchObject({ outcome: 'removed' });
    expect(await take(id)).toEqual({ outcome: 'unknown' });
  });

  test('when the store fails, which then holds the instrument no longer than the failure', async () => {
    const id = await brought(ticks(0, 60, 8_500));
    const before = await everything(store);
    const { remove } = store;
    store.remove = async () => {
      throw new Error('no database');
    };
    await expect(take(id)).rejects.toThrow('no database');
    store.remove = remove.bind(store);
    expect(await everything(store)).toEqual(before);
    expect(await take(id)).toMatchObject({ outcome: 'removed' });
  });
});
