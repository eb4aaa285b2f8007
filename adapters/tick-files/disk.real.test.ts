/** Tick files on a real disk: the port's promises, links that lead out, and what is no file. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { liveIds } from '../../runtime/live/ambient.ts';
import { liveClock } from '../../runtime/live/clock.ts';
import { describeTickFiles } from './conformance.ts';
import { DiskTickFiles } from './disk.ts';

const home = mkdtempSync(join(tmpdir(), 'pitwall-files-'));
const folder = join(home, 'imports');
const spoolFolder = join(home, 'incoming');
mkdirSync(join(folder, 'day'), { recursive: true });
writeFileSync(join(folder, 'day', 'nq.txt'), 'ticks');
writeFileSync(join(home, 'outside.txt'), 'secret');
symlinkSync(join(home, 'outside.txt'), join(folder, 'link.txt'));
symlinkSync(home, join(folder, 'up'));
symlinkSync(join(folder, 'day'), join(folder, 'today'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const ids = liveIds(liveClock());
const filesAt = (importFolder: string | undefined) => new DiskTickFiles({ spoolFolder, importFolder, ids });
describeTickFiles('disk', async (withFolder) => filesAt(withFolder ? folder : undefined));

test('a link is followed before it is decided, and a folder is no file', async () => {
  const files = filesAt(folder);
  expect(await files.open('link.txt')).toEqual({ outcome: 'not-allowed' });
  expect(await files.open('up/outside.txt')).toEqual({ outcome: 'not-allowed' });
  expect(await files.open('day')).toEqual({ outcome: 'not-found' });
  for (const path of ['today/nq.txt', join(folder, 'day', 'nq.txt')]) {
    const found = await files.open(path);
    expect(found.outcome).toBe('opened');
    if (found.outcome === 'opened') await found.file.close();
  }
  const throughLink = filesAt(join(home, 'imports', 'up', 'imports'));
  const found = await throughLink.open(join(home, 'imports', 'up', 'imports', 'day', 'nq.txt'));
  expect(found.outcome).toBe('opened');
  if (found.outcome === 'opened') await found.file.close();
});

test('a pipe into which nobody writes is no file, and nobody waits for it', async () => {
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  expect(await filesAt(folder).open('pipe')).toEqual({ outcome: 'not-found' });
});

test('what is brought never has a name on the disk', async () => {
  const spool = (await filesAt(undefined).spool())!;
  await spool.write(Buffer.from('ticks'));
  expect(readdirSync(spoolFolder)).toEqual([]);
  await spool.close();
});
