/** The load generator against a stub of the creto door: it counts wanted answers only, in every way of sending a body. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type LoadOptions, load, p99Of } from './load.ts';
import { makeTraders } from './traders.ts';

let server: Server | undefined;
afterEach(() => server?.closeAllConnections());
afterEach(() => server?.close());

async function serve(
  handle: (request: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<string> {
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => handle(request, response, Buffer.concat(parts).toString('utf8')));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const options = (url: string, over: Partial<LoadOptions> = {}): LoadOptions => ({
  ...{ url, token: 'test-bearer-token', connections: 4, seconds: 0.2 },
  requests: ['a', 'b', 'c'].map((name) => ({ method: 'POST', path: `/${name}`, body: { name } })),
  wanted: { status: 201, state: 'executed' },
  ...over,
});
const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((all, count) => all + count, 0);

describe('load', () => {
  it('counts what was answered as wanted only, and goes round all requests', async () => {
    let answered = 0;
    const seen = new Set<string>();
    const url = await serve(({ url: path = '', headers }, response, body) => {
      expect(headers.authorization).toBe('Bearer test-bearer-token');
      expect(path).toBe(`/${JSON.parse(body).name}`);
      seen.add(path);
      answered += 1;
      if (answered % 4 === 1) return response.writeHead(201).end(JSON.stringify({ status: 'pending' }));
      if (answered % 4 === 2) return response.writeHead(403).end('{}');
      response.writeHead(201);
      // Without a length, in two pieces: chunked.
      response.write('{"status":"exe');
      response.end('cuted"}');
    });
    const result = await load(options(url));
    expect(seen.size).toBe(3);
    expect(result.counted + sum(result.others)).toBe(answered);
    expect(Object.keys(result.others).sort()).toEqual(['201 pending', '403']);
    expect(result.counted).toBeGreaterThan(sum(result.others) * 0.8);
    expect(result.perSecond).toBeCloseTo(result.counted / result.seconds);
    expect(p99Of(result)).toBeGreaterThanOrEqual(result.p50Ms!);
  });

  it('keeps to a rate, and tells what could not be sent', async () => {
    const requests = [{ method: 'GET', path: '/' }] as const;
    const paced = { requests, wanted: { status: 200 }, ratePerSecond: 100, seconds: 0.5 };
    const url = await serve((_, response) => response.writeHead(200, { 'content-length': 2 }).end('{}'));
    const kept = await load(options(url, paced));
    expect(kept.counted).toBeGreaterThan(40);
    expect(kept.counted + sum(kept.others)).toBeLessThanOrEqual(51);
    const slow = await serve((_, response) => void setTimeout(() => response.writeHead(200).end('{}'), 200));
    const late = await load(options(slow, { ...paced, connections: 1 }));
    expect(late.others.unsent).toBeGreaterThan(30);
    // What never left is slower than anything that was answered, also behind the border of a process.
    expect(late.p99Ms).toBeNull();
    expect(() => p99Of(JSON.parse(JSON.stringify(late)))).toThrow(
      `no 99th percentile: ${late.others.unsent} of ${late.counted + late.others.unsent!} requests were never sent`,
    );
    expect(p99Of(kept)).toBe(kept.p99Ms);
  });

  it('counts a latency from when its request was due, not from when a connection was free', async () => {
    let stallMs = 300;
    const url = await serve((_, response) => {
      setTimeout(() => response.writeHead(200).end('{}'), stallMs);
      stallMs = 0;
    });
    const paced = { requests: [{ method: 'GET', path: '/' }], wanted: { status: 200 }, ratePerSecond: 50 } as const;
    const { p99Ms } = await load(options(url, { ...paced, connections: 1, seconds: 1 }));
    expect(p99Ms).toBeGreaterThan(250);
  });

  it('ends with an error when the server goes away', async () => {
    const dying = await serve((_, response) => void response.destroy());
    await expect(load(options(dying))).rejects.toThrow('closed the connection');
    await expect(load(options(dying, { ratePerSecond: 100 }))).rejects.toThrow('closed the connection');
  });
});

describe('traders', () => {
  it('are made in order, and a refusal ends the preparation', async () => {
    let made = 0;
    const url = await serve((_, response, body) => {
      const { name } = JSON.parse(body);
      made += 1;
      response.writeHead(201).end(JSON.stringify({ id: `agent of ${name}` }));
    });
    expect(await makeTraders(url, 40)).toEqual(Array.from({ length: 40 }, (_, index) => `agent of Load ${index}`));
    expect(made).toBe(40);
    const refusing = await serve((_, response) => response.writeHead(503).end('busy'));
    await expect(makeTraders(refusing, 2)).rejects.toThrow('answered with 503: busy');
  });
});
