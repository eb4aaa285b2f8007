/** Sockets over a real server: the handshake, its refusals, and requests that are made to break it. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { alive } from '../../runtime/testing/collect.ts';
import { mountApi } from '../mounts.ts';
import { FakeHouse } from '../testing/fake-house.ts';
import { DEMO, traderRow } from '../testing/samples.ts';

const house = new FakeHouse({ publicUrl: 'https://desk.example/pitwall' });
house.traders.set('agent-1', traderRow());
const api = mountApi(house);
const server = createServer({ requireHostHeader: false }, api.listener('127.0.0.1'));
let port = 0;

beforeAll(async () => {
  api.attach(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  port = typeof address === 'object' && address ? address.port : 0;
});
afterAll(async () => {
  api.close();
  api.terminateSockets();
  await new Promise((resolve) => server.close(resolve));
});

function client(path = '/ws', headers: Record<string, string> = {}, options: WebSocket.ClientOptions = {}) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { ...options, headers });
  const messages: string[] = [];
  socket.on('message', (data) => messages.push(String(data)));
  const ended = new Promise<number | string>((resolve) => {
    socket.on('close', (code) => resolve(code));
    socket.on('error', (error) => resolve(error.message));
  });
  const opened = new Promise<void>((resolve) => socket.on('open', () => resolve()));
  const heard = async (count: number) => {
    const deadline = performance.now() + 10_000;
    while (messages.length < count && performance.now() < deadline)
      await new Promise((resolve) => setImmediate(resolve));
    return messages;
  };
  return { socket, opened, ended, heard };
}

const KEY = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
const CLOSE = 'Connection: close\r\n\r\n';
/** What the server answers to raw bytes, until it closes; the second ones follow when the first are on their way, or answered. */
const raw = (bytes: string, later = '', isAnswered = false) =>
  new Promise<string>((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, isAnswered ? undefined : next));
    const next = () => setImmediate(() => socket.write(later));
    if (isAnswered) socket.once('data', next);
    socket.on('data', (data) => {
      answer += data;
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', () => undefined);
  });

