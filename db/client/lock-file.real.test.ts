/** The lock of a data directory among real processes. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockDirectory } from './lock-file.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pitwall-lock-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const lockFile = () => join(directory, 'writer.lock');

test('a held directory is refused with the pid of its holder, and free again afterwards', () => {
  const unlock = lockDirectory(directory);
  expect(() => lockDirectory(directory)).toThrow(`in use by the process with pid ${process.pid}`);
  unlock();
  expect(existsSync(lockFile())).toBe(false);
  lockDirectory(directory)();
});

test('a lock of a dead process is taken over, and nothing else is left in the directory', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => child.once('exit', resolve));
  lockDirectory(directory)();
  writeFileSync(lockFile(), JSON.stringify({ pid: child.pid, startedAt: '1', bootId: readBootId() }));
  lockDirectory(directory);
  expect(readdirSync(directory)).toEqual(['writer.lock']);
});

test('a lock that a full disk does not take leaves nothing behind', () => {
  symlinkSync('/dev/full', `${lockFile()}.${process.pid}`);
  expect(() => lockDirectory(directory)).toThrow('ENOSPC');
  expect(readdirSync(directory)).toEqual([]);
});

test.each([
  ['another process that got the same pid', { pid: process.pid, startedAt: '1', bootId: readBootId() }],
  ['a process before the last boot', { pid: process.pid, startedAt: '', bootId: 'another' }],
])('a lock of %s is taken over', (_what, holder) => {
  writeFileSync(lockFile(), JSON.stringify(holder));
  lockDirectory(directory)();
});

test('a lock of a killed process that its parent has not asked for yet is taken over', async () => {
  // A parent that has stopped to think never asks for its child: that stays behind as a zombie.
  const think = `const { spawn } = require('node:child_process');
    require('node:fs').writeSync(1, String(spawn('true').pid));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);`;
  const parent = spawn(process.execPath, ['-e', think]);
  try {
    const told = await new Promise<Buffer>((resolve) => parent.stdout.once('data', resolve));
    const pid = Number(told.toString());
    const stat = () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    await expect.poll(() => stat()[0], { timeout: 10_000 }).toBe('Z');
    writeFileSync(lockFile(), JSON.stringify({ pid, startedAt: stat()[19], bootId: readBootId() }));
    lockDirectory(directory)();
  } finally {
    parent.kill('SIGKILL');
  }
});

test('a lock file that was written by halves is taken over', () => {
  writeFileSync(lockFile(), '{"pid"');
  lockDirectory(directory)();
});

function readBootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}
