/** The load generator against a stub of the creto door: it counts executed trades only, and every way of sending a body. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type LoadOptions, load } from './load.ts';

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
  ...{ url, token: 'test-bearer-token', userId: 'user-123', kind: 'trades', connections: 4, traders: 10, seconds: 0.2 },
  ...over,
});

describe('load', () => {
  it('counts executed trades only, and goes round all traders', async () => {
    let traders = 0;
    let trades = 0;
    const seen = new Set<string>();
    const url = await serve(({ url: path = '', headers }, response, body) => {
      expect(headers.authorization).toBe('Bearer test-bearer-token');
      const answer = JSON.parse(body);
      if (path === '/api/v1/agents')
        return response.writeHead(201).end(JSON.stringify({ ...answer, id: `agent-${traders++}` }));
      seen.add(path);
      trades += 1;
      if (trades % 4 === 1) return response.writeHead(201).end(JSON.stringify({ status: 'pending' }));
      if (trades % 4 === 2) return response.writeHead(403).end('{}');
      response.writeHead(201);
      // Without a length, in two pieces: chunked.
      response.write('{"status":"exe');
      response.end('cuted"}');
    });
    const result = await load(options(url));
    const others = Object.values(result.others).reduce((sum, count) => sum + count, 0);
    expect(traders).toBe(10);
    expect(seen.size).toBe(10);
    expect(result.counted + others).toBe(trades);
    expect(Object.keys(result.others).sort()).toEqual(['201 pending', '403']);
    expect(result.counted).toBeGreaterThan(others * 0.8);
    expect(result.perSecond).toBeCloseTo(result.counted / result.seconds);
    expect(result.p99Ms).toBeGreaterThanOrEqual(result.p50Ms);
  });

  it('counts reads that were answered with 200', async () => {
    const url = await serve(({ method }, response) => {
      if (method === 'POST') return response.writeHead(201).end('{"id":"agent-1"}');
      response.writeHead(200, { 'content-length': 2 }).end('{}');
    });
    const result = await load(options(url, { kind: 'reads' }));
    expect(result.counted).toBeGreaterThan(0);
    expect(result.others).toEqual({});
  });

  it('ends with an error when a trader cannot be made or the server goes away', async () => {
    const refusing = await serve((_, response) => response.writeHead(503).end('busy'));
    await expect(load(options(refusing))).rejects.toThrow('answered with 503: busy');
    server?.close();
    const dying = await serve(({ url: path }, response) => {
      if (path === '/api/v1/agents') return response.writeHead(201).end('{"id":"agent-1"}');
      response.destroy();
    });
    await expect(load(options(dying))).rejects.toThrow('closed the connection');
  });
});