describe('a socket', () => {
  it('gets in by header and hears of its agent', async () => {
    const { socket, heard } = client('/ws', { authorization: `Bearer ${DEMO}` });
    expect(await heard(1)).toEqual(['{"type":"auth:ok"}']);
    socket.send('{"type":"subscribe","agentId":"agent-1"}');
    socket.send('{"type":"subscribe","agentId":"agent-9"}');
    await heard(2);
    house.commit({ type: 'order.sent', orderId: 'trade-1', traderId: 'agent-1', accountId: 'a' } as never);
    expect((await heard(3))[2]).toContain('"trade:update"');
    socket.close();
  });
  it('gets in by query and by first message, with a slash at the end too', async () => {
    const byQuery = client(`/ws/?access_token=${DEMO}`);
    const byMessage = client();
    await byMessage.opened;
    byMessage.socket.send(JSON.stringify({ type: 'auth', token: DEMO }));
    for (const { socket, heard } of [byQuery, byMessage]) {
      expect(await heard(1)).toHaveLength(1);
      socket.close();
    }
  });
  it('is closed with 4401 for a bad token and with 1009 for a message above the cap', async () => {
    expect(await client('/ws', { authorization: 'Bearer x' }).ended).toBe(4401);
    const large = client('/ws', { authorization: `Bearer ${DEMO}` });
    await large.heard(1);
    large.socket.send('x'.repeat(1_048_576));
    expect(await large.ended).toBe(1009);
  });
  it('ends when its peer answers no ping, and stays when it does', async () => {
    const headers = { authorization: `Bearer ${DEMO}` };
    const [lively, vanished] = [client('/ws', headers), client('/ws', headers, { autoPong: false })];
    await Promise.all([lively.heard(1), vanished.heard(1)]);
    const pinged = Promise.all([once(lively.socket, 'ping'), once(vanished.socket, 'ping')]);
    house.advance(30_000);
    await pinged;
    // The pong of the lively one is on its way: an answer to a request behind it says that it has arrived.
    lively.socket.send('{"type":"subscribe","agentId":"agent-9"}');
    await lively.heard(2);
    house.advance(30_000);
    expect(await vanished.ended).toBe(1006);
    expect(lively.socket.readyState).toBe(WebSocket.OPEN);
    lively.socket.close();
  });
  it('is refused to pages of other origins, and lets in those of its own, as it is and as the settings say', async () => {
    expect(await client('/ws', { origin: 'https://evil.example' }).ended).toContain('403');
    const own = client('/ws', { origin: `http://127.0.0.1:${port}`, authorization: `Bearer ${DEMO}` });
    expect(await own.heard(1)).toHaveLength(1);
    own.socket.close();
    const named = client('/ws', { origin: 'https://desk.example', authorization: `Bearer ${DEMO}` });
    expect(await named.heard(1)).toHaveLength(1);
    named.socket.close();
  });
  it('does not exist elsewhere, and a plain GET is told to upgrade', async () => {
    expect(await client('/none').ended).toContain('404');
    const told = await fetch(`http://127.0.0.1:${port}/ws`);
    expect([told.status, told.headers.get('upgrade')]).toEqual([426, 'websocket']);
    expect(await told.json()).toMatchObject({ error: { code: 'UPGRADE_REQUIRED' } });
    const put = await fetch(`http://127.0.0.1:${port}/ws`, { method: 'PUT' });
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });
  it.each([
    ['headers that are too long', `GET /health HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['an address that is too long', `GET /health?${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
    ['a method that HTTP does not know', 'FOO /health HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['no host', `GET /health HTTP/1.1\r\n${CLOSE}`, 400],
    ['a host that is none', `GET /health HTTP/1.1\r\nHost: a b<>\r\n${CLOSE}`, 400],
    ['an address that is none', `GET http://[ HTTP/1.1\r\nHost: x\r\n${CLOSE}`, 400],
    ['a star for an address', `OPTIONS * HTTP/1.1\r\nHost: x\r\n${CLOSE}`, 400],
    ['a tunnel', 'CONNECT x:443 HTTP/1.1\r\nHost: x:443\r\n\r\n', 400],
    ['what is not there, whatever is expected,', `GET /none HTTP/1.1\r\nHost: x\r\nExpect: more\r\n${CLOSE}`, 404],
  ])('%s are refused in the form of the house', async (_what, bytes, status) => {
    const [head, body] = (await raw(bytes)).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*X-Request-Id: [0-9a-f-]{36}`));
    expect(JSON.parse(body!)).toMatchObject({ error: expect.any(String), detail: expect.any(String) });
  });
  it.each([
    ['GET /api/v1/agents?', { error: { code: 'REQUEST_HEADER_TOO_LARGE', message: expect.any(String) } }],
    ['GET http://x:1/api/v1/agents/a/trades?', { error: { code: 'REQUEST_HEADER_TOO_LARGE' } }],
    ['POST /api/v1/trading/positions/?', { detail: expect.any(String), status_code: 431 }],
    ['GET /api/trading/executions/', { error: 'The address or the headers are too long' }],
    ['POST /oauth/token?', { error: 'invalid_request', error_description: expect.any(String) }],
    ['GET /api/v1/none?', { error: { code: expect.any(String), request_id: expect.any(String) } }],
  ])('%s… too long is refused in the form of its surface', async (start, form) => {
    for (const rest of [
      `${'x'.repeat(20_000)} HTTP/1.1\r\n\r\n`,
      ` HTTP/1.1\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`,
    ]) {
      const [head, body] = (await raw(start + rest)).split('\r\n\r\n');
      expect(head).toMatch(/^HTTP\/1.1 431 /);
      expect(JSON.parse(body!)).toMatchObject(form);
    }
  });
  it.each([
    ['h2c', 'trader-client'],
    ['websocket', 'viewer-client'],
  ])('that offers %s to what is no socket is answered as if it had not', async (offer, client_id) => {
    const head = `HTTP/1.1\r\nHost: x\r\nUpgrade: ${offer}\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n`;
    const asked = `${head}Connection: Upgrade, HTTP2-Settings\r\n`;
    const closing = `${head}Connection: close, Upgrade, HTTP2-Settings\r\n`;
    const body = JSON.stringify({ grant_type: 'client_credentials', client_id, client_secret: `${client_id}-secret` });
    const json = 'Content-Type: application/json\r\n';
    const counted = `${json}Content-Length: ${body.length}\r\n\r\n`;
    const chunk = `${body.length.toString(16)}\r\n${body}\r\n`;
    const posts = [
      [`POST /oauth/token ${closing}${counted}${body}`],
      [`POST /oauth/token ${closing}${counted}${body.slice(0, 9)}`, body.slice(9)],
      [`POST /oauth/token ${closing}${json}Transfer-Encoding: chunked\r\n\r\n${chunk}`, '0\r\n\r\n'],
      [`GET /health ${asked}\r\n`, `POST /oauth/token ${closing}${counted}${body}`, true],
    ] as const;
    for (const [first, later, isAnswered] of posts) {
      const answer = await raw(first, later, isAnswered);
      expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\nX-Request-Id: /);
      expect(answer).toContain('"access_token":');
    }
    expect(await raw(`POST /none ${closing}\r\n`)).toMatch(/^HTTP\/1\.1 404 .*"error":"not-found"/s);
    expect(await raw(`POST /ws ${closing}\r\n`)).toMatch(/^HTTP\/1\.1 405 .*"METHOD_NOT_ALLOWED"/s);
  });
  it('without a host is refused in the form of its contract, and served where HTTP did not know hosts yet', async () => {
    expect(await raw(`GET /api/v1/agents HTTP/1.1\r\n${CLOSE}`)).toMatch(
      /^HTTP\/1\.1 400 .*{"error":{"code":"VALIDATION_ERROR","message":"A Host header is required","details":\[/s,
    );
    expect(await raw('GET /health HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /);
  });
  it('that is no proper upgrade ends itself and nothing else', async () => {
    const head = 'HTTP/1.1\r\nHost: x\r\nConnection: close, Upgrade\r\nUpgrade: websocket\r\n';
    await raw(`GET // ${head}\r\n`);
    await raw(`GET http://[ ${head}\r\n`);
    await raw(`GET /ws ${head}Sec-WebSocket-Key: bad\r\nSec-WebSocket-Version: 13\r\n\r\n`);
    expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
  });

  it.each([
    ['without a key', ''],
    ['with a key that is none', 'Sec-WebSocket-Key: bad\r\nSec-WebSocket-Version: 13\r\n'],
    ['of a version that nobody speaks', `${KEY}Sec-WebSocket-Version: 7\r\n`],
    ['with a subprotocol that is offered twice', `${KEY}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: a, a\r\n`],
  ])('that is a handshake %s is told so, and forgotten', async (_what, more) => {
    const lines: WeakRef<object>[] = [];
    const remember = (socket: object) => void lines.push(new WeakRef(socket));
    server.on('connection', remember);
    const head = 'GET /ws HTTP/1.1\r\nHost: x\r\nConnection: close, Upgrade\r\nUpgrade: websocket\r\n';
    for (let count = 0; count < 20; count += 1)
      expect(await raw(`${head}${more}\r\n`)).toMatch(/^HTTP\/1\.1 426 .*"UPGRADE_REQUIRED"/s);
    server.off('connection', remember);
    expect(alive(lines)).toBeLessThan(5);
  });
});
