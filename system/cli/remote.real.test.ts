/** The command line over connections that a product has closed in the meantime: reading goes on over a new one, writing is never done twice. */
import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RemoteHouse } from './remote.ts';

/** Answers once a connection; whatever is asked over it again finds it closed, as after the time that it may be idle. */
let server: Server;
let house: RemoteHouse;
const asked: string[] = [];
const used = new Set<Socket>();
let closesAll = false;

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (closesAll || used.has(request.socket)) return void request.socket.destroy();
    used.add(request.socket);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ version: 1, agents: [], deadLetters: {} }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  house = new RemoteHouse({ url: `http://127.0.0.1:${port}`, token: 't', send: fetch });
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

test('a question that finds its connection closed is asked again over another one', async () => {
  // Several connections that are all used up.
  await Promise.all([house.agents(), house.agents(), house.limits()]);
  asked.length = 0;
  for (let question = 0; question < 6; question += 1) expect(await house.agents()).toMatchObject({ agents: [] });
  expect(asked.length).toBeGreaterThan(6);
});

test('what changes something is sent once, and its failure is told', async () => {
  asked.length = 0;
  closesAll = true;
  await expect(house.archive(3)).rejects.toThrow(/did not answer/);
  expect(asked).toEqual(['POST /api/v1/house/journal/archive']);
});

test('where nobody answers at all, it is told after a bounded number of tries', async () => {
  asked.length = 0;
  let tries = 0;
  const closed = new RemoteHouse({
    ...{ url: 'http://127.0.0.1:1', token: 't' },
    send: async () => {
      tries += 1;
      throw new TypeError('fetch failed', {
        cause: Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }),
      });
    },
  });
  await expect(closed.limits()).rejects.toThrow('http://127.0.0.1:1 did not answer: other side closed');
  expect(tries).toBe(4);
});
