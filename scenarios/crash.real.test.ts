/** The crash proof in short: twenty kills over both databases, exact deaths of stops and races, and how a process starts and ends. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DatabaseKind } from './crash/place.ts';
import { DATABASES } from './crash/place.ts';
import { RunningProcess } from './crash/process.ts';
import { races } from './crash/races.ts';
import { runCrash } from './crash/run.ts';
import { stops } from './crash/stops.ts';

const SEED = '20';
const KILLS_EACH = 10;
const READY_MS = 30_000;
let folder: string;
let started = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pitwall-start-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(env: Readonly<Record<string, string>>): RunningProcess {
  started += 1;
  const logPath = join(folder, `start-${started}.log`);
  return new RunningProcess({ entry: 'main.js', env: { PORT: '0', LOG_LEVEL: 'warn', ...env }, logPath });
}

/** On each database other stories, together all. */
const EPISODES = {
  embedded: [...races.slice(0, 1), ...stops.slice(0, 2)],
  postgres: [...races.slice(2, 4), ...stops.slice(0, 3)],
} satisfies Record<DatabaseKind, unknown>;

describe.each(DATABASES)('over %s', (database) => {
  test('a product that is killed and killed again loses nothing, sends nothing twice, and starts each time', async () => {
    const lines: string[] = [];
    const say = (line: string): void => void lines.push(line);
    // How fast it starts is judged by the command, on a machine that is told to be quiet.
    const readyLimitMs = Number.POSITIVE_INFINITY;
    const options = { database, kills: KILLS_EACH, seed: SEED, episodes: EPISODES[database], readyLimitMs, say };
    const report = await runCrash(options);
    expect(report.problems, lines.join('\n')).toEqual([]);
    expect(report.acknowledged).toBeGreaterThan(KILLS_EACH);
    expect(report.fills).toBeGreaterThan(KILLS_EACH);
  }, 240_000);
});

describe('a process', () => {
  test('drains and exits 0 on SIGTERM, and starts again on the same data', async () => {
    const env = { DATA_DIR: join(folder, 'drain') };
    for (let life = 1; life <= 2; life += 1) {
      const product = start(env);
      await product.ready(READY_MS);
      expect(await product.end('SIGTERM')).toEqual({ code: 0, signal: null });
    }
  });

  test('refuses a directory that another process holds, and names it', async () => {
    const env = { DATA_DIR: join(folder, 'held') };
    const first = start(env);
    await first.ready(READY_MS);
    const second = start(env);
    expect(await second.exited).toEqual({ code: 1, signal: null });
    expect(second.lines.join('\n')).toMatch(new RegExp(`in use by the process with pid ${first.pid}`));
    expect(await first.end('SIGTERM')).toEqual({ code: 0, signal: null });
  });

  test.each([
    ['PORT', 'http'],
    ['SIM_SPEED', '0'],
    ['FAILPOINT', 'somewhere@1'],
  ])('refuses to start with a bad setting, and names it: %s', async (name, value) => {
    const product = start({ DATA_DIR: join(folder, 'never'), [name]: value });
    expect((await product.exited).code).toBe(1);
    expect(product.lines.join('\n')).toMatch(new RegExp(`${name}="${value}".*; allowed: `));
  });
});
