/** A whole product as a process of its own, driven through its executions contract. Whoever opens one ends it with `kill`. */
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { liveClock } from '../../runtime/live/clock.ts';

const DEADLINE_MS = 250_000;
const clock = liveClock();
const children = new Set<ChildProcess>();

/** Ends every process that was started here. */
export function killAll(): void {
  for (const child of children) child.kill('SIGKILL');
}

/** Asks again until there is something, or throws at the deadline. */
export async function until<T>(what: () => Promise<T | undefined | false>): Promise<T> {
  const due = clock.monotonic() + DEADLINE_MS;
  for (;;) {
    const found = await what();
    if (found) return found;
    if (clock.monotonic() > due) throw new Error('it never happened');
    await sleep(50);
  }
}

/** A script of the build as a process, without the services of this machine. */
export function start(
  file: string,
  env: Readonly<Record<string, string>>,
): { child: ChildProcess; said: () => string } {
  const { REDIS_URL: _redis, DATABASE_URL: _database, ...rest } = process.env;
  const child = spawn(process.execPath, [file], { env: { ...rest, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  let said = '';
  child.stdout?.on('data', (data) => {
    said += data;
  });
  return { child, said: () => said };
}

export class HouseProcess {
  private constructor(
    readonly child: ChildProcess,
    /** `http://127.0.0.1:PORT` */
    readonly base: string,
  ) {}

  /** `settings`: beside a free port, silence and no rate limits. */
  static async open(directory: string, settings: Readonly<Record<string, string>> = {}): Promise<HouseProcess> {
    const env = { PORT: '0', LOG_LEVEL: 'silent', RATE_LIMITS: 'off', DATA_DIR: directory, ...settings };
    const { child, said } = start('dist/main.js', env);
    return new HouseProcess(child, await until(async () => /listening on (\S+)/.exec(said())?.[1]));
  }

  async call<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(`${this.base}/api/trading/${path}`, {
      method,
      headers: { authorization: 'Bearer test-bearer-token', 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.status} ${text}`);
    return JSON.parse(text) as T;
  }

  status = (id: number) =>
    this.call<{ status: string; checkpoint: { processed: number } | null }>('GET', `executions/${id}/status/`);

  /** Everything that a run has said, without the clock's times. */
  async said(id: number): Promise<readonly object[]> {
    const all: object[] = [];
    for (const [path, key] of [
      ['events', 'events'],
      ['trades', 'trades'],
      ['equity', 'equity_curve'],
    ] as const) {
      for (let since = 0; ; ) {
        const page = await this.call<Record<string, { sequence: number }[]>>(
          'GET',
          `executions/${id}/${path}/?since_sequence=${since}&page_size=1000`,
        );
        const rows = page[key] ?? [];
        for (const row of rows) {
          expect(row.sequence).toBe(since + 1);
          since += 1;
          all.push({ ...row, created_at: undefined });
        }
        if (rows.length < 1_000) break;
      }
    }
    return all;
  }

  async kill(): Promise<void> {
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await gone;
  }
}
