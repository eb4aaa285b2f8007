/** What `backup` and `restore` refuse, each with what to do about it. Where nothing is refused: system/cli.real.test.ts. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEmbedded } from '../../db/open.ts';
import { freePort } from '../../scripts/lib/free-port.mjs';
import { runCommandLine } from './program.ts';

const home = mkdtempSync(join(tmpdir(), 'pitwall-copies-'));
const file = (name: string): string => join(home, name);
let url: string;

async function run(place: string, ...args: string[]): Promise<string> {
  const notes: string[] = [];
  const code = await runCommandLine(['--url', url, ...args], {
    env: { DATA_DIR: file(place) },
    send: fetch,
    write: async () => undefined,
    note: (line) => void notes.push(line),
  });
  return `${code}: ${notes.join('\n')}`;
}

beforeAll(async () => {
  url = `http://127.0.0.1:${await freePort()}`;
  mkdirSync(file('full'));
  const place = openEmbedded({ directory: file('full/simulated-1') });
  await place.store.open('simulated:1');
  await place.close();
  expect(await run('full', 'backup', file('whole.gz'))).toMatch(/^0:/);
  const whole = readFileSync(file('whole.gz'));
  writeFileSync(file('cut.gz'), whole.subarray(0, whole.length - 20));
  writeFileSync(file('text'), 'no backup\n');
  writeFileSync(file('other.gz'), gzipSync('no backup\n'));
  writeFileSync(file('later.gz'), gzipSync(`${JSON.stringify({ migrations: 'x', world: 'simulated:1' })}\n`));
  writeFileSync(file('beheaded.gz'), gzipSync('["orders",[]]\n'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe('a restore', () => {
  test.each([
    ['of nothing', 'nowhere.gz', 2, 'name one that `backup` has written'],
    ['of a folder', '.', 2, 'name one that `backup` has written'],
    ['of a file that ends too early', 'cut.gz', 1, 'fetch the file once more'],
    ['of another file', 'text', 1, 'name a file that `backup` has written'],
    ['of another packed file', 'other.gz', 1, 'name a file that `backup` has written'],
    ['of a part of one', 'beheaded.gz', 1, 'name a file that `backup` has written'],
    ['of another build’s', 'later.gz', 1, 'restore it with that build'],
  ])('%s says what to do', async (_, name, code, advice) => {
    const told = await run('fresh', 'restore', file(name));
    expect(told).toMatch(new RegExp(`^${code}: `));
    expect(told).toContain(advice);
  });
  test('into a place that has a journal names another one', async () => {
    expect(await run('full', 'restore', file('whole.gz'))).toContain('name a new one with DATA_DIR or DATABASE_URL');
  });
});

describe('a backup', () => {
  test('never overwrites, and needs a folder', async () => {
    expect(await run('full', 'backup', file('text'))).toContain('name another file, or move that one away');
    expect(await run('full', 'backup', file('nowhere/copy.gz'))).toMatch(/^2: .*\n?.*make it first/);
  });
  test('that the disk does not take is told by its name', async () => {
    expect(await run('full', 'backup', '/proc/copy.gz')).toMatch(
      /^1: .*\n?\/proc\/copy\.gz can't be written \(E\w+\): name a/,
    );
  });
  test('of a place without a journal makes none', async () => {
    expect(await run('empty', 'backup', file('none.gz'))).toContain('start the product once');
    expect(existsSync(file('empty'))).toBe(false);
  });
});

test('a command without its file shows how it is used', async () => {
  expect(await run('full', 'restore')).toContain('Usage: cli restore');
});
