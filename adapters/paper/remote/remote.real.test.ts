/** The venue behind HTTP on the loopback interface: the port's suite, what becomes of time-outs, and a kill of its process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { VenueReport } from '../../../agents/venue.ts';
import { SimulatedClock } from '../../../runtime/simulated/clock.ts';
import { seededRandom } from '../../../runtime/simulated/random.ts';
import { memoryBook } from '../book.ts';
import { describeVenue } from '../conformance.ts';
import { NEVER, orderOf, quoteOf, T0 } from '../fixtures.ts';
import { openPaperVenue } from '../venue.ts';
import { openRemoteVenue } from './client.ts';
import { openPaperServer } from './server.ts';

const folder = mkdtempSync(join(tmpdir(), 'pitwall-remote-'));
const bundle = join(folder, 'venue.mjs');
beforeAll(async () => {
  const entry = new URL('./main.ts', import.meta.url).pathname;
  const banner = { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" };
  await build({
    entryPoints: [entry],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner,
    logLevel: 'error',
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let opened = 0;
describeVenue('behind HTTP', async () => {
  opened += 1;
  const matching = { slippageTicks: 0, commissionBps: '0', partialFillRatio: 0, random: seededRandom('remote') };
  const venue = openPaperVenue({ book: memoryBook(), clock: new SimulatedClock(T0), matching });
  const server = await openPaperServer({ venue, port: 0, requestLogPath: join(folder, `requests-${opened}.jsonl`) });
  const client = openRemoteVenue({ url: `http://127.0.0.1:${server.port}`, retryMs: 20 });
  return {
    venue: client,
    quote: async (quote) => void (await client.quotes([quote])),
    close: async () => {
      await client.close();
      await server.close();
    },
  };
});

interface Process {
  readonly child: ChildProcess;
  readonly url: string;
}

function start(port: number): Promise<Process> {
  const env = { ...process.env, PAPER_DIR: join(folder, 'process'), PAPER_PORT: String(port) };
  const child = spawn(process.execPath, [bundle], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the venue ended with ${code}`)));
    child.stdout?.on('data', (data: Buffer) => {
      const url = /listening on (\S+)/.exec(data.toString())?.[1];
      if (url) resolve({ child, url });
    });
  });
}

const ended = ({ child }: Process): Promise<unknown> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => child.once('exit', resolve));

test('a killed venue comes back with its orders, fills nothing twice, and its log has a line for each request', async () => {
  const first = await start(0);
  const client = openRemoteVenue({ url: first.url, timeoutMs: 2_000, retryMs: 20 });
  const news: VenueReport[] = [];
  client.onReport((report) => news.push(report));
  try {
    await client.quotes([quoteOf()]);
    const filled = await client.submit(orderOf(), NEVER);
    expect(filled.status).toBe('filled');
    const limit = orderOf({ clientOrderId: 'order-2', orderType: 'limit', price: '1.07' });
    expect((await client.submit(limit, NEVER)).status).toBe('accepted');

    first.child.kill('SIGKILL');
    await ended(first);
    expect((await client.lookup('order-1', NEVER)).status).toBe('unresolved');

    const second = await start(Number(new URL(first.url).port));
    try {
      expect(await client.submit(orderOf(), NEVER)).toEqual(filled);
      expect((await client.lookup('order-2', NEVER)).status).toBe('accepted');
      await client.quotes([quoteOf(1.06)]);
      await expect
        .poll(() => news.filter(({ orderId, status }) => orderId === 'order-2' && status === 'filled').length, {
          timeout: 10_000,
        })
        .toBeGreaterThan(0);
      const log = readFileSync(join(folder, 'process', 'requests.jsonl'), 'utf8')
        .trim()
        .split('\n');
      const submits = log.map((line) => JSON.parse(line) as { call: string; clientOrderId: string });
      expect(submits.filter(({ call }) => call === 'submit').map(({ clientOrderId }) => clientOrderId)).toEqual([
        ...['order-1', 'order-2', 'order-1'],
      ]);
      second.child.kill('SIGTERM');
      await ended(second);
      expect(second.child.exitCode).toBe(0);
    } finally {
      second.child.kill('SIGKILL');
    }
  } finally {
    first.child.kill('SIGKILL');
    await client.close();
  }
}, 30_000);

test.each([
  ['never answers', 'unresolved', undefined],
  ['answers 500', 'unresolved', 500],
  ['answers something else', 'unresolved', 200],
  ['refuses the request', 'rejected', 400],
] as const)('a venue that %s makes the order %s', async (_how, expected, status) => {
  const server = createServer((_request, response) => {
    if (status !== undefined) response.writeHead(status).end('{"hello":"world"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = openRemoteVenue({ url, timeoutMs: 200, retryMs: 50 });
  try {
    expect((await client.submit(orderOf(), NEVER)).status).toBe(expected);
  } finally {
    await client.close();
    server.closeAllConnections();
    server.close();
  }
});
