/** `imports` through a running product: what is listed, and what becomes of one that is taken back. */
import { beforeEach, expect, test } from 'vitest';
import { MemoryTickFiles } from '../../adapters/tick-files/memory.ts';
import { FakeHouse } from '../../api/testing/fake-house.ts';
import { World } from '../../api/testing/samples.ts';
import { MemoryDisk } from '../../db/memory/disk.ts';
import { openMemory } from '../../db/memory/open.ts';
import type { SeriesStore } from '../../market/series/store.ts';
import { allTicks, importText } from '../../market/testing/imports.ts';
import { openTickDesk } from '../tick-desk.ts';
import { runCli } from './runs/testing.ts';

const linesOf = (from: number): string =>
  `timestamp,price,volume\n${Array.from({ length: 60 }, (_, n) => `${Date.UTC(2025, 0, 2, 14, 30, from + n)},21000,1\n`).join('')}`;

let store: SeriesStore;
let run: (...args: string[]) => ReturnType<typeof runCli>;
beforeEach(async () => {
  const house = new FakeHouse();
  store = openMemory(new MemoryDisk()).series;
  house.series = store;
  const { clock, ids } = house;
  house.tickDesk = openTickDesk({ files: new MemoryTickFiles(), store, clock, ids });
  const { app } = new World(house).api;
  run = (...args) => runCli(args, { send: async (url, init) => app.request(url, init) });
  await importText(store, linesOf(0), { importId: 'a', fileName: 'C:\\ticks\\NQ early.txt' });
  await importText(store, linesOf(30), { importId: 'b', fileName: 'files/NQ late.txt' });
  await importText(store, linesOf(0), { importId: 'c', symbol: 'ES' });
});

test('imports are listed with their files, rows, periods and bytes', async () => {
  const { output, code } = await run('imports');
  expect(code).toBe(0);
  const [heads, ...rows] = output.trimEnd().split('\n');
  expect(heads).toMatch(
    /^import +symbol +file +layout +rows +duplicates +from \(UTC\) +to \(UTC\) +imported \(UTC\) +bytes$/,
  );
  expect(rows).toEqual([
    expect.stringMatching(
      /^a +NQ +NQ early.txt +columns by name +60 +0 +2025-01-02 14:30:00 +2025-01-02 14:30:59 .* [\d,]+$/,
    ),
    expect.stringMatching(/^b +NQ +NQ late.txt +columns by name +30 +30 +2025-01-02 14:31:00 +2025-01-02 14:31:29 /),
    expect.stringMatching(/^c +ES +- /),
  ]);
  const told = JSON.parse((await run('--json', 'imports', 'list', '--symbol', 'ES')).output);
  expect(told).toMatchObject({ imports: [{ id: 'c', symbol: 'ES', ticks: 60, fileName: null }] });
  expect(told.imports[0].bytes).toBeGreaterThan(0);
  expect(await run('imports', 'list', '--symbol', 'TULIPS')).toMatchObject({ code: 2 });
});

test('one is taken back where nothing leans on it; else what has to go first is named', async () => {
  const refused = await run('imports', 'remove', 'a');
  expect(refused).toMatchObject({ code: 1, output: '' });
  expect(refused.notes).toContain('import their files again afterwards: b (NQ late.txt)');
  expect(await allTicks(store)).toHaveLength(90);
  const { output } = await run('imports', 'remove', 'b');
  expect(output).toBe(
    'NQ: took back 30 rows of NQ late.txt, 2025-01-02 14:31:00 to 2025-01-02 14:31:29 UTC, and their bars\n',
  );
  expect(JSON.parse((await run('--json', 'imports', 'remove', 'a')).output)).toMatchObject({ removed: { id: 'a' } });
  expect(await allTicks(store)).toEqual([]);
  expect((await run('imports', 'list', '--symbol', 'NQ')).output).toBe('nothing was imported\n');
  expect(await run('imports', 'remove', 'a')).toMatchObject({ code: 1 });
});
