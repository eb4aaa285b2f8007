/** The crash proof in short: twenty kills over both databases, exact deaths of races, stops and approvals, and how a process starts and ends. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { approvals } from './crash/approvals.ts';
import type { Episode } from './crash/episode.ts';
import type { DatabaseKind } from './crash/place.ts';
import { DATABASES } from './crash/place.ts';
import { RunningProcess } from './crash/process.ts';
import { races } from './crash/races.ts';
import { ALL_EPISODES, runCrash } from './crash/run.ts';
import { stops } from './crash/stops.ts';

/** Other deaths on each database. */
const SEEDS = { embedded: '20', postgres: '21' } satisfies Record<DatabaseKind, string>;
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

/** On each database other stories, together all; `npm run crash` tells all of them on both. */
const [before, after, sent] = approvals as [Episode, Episode, Episode];
const EPISODES = {
  embedded: [...races.slice(0, 2), ...stops.slice(0, 2), ...stops.slice(3, 4), before, sent],
  postgres: [...races.slice(2), ...stops.slice(0, 3), ...stops.slice(4), after],
} satisfies Record<DatabaseKind, unknown>;

test('no story of the command is left out here', () => {
  const told = new Set(Object.values(EPISODES).flatMap((episodes) => episodes.map(({ name }) => name)));
  expect([...told].sort()).toEqual(ALL_EPISODES.map(({ name }) => name).sort());
});

describe.each(DATABASES)('over %s', (database) => {
  test('a product that is killed and killed again loses nothing, sends nothing twice, and starts each time', async () => {
    const lines: string[] = [];
    const say = (line: string): void => void lines.push(line);
    // How fast it starts is judged by the command, on a machine that is told to be quiet.
    const readyLimitMs = Number.POSITIVE_INFINITY;
    const run = { database, kills: KILLS_EACH, seed: SEEDS[database], episodes: EPISODES[database] };
    const report = await runCrash({ ...run, readyLimitMs, say });
    expect(report.problems, lines.join('\n')).toEqual([]);
    expect(report.acknowledged).toBeGreaterThan(KILLS_EACH);
    expect(report.fills).toBeGreaterThan(KILLS_EACH);
  }, 360_000);
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

  test('S12: whose house gives up says so while it goes down, ends with an error, and is halted when it starts again', async () => {
    const env = { DATA_DIR: join(folder, 'gave-up') };
    const product = start({ ...env, FAILPOINT: 'agent.broken@1/quota' });
    await product.ready(READY_MS);
    const headers = { authorization: 'Bearer test-bearer-token', 'content-type': 'application/json' };
    const health = (): Promise<number> => fetch(`${product.url}/health`).then(({ status }) => status);
    expect(await health()).toBe(200);
    const config = { budget: 1_000, strategy: 'balanced' };
    const body = JSON.stringify({ name: 'Last', type: 'trading', config, userId: 'user-123' });
    // Whatever becomes of it: the agent that hears of it is the one that breaks.
    void fetch(`${product.url}/api/v1/agents`, { method: 'POST', headers, body }).catch(() => undefined);
    await product.until(() => product.said(/failpoint\.hit/), READY_MS);
    expect(await health()).toBe(503);
    expect(await product.exited).toEqual({ code: 1, signal: null });
    const next = start(env);
    await next.ready(READY_MS);
    const stops = await fetch(`${next.url}/api/v1/emergency-stops`, { headers }).then((answer) => answer.text());
    expect(stops).toContain('the house gave up: quota failed too often');
    expect(await next.end('SIGTERM')).toEqual({ code: 0, signal: null });
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
