/** I13 on planted halves. */
import { expect, test } from 'vitest';
import type { ImportRecord, SeriesName } from '../../market/series/store.ts';
import type { SentFile } from '../exchange.ts';
import type { StoredImport } from '../stored-imports.ts';
import { findingsOf, History } from '../testing/history.ts';
import { importsAreWhole } from './imports-are-whole.ts';

const RECORD: ImportRecord = {
  ...{ id: 'a', symbol: 'NQ', layout: 'columns by name', kind: 'prints', startedAt: 1, publishedAt: 2 },
  ...{ ticks: 100, duplicates: 8, badLines: 2, firstMs: 1, lastMs: 2 },
  ...{ duplicateFirstMs: 1, duplicateLastMs: 2, fileName: null, bytes: 300 },
};

const files = (symbol: string, ...rows: number[]): SentFile[] => rows.map((count) => ({ symbol, rows: count }));

function found(
  change: Partial<ImportRecord>,
  { bars = 100, sent = files('NQ', 110), underWay = [] as string[], healed = true } = {},
): string[] {
  const record = { ...RECORD, ...change };
  const ticks = new Map<SeriesName, number>([
    ['ticks', 100],
    ['1m', bars],
  ]);
  const imports: StoredImport[] = [{ record, ticks }];
  const history = new History();
  const stored = { imports, sent, underWay: new Set(underWay) };
  return findingsOf(importsAreWhole(), history, history.rest({ files: stored, healed }));
}

test('an import of a whole file keeps the promise', () => {
  expect(found({})).toEqual([]);
  expect(found({}, { sent: files('NQ', 5, 110) })).toEqual([]);
});

test('half a file, chunks that hold less, bars that hold more, and an import without an end break it', () => {
  const cut = 'import a of NQ has taken 110 lines, and no file of NQ has so many';
  expect(found({}, { sent: files('NQ', 220) })).toEqual([cut]);
  expect(found({}, { sent: [...files('NQ', 220), ...files('ES', 110)] })).toEqual([cut]);
  expect(found({ ticks: 101, badLines: 1 })).toEqual([
    'import a of NQ tells of 101 ticks, and its ticks hold 100',
    'import a of NQ tells of 101 ticks, and its 1m hold 100',
  ]);
  expect(found({}, { bars: 120 })).toEqual(['import a of NQ tells of 100 ticks, and its 1m hold 120']);
  expect(found({}, { underWay: ['b'] })).toEqual(['import b is still under way']);
});

test('while the world is not healed yet, an import may be half way', () => {
  expect(found({}, { underWay: ['b'], healed: false })).toEqual([]);
});
