/** `import` as the writer of a real place. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEmbedded } from '../../db/open.ts';
import { freePort } from '../../scripts/lib/free-port.mjs';
import { runCli } from './runs/testing.ts';

const home = mkdtempSync(join(tmpdir(), 'pitwall-cli-import-'));
const env = { DATA_DIR: join(home, 'data') };
let url = '';
beforeAll(async () => {
  url = `http://127.0.0.1:${await freePort()}`;
  const place = openEmbedded({ directory: join(env.DATA_DIR, 'simulated-1') });
  await place.store.open('simulated:1');
  await place.close();
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const run = (...args: string[]) => runCli(['--url', url, ...args], { env });

function file(name: string, content: string | Buffer): string {
  const path = join(home, name);
  writeFileSync(path, content);
  return path;
}

const lines = (count: number): string =>
  Array.from(
    { length: count },
    (_, index) => `12/16/2019,09:30:${String(index % 60).padStart(2, '0')},${8572 + index},1\n`,
  ).join('');

test('a file is imported once, by the name of its instrument and in the zone that was told', async () => {
  const path = file('NQ 03-20.Last.txt', gzipSync(lines(60)));
  const first = await run('--json', 'import', path, '--zone', 'America/New_York');
  expect(first.code).toBe(0);
  expect(JSON.parse(first.output)).toMatchObject({
    symbol: 'NQ',
    totalRows: 60,
    uploadedRows: 60,
    zone: 'America/New_York',
  });
  // The whole file was read at once, and was not unpacked by that.
  expect(first.progress).toContain('60 stored, 0 skipped');
  expect(first.progress.join()).not.toContain('100 %');
  const again = await run('import', path, '--zone', 'America/New_York');
  expect(again.output).toContain('NQ: 0 of 60 rows stored, 60 skipped (0 bad lines)');
  const place = openEmbedded({ directory: join(env.DATA_DIR, 'simulated-1') });
  await place.store.open('simulated:1');
  expect(await place.series.imports('NQ')).toMatchObject([
    { ticks: 60, firstMs: Date.UTC(2019, 11, 16, 14, 30) },
    { ticks: 0, duplicates: 60 },
  ]);
  await place.close();
});

test('what was imported is listed, and one import is taken back while the others stay', async () => {
  for (const [name, text] of [
    ['ES 03-20.Last.txt', lines(60)],
    ['ES later.txt', lines(60).replaceAll(',09:', ',10:')],
  ] as const)
    await run('import', file(name, text));
  const listed = async () =>
    JSON.parse((await run('--json', 'imports', 'list', '--symbol', 'ES')).output).imports as {
      id: string;
      fileName: string;
      bytes: number;
    }[];
  const [first, second] = await listed();
  expect([first?.fileName, second?.fileName]).toEqual(['ES 03-20.Last.txt', 'ES later.txt']);
  expect(first?.bytes).toBeGreaterThan(0);
  expect((await run('imports')).output).toContain('ES later.txt');
  const { output } = await run('imports', 'remove', first!.id);
  expect(output).toBe(
    'ES: took back 60 rows of ES 03-20.Last.txt, 2019-12-16 09:30:00 to 2019-12-16 09:30:59 UTC, and their bars\n',
  );
  expect(await listed()).toEqual([second]);
  expect(await run('imports', 'remove', first!.id)).toMatchObject({ code: 1, output: '' });
});

test('a file can be imported before the product was ever started; other commands make no place', async () => {
  const fresh = { DATA_DIR: join(home, 'fresh') };
  const runFresh = (...args: string[]) => runCli(['--url', url, ...args], { env: fresh });
  expect((await runFresh('journal', 'verify')).notes).toContain('holds no journal yet: start the product once');
  expect(existsSync(fresh.DATA_DIR)).toBe(false);
  const imported = await runFresh('import', file('MNQ.txt', lines(60)));
  expect(imported.output).toContain('MNQ: 60 of 60 rows stored');
  expect(await runFresh('journal', 'verify')).toMatchObject({ code: 0 });
});

test('a refused file exits 1 and says why; a wrong question exits 2', async () => {
  const refused = await run('import', file('ES_x.txt', `${lines(20)}rubbish\n`));
  expect(refused).toMatchObject({ code: 1, output: '' });
  expect(refused.notes).toContain('nothing was stored: 1 of 21 lines are bad');
  expect(refused.notes).toContain('line 21: ');
  const { code, output } = await run('import', file('ES_x.txt', `${lines(20)}rubbish\n`), '--json');
  expect(code).toBe(1);
  expect(JSON.parse(output)).toMatchObject({
    refused: expect.stringContaining('1 of 21 lines'),
    badLines: [{ line: 21 }],
  });
  expect(await run('import', join(home, 'nowhere.txt'))).toMatchObject({ code: 2 });
  expect((await run('import', file('unknown.txt', lines(1)))).notes).toContain('give --symbol');
  expect(await run('import', file('ES_y.txt', lines(1)), '--symbol', 'XYZ')).toMatchObject({ code: 2 });
  expect(await run('import', file('ES_z.txt', lines(1)), '--zone', 'Mars')).toMatchObject({ code: 2 });
});
