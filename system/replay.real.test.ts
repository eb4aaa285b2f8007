/** Real quotes through the real process: the same trades at any speed, with a slow database, and however often it is stopped. */
import { type ChildProcess, spawn } from 'node:child_process';
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

interface Running {
  readonly child: ChildProcess;
  /** What it has printed so far. */
  readonly printed: () => string;
  /** Resolves once what it has printed matches; rejects at the deadline, and when it ends before. */
  prints(pattern: RegExp): Promise<void>;
  end(signal: NodeJS.Signals): Promise<void>;
}

function launch(name: string, env: Readonly<Record<string, string>>): Running {
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
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  return {
    child,
    printed: () => printed,
    prints: (pattern) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`no ${pattern} in time: ${printed}`)), DEADLINE_MS);
        const look = (): void => {
          if (!pattern.test(printed)) return;
          clearTimeout(late);
          resolve();
        };
        child.stdout.on('data', look);
        child.once('exit', (code) => reject(new Error(`ended with ${code}: ${printed}`)));
        look();
      }),
    async end(signal) {
      child.kill(signal);
      await exited;
    },
  };
}

async function tradesOf({ printed }: Running): Promise<unknown[]> {
  const base = /listening on (http:\S+)/.exec(printed())?.[1];
  const headers = { authorization: 'Bearer test-bearer-token' };
  const answer = await fetch(`${base}/api/v1/agents/agent-auto-trader/trades?limit=100`, { headers });
  const { trades } = (await answer.json()) as { trades: unknown[] };
  return trades;
}

/** Runs the product over the file until its end, and asks it for the trades of its auto-trader. */
async function replay(name: string, env: Readonly<Record<string, string>>): Promise<Outcome> {
  const running = launch(name, env);
  try {
    await running.prints(/equity .*USD/);
    return { printed: running.printed(), trades: await tradesOf(running) };
  } finally {
    await running.end('SIGTERM');
  }
}

/** Lets the product trade until it has read so many quotes, and ends it. */
async function endBehind(name: string, quotes: number, signal: NodeJS.Signals): Promise<void> {
  const running = launch(name, { SIM_SPEED: '1000' });
  try {
    await running.prints(/listening on/);
    await expect.poll(() => progressOf(running) >= quotes, { timeout: DEADLINE_MS, interval: 100 }).toBe(true);
  } finally {
    await running.end(signal);
  }
}

const progressOf = ({ printed }: Running): number =>
  Number([...printed().matchAll(/replay [\d.]+ %, quote (\d+)/g)].at(-1)?.[1] ?? 0);

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

  test('that was stopped, killed and finished goes on behind its last quote: the trades of an undisturbed one', async () => {
    const undisturbed = await replay('undisturbed', { SIM_SPEED: 'max' });
    await endBehind('disturbed', 8_000, 'SIGTERM');
    await endBehind('disturbed', 16_000, 'SIGKILL');
    await endBehind('disturbed', 24_000, 'SIGKILL');
    const disturbed = await replay('disturbed', { SIM_SPEED: 'max' });
    expect(disturbed.trades).toEqual(undisturbed.trades);
    const again = await replay('disturbed', { SIM_SPEED: 'max' });
    expect(again.trades).toEqual(undisturbed.trades);
  }, 400_000);
});
