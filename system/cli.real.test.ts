/** The command line on real places: through a running product, and as the writer where none runs. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningProduct, startProduct } from '../bench/product.ts';
import { openEmbedded } from '../db/open.ts';
import { emptyPostgres } from '../db/testing/empty-postgres.ts';
import { freePort } from '../scripts/lib/free-port.mjs';
import { startPostgres } from '../scripts/lib/postgres.mjs';
import { runCommandLine } from './cli/program.ts';

const home = mkdtempSync(join(tmpdir(), 'pitwall-cli-'));
const dataDir = join(home, 'data');
const file = (name: string): string => join(home, name);
const directoryOf = (data: string): string => join(data, 'simulated-1');

let product: RunningProduct | undefined;
let closedPort = 0;
beforeAll(async () => {
  closedPort = await freePort();
  product = await startProduct({ DATA_DIR: dataDir });
  await trade(product.url);
});
afterAll(async () => {
  await product?.stop();
  rmSync(home, { recursive: true, force: true });
});

async function post(url: string, body: unknown): Promise<{ readonly id: string }> {
  const headers = { authorization: 'Bearer test-bearer-token', 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(response.status).toBe(201);
  return (await response.json()) as { id: string };
}

async function trade(url: string): Promise<void> {
  const { id } = await post(`${url}/api/v1/agents`, {
    ...{ name: 'Demo', type: 'trading', userId: 'user-123' },
    config: { budget: 100_000 },
  });
  for (const quantity of [1, 2, 3])
    await post(`${url}/api/v1/agents/${id}/trades`, {
      symbol: 'AAPL',
      side: 'buy',
      type: 'limit',
      price: 150,
      quantity,
    });
}

interface Ended {
  readonly code: number;
  readonly output: string;
  readonly notes: string;
}

/** Runs a command; `env` is the place that it may become the writer of. */
async function run(url: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const output: (string | Uint8Array)[] = [];
  const notes: string[] = [];
  const code = await runCommandLine(['--url', url, ...args], {
    env: { DATA_DIR: dataDir, ...env },
    send: fetch,
    write: async (chunk) => void output.push(chunk),
    note: (line) => void notes.push(line),
  });
  const text = output
    .map((chunk) => (typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8')))
    .join('');
  return { code, output: text, notes: notes.join('\n') };
}

const remote = (...args: string[]): Promise<Ended> => run(product!.url, args);
const local = (...args: string[]): Promise<Ended> => run(`http://127.0.0.1:${closedPort}`, args);
const localIn = (data: string, ...args: string[]): Promise<Ended> =>
  run(`http://127.0.0.1:${closedPort}`, args, { DATA_DIR: data });
const json = <T>({ output }: Ended): T => JSON.parse(output) as T;
interface Proof {
  readonly holds: boolean;
  readonly records: number;
  readonly hash: string;
}
let proof: Proof;

describe('beside a running product', () => {
  test('health, agents and tokens come from its API', async () => {
    expect(await remote('health')).toMatchObject({ code: 0, output: expect.stringContaining('healthy, version') });
    const { agents } = json<{ agents: { address: string; status: string }[] }>(await remote('agents', '--json'));
    expect(agents.find(({ address }) => address === 'orders')).toMatchObject({ status: 'running' });
    const client = ['--client', 'supervisor-client', '--secret', 'supervisor-client-secret'];
    const { output: token } = await remote('token', ...client);
    expect(await remote('--token', token.trim(), 'journal', 'verify')).toMatchObject({ code: 0 });
    const refused = await remote('--token', token.trim(), 'limits', 'set', 'quoteAgeMaxMs', '9000', '--reason', 'mine');
    expect(refused).toMatchObject({ code: 1, notes: expect.stringContaining('refused with 403') });
    expect(await remote('agents', 'retry', 'orders')).toMatchObject({ code: 1, notes: expect.stringContaining('409') });
  });

  test('one limit is changed by its path, a whole set by a file; one made from an old version changes nothing', async () => {
    const { output: old } = await remote('limits', 'show', '--json');
    writeFileSync(file('limits.json'), old);
    const changed = await remote('limits', 'set', 'instruments.class:equity.collarRatio', '0.04', '--reason', 'roll');
    expect(changed).toMatchObject({
      code: 0,
      output: 'version 1 -> 2\ninstruments.class:equity.collarRatio: 0.05 -> 0.04\n',
    });
    const late = await remote('limits', 'set', file('limits.json'), '--reason', 'late');
    expect(late).toMatchObject({ code: 1, notes: expect.stringContaining('version 2 now, not 1') });
    expect(await remote('limits')).toMatchObject({ output: expect.stringMatching(/^version 2\n/) });
  });

  test('the journal is proven, replayed and exported', async () => {
    expect(await remote('journal', 'verify')).toMatchObject({ code: 0, output: expect.stringContaining('holds') });
    expect(json(await remote('--json', 'journal', 'replay'))).toMatchObject({ matches: true });
    const { output } = await remote('journal', 'export', '--from', '2');
    const records = output
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { sequence: number; payload: string });
    expect(records.map(({ sequence }) => sequence)).toEqual(records.map((_, index) => index + 2));
    const change = records.map(({ payload }) => JSON.parse(payload)).find(({ type }) => type === 'limits.changed');
    expect(change).toMatchObject({ by: 'user-123', reason: 'roll', limitsVersion: 2 });
  });

  test('a backup is a whole new file that only its owner reads', async () => {
    expect(await remote('backup', file('running.gz'))).toMatchObject({ code: 0 });
    expect(statSync(file('running.gz')).mode & 0o777).toBe(0o600);
    expect(await remote('backup', file('running.gz'))).toMatchObject({
      code: 1,
      notes: expect.stringContaining('there already'),
    });
    expect(existsSync(file('running.gz.draft'))).toBe(false);
  });

  test('nothing is restored beside it, and nobody else becomes the writer of its place', async () => {
    expect(await remote('restore', file('running.gz'))).toMatchObject({
      code: 1,
      notes: expect.stringContaining('runs at'),
    });
    const second = await local('journal', 'verify');
    expect(second.code).toBe(1);
    expect(second.notes).toMatch(/in use by the process with pid \d+/);
  });

  test('an export that nobody reads to its end is no failure', async () => {
    const cli = join(process.cwd(), 'dist', 'system', 'cli.js');
    const args = [cli, '--url', product!.url, 'journal', 'export'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = once(child, 'exit');
    await once(child.stdout, 'data');
    child.stdout.destroy();
    expect((await exited)[0]).toBe(0);
  });
});

describe('where none runs', () => {
  beforeAll(async () => {
    await product?.stop();
    product = undefined;
    proof = json<Proof>(await local('--json', 'journal', 'verify'));
  });

  test('the same commands work on the place', async () => {
    expect(proof.holds).toBe(true);
    expect(json(await local('--json', 'journal', 'replay'))).toMatchObject({ matches: true, records: proof.records });
    expect(await local('archive', '--keep', '1')).toMatchObject({ code: 0 });
    expect(await local('limits', 'set', 'quoteAgeMaxMs', '4000', '--reason', 'quiet hours')).toMatchObject({
      code: 0,
      notes: expect.stringContaining('working on'),
      output: expect.stringContaining('version 2 -> 3'),
    });
    proof = json<Proof>(await local('--json', 'journal', 'verify'));
    expect(await local('agents')).toMatchObject({ code: 1, notes: expect.stringContaining('needs a running one') });
    expect(await local('health')).toMatchObject({ code: 1 });
  });

  test('with four eyes limits are tightened there, and loosened only where it is known who does it', async () => {
    const alone = (...args: string[]) => run(`http://127.0.0.1:${closedPort}`, args, { FOUR_EYES: 'on' });
    const set = (value: string) => alone('limits', 'set', 'accounts.default.exposureMax', value, '--reason', 'alone');
    expect(await set('99999999999')).toMatchObject({ code: 1, notes: expect.stringContaining('FOUR_EYES=on') });
    expect(json(await local('--json', 'limits'))).toMatchObject({ version: 3 });
    expect(await set('1000')).toMatchObject({ code: 0, output: expect.stringContaining('version 3 -> 4') });
    proof = json<Proof>(await local('--json', 'journal', 'verify'));
  });

  test('a backup comes back in a new place with the same head, also on a server', async () => {
    expect(await local('backup', file('still.gz'))).toMatchObject({ code: 0 });
    const fresh = file('fresh');
    expect(await localIn(fresh, 'journal', 'verify')).toMatchObject({
      code: 1,
      notes: expect.stringContaining('no journal yet'),
    });
    expect(existsSync(fresh)).toBe(false);
    expect(json(await localIn(fresh, '--json', 'restore', file('still.gz')))).toEqual(proof);
    expect(await localIn(fresh, 'restore', file('still.gz'))).toMatchObject({
      code: 1,
      notes: expect.stringContaining('empty place'),
    });
    expect(json(await localIn(fresh, '--json', 'journal', 'replay'))).toMatchObject({ matches: true });
    const cluster = await startPostgres();
    try {
      const server = { DATABASE_URL: await emptyPostgres(cluster.url), DATA_DIR: file('server') };
      const url = `http://127.0.0.1:${closedPort}`;
      expect(await run(url, ['journal', 'verify'], server)).toMatchObject({ code: 1 });
      expect(json(await run(url, ['--json', 'restore', file('still.gz')], server))).toEqual(proof);
      expect(json(await run(url, ['--json', 'limits'], server))).toMatchObject({ version: 4 });
    } finally {
      cluster.stop();
    }
  });

  test('a backup that ends too early leaves a place that nobody opens, until it is restored whole', async () => {
    const whole = readFileSync(file('still.gz'));
    writeFileSync(file('cut.gz'), whole.subarray(0, whole.length - 200));
    const cut = file('cut');
    expect(await localIn(cut, 'restore', file('cut.gz'))).toMatchObject({ code: 1 });
    expect((await localIn(cut, 'journal', 'verify')).code).toBe(1);
    expect(json(await localIn(cut, '--json', 'restore', file('still.gz')))).toEqual(proof);
  });

  test('a changed record is named by its sequence, a changed row by its table and id', async () => {
    const place = openEmbedded({ directory: directoryOf(dataDir) });
    await place.database.lock();
    await place.database.commit([
      { sql: "update records set payload = payload || ' ' where sequence = $1", params: [4] },
      { sql: "update fills set price = '1' where sequence = (select max(sequence) from fills)", params: [] },
    ]);
    await place.close();
    expect(await local('journal', 'verify')).toMatchObject({
      code: 1,
      output: 'the journal is broken at record 4: the record does not match its hash\n',
    });
    expect(json(await local('--json', 'journal', 'verify'))).toMatchObject({ holds: false, sequence: 4 });
    const replayed = await local('--json', 'journal', 'replay');
    expect(replayed.code).toBe(1);
    expect(json(replayed)).toMatchObject({ matches: false });
  });
});
