/** Real quotes through the real process: the same trades at any speed, and with a slow database. */
import { spawn } from 'node:child_process';
import { createReadStream, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const SAMPLE = join('..', 'shared', 'data', 'EURUSD_ticks_fxcm_2014-05-08.csv.gz');
const LINES = 40_000;
const DEADLINE_MS = 120_000;

interface Outcome {
  readonly printed: string;
  readonly trades: readonly unknown[];
}

let folder = '';
let file = '';

async function firstLines(count: number): Promise<string> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: createReadStream(SAMPLE).pipe(createGunzip()) })) {
    lines.push(line);
    if (lines.length === count) break;
  }
  return `${lines.join('\n')}\n`;
}

/** Runs the product over the file until its end, and asks it for the trades of its auto-trader. */
async function replay(name: string, env: Readonly<Record<string, string>>): Promise<Outcome> {
  const settings = {
    PORT: '0',
    DATA_DIR: join(folder, name),
    MARKET_DATA: `replay:${file}`,
    LOG_LEVEL: 'error',
    ...env,
  };
  const child = spawn(process.execPath, ['dist/main.js'], {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  try {
    let printed = '';
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`no end of the replay within ${DEADLINE_MS} ms: ${printed}`)),
        DEADLINE_MS,
      );
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        printed += text;
        if (!/equity .*USD/.test(printed)) return;
        clearTimeout(late);
        resolve();
      });
      child.once('exit', (code) => reject(new Error(`ended with ${code}: ${printed}`)));
    });
    const base = /listening on (http:\S+)/.exec(printed)?.[1];
    const headers = { authorization: 'Bearer test-bearer-token' };
    const answer = await fetch(`${base}/api/v1/agents/agent-auto-trader/trades?limit=100`, { headers });
    const { trades } = (await answer.json()) as { trades: unknown[] };
    return { printed, trades };
  } finally {
    child.kill('SIGTERM');
    await exited;
  }
}

describe.skipIf(!existsSync(SAMPLE))('a replay of real quotes (needs ../shared/data)', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pitwall-replay-'));
    file = join(folder, 'EURUSD_ticks.csv');
    writeFileSync(file, await firstLines(LINES));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('gives the same trades at a speed, at most speed, and with a slow database', async () => {
    const atMost = await replay('max', { SIM_SPEED: 'max' });
    expect(atMost.trades.length).toBeGreaterThanOrEqual(20);
    expect(atMost.printed).toMatch(/replay finished: \d+ quotes of EURUSD/);
    expect(atMost.printed).toMatch(/trades +\d+ fills/);
    const paced = await replay('paced', { SIM_SPEED: '5000' });
    expect(paced.trades).toEqual(atMost.trades);
    const slow = await replay('slow', { SIM_SPEED: 'max', FAILPOINT: 'commit.lag@1' });
    expect(slow.trades).toEqual(atMost.trades);
  }, 400_000);
});
