/** Worker threads answer every task once, also when one of them dies. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPool } from './pool.ts';
import type { DrawnTask } from './task.ts';

let folder: string;
let entry: URL;
const task = (seed: string): DrawnTask => ({
  ...{ kind: 'drawn', seed, virtualMs: 1, faults: false, burst: false, embedded: false, repeat: 1 },
});

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pitwall-pool-'));
  const path = join(folder, 'worker.mjs');
  writeFileSync(
    path,
    `import { parentPort, threadId } from 'node:worker_threads';
parentPort.on('message', ({ seed }) => {
  if (seed === 'exit') process.exit(3);
  if (seed === 'throw') throw new Error('on purpose');
  parentPort.postMessage({ done: { seed, threadId } });
});`,
  );
  entry = pathToFileURL(path);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a pool', () => {
  test('answers every task, with no more threads than it may have', async () => {
    const pool = openPool(entry, 2);
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, index) => pool.run<'drawn'>(task(String(index)))),
    );
    const done = outcomes.map((outcome) =>
      'done' in outcome ? (outcome.done as unknown as { seed: string; threadId: number }) : undefined,
    );
    expect(done.map((one) => one?.seed)).toEqual(Array.from({ length: 10 }, (_, index) => String(index)));
    expect(new Set(done.map((one) => one?.threadId)).size).toBeLessThanOrEqual(2);
    await pool.close();
  });
  test('loses only the task of a thread that dies', async () => {
    const pool = openPool(entry, 1);
    const [gone, thrown, after] = await Promise.all(
      ['exit', 'throw', '7'].map((seed) => pool.run<'drawn'>(task(seed))),
    );
    expect(gone).toEqual({ error: 'the thread ended with code 3' });
    expect(thrown).toMatchObject({ error: expect.stringContaining('on purpose') });
    expect(after).toMatchObject({ done: { seed: '7' } });
    await pool.close();
  });
  test('answers what waits when it is closed', async () => {
    const pool = openPool(entry, 1);
    const first = pool.run<'drawn'>(task('1'));
    const second = pool.run<'drawn'>(task('2'));
    await pool.close();
    const errors = (await Promise.all([first, second])).map((outcome) => 'error' in outcome);
    expect(errors[1]).toBe(true);
  });
});
