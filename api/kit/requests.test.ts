/** What may come in: the corpus of bad requests, each answered in the form of its surface, none with a stack trace or a 500. */
import { describe, expect, it } from 'vitest';
import { FakeHouse } from '../testing/fake-house.ts';
import { BODY, type CallOptions, DEMO, traderRow, World } from '../testing/samples.ts';
import { HouseError } from './house.ts';
import { UNDER_WAY_MAX } from './pipeline.ts';

const TRADES = '/api/v1/agents/agent-1/trades';
const CREATE = { name: 'Demo', type: 'trading', config: { budget: 1_000 }, userId: 'user-123' };

function world(house = new FakeHouse()) {
  house.traders.set('agent-1', traderRow({ userId: 'user-123' }));
  return new World(house);
}
const post = (body: unknown, options: CallOptions = {}, path = TRADES) =>
  world().call('POST', path, { body, ...options });

describe('a bad body', () => {
  it.each([
    ['nothing', ''],
    ['text', '"x"'],
    ['null', 'null'],
    ['a list', '[]'],
    ['half a document', '{"symbol":'],
    ['NaN', '{"symbol":"AAPL","side":"buy","quantity":NaN,"price":1,"type":"limit"}'],
    ['too large a number', '{"symbol":"AAPL","side":"buy","quantity":1e309,"price":1,"type":"limit"}'],
    ['a negative quantity', { ...BODY, quantity: -1 }],
    ['no quantity', { ...BODY, quantity: undefined }],
    ['a zero price', { ...BODY, price: 0 }],
    ['a huge price', { ...BODY, price: 1e300 }],
    ['a tiny price', { ...BODY, price: 1e-300 }],
    ['a quantity as text', { ...BODY, quantity: '1' }],
    ['a wrong side', { ...BODY, side: 'hold' }],
    ['a wrong type', { ...BODY, type: 'stop' }],
    ['a symbol that is a number', { ...BODY, symbol: 7 }],
    ['a symbol with NUL', { ...BODY, symbol: 'AA\0PL' }],
    ['a lone surrogate', '{"symbol":"\\ud800","side":"buy","quantity":1,"price":1,"type":"limit"}'],
    ['an unknown field', { ...BODY, status: 'executed' }],
    ['a field of another user', { ...BODY, userId: 'user-1' }],
    ['a prototype', '{"__proto__":{"admin":true},"symbol":"AAPL","side":"buy","quantity":1,"price":1,"type":"limit"}'],
    ['a constructor', { ...BODY, constructor: 1 }],
    ['a field twice', '{"symbol":"AAPL","side":"buy","side":"sell","quantity":1,"price":1,"type":"limit"}'],
    [
      'a field twice in two spellings',
      '{"symbol":"AAPL","side":"buy","s\\u0069de" : "sell","quantity":1,"price":1,"type":"limit"}',
    ],
    ['deep nesting', `${'['.repeat(200_000)}${']'.repeat(200_000)}`],
  ])('with %s is 400', async (_, body) => {
    const reply = await post(body);
    expect(reply).toMatchObject({ status: 400, code: 'VALIDATION_ERROR' });
    expect(reply.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(reply.text).not.toContain('at ');
  });
  it('that its sender cuts off is refused, and is no error of the house', async () => {
    const { api, house } = world();
    const body = new ReadableStream({ pull: (stream) => stream.error(new Error('aborted')) });
    const headers = { authorization: `Bearer ${DEMO}`, 'content-type': 'application/json' };
    const cut = { method: 'POST', headers, body, duplex: 'half' } as RequestInit;
    expect((await api.app.request(TRADES, cut)).status).toBe(400);
    expect(house.logged).toEqual([]);
  });
  it.each([
    [{ name: '  ' }, 'name'],
    [{ name: 7 }, 'name'],
    [{ type: 'bot' }, 'type'],
    [{ config: { budget: 999 } }, 'config.budget'],
    [{ config: { budget: 1_000_001 } }, 'config.budget'],
    [{ config: {} }, 'config.budget'],
    [{ config: { budget: 5_000.12345678901 } }, 'config.budget'],
    [{ config: { budget: 5_000, maxPositionSize: 1.12345678901 } }, 'config.maxPositionSize'],
    [{ config: { budget: 5_000, strategy: 'wild' } }, 'config.strategy'],
    [{ config: { budget: 5_000, leverage: 10 } }, 'config.leverage'],
    [{ config: { budget: 5_000, maxPositionSize: -1 } }, 'config.maxPositionSize'],
    [{ userId: undefined }, 'userId'],
  ])('names the field: %o', async (over, field) => {
    const { status, body } = await post({ ...CREATE, ...over }, {}, '/api/v1/agents');
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: { details: [{ field, message: expect.any(String) }] } });
  });
  it('names a field that stands twice, and takes the same name in two objects or in a text', async () => {
    const twice = '{"name":"A","type":"trading","config":{"budget":1000,"budget":900000},"userId":"user-123"}';
    const { status, body } = await post(twice, {}, '/api/v1/agents');
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: { details: [{ field: 'config.budget', message: 'Must be given once' }] } });
    for (const [text, field] of [
      ['{"name":"A","config":{"x":{"y":1},"z":[{"b":2},{"b":1,"b":2}]}}', 'config.z.1.b'],
      ['{"config":{"a":[[],[{}],"}",{"c":{"d":1,"\\u0064":2}}]}}', 'config.a.3.c.d'],
      ['{"config":{"a":{"b":1}},"name":"A","config":{}}', 'config'],
      ['[1,{"a":[1,2],"a":1}]', '1.a'],
    ] as const)
      expect((await post(text, {}, '/api/v1/agents')).body).toMatchObject({ error: { details: [{ field }] } });
    const limits =
      '{"reason":"{\\"reason\\": 1, \\"reason\\": 2}","limits":{"reason":1},"x":[{"a":1},{"a":{"a":"}"}}]}';
    const other = await post(limits, {}, '/api/v1/agents');
    expect(other.text).not.toContain('Must be given once');
  });
  it('says what the contract says about a budget and a quantity', async () => {
    const { body } = await post({ ...CREATE, config: { budget: 1 } }, {}, '/api/v1/agents');
    expect(body).toMatchObject({ error: { details: [{ message: 'Budget must be between $1,000 and $1,000,000' }] } });
    const trade = await post({ ...BODY, quantity: 0 });
    expect(trade.body).toMatchObject({
      error: { details: [{ field: 'quantity', message: 'Quantity must be greater than 0' }] },
    });
  });
  it('of more than a mebibyte is 413, declared or not', async () => {
    const large = JSON.stringify({ ...BODY, symbol: 'x'.repeat(1_048_576) });
    expect((await post(large)).status).toBe(413);
    expect((await post(large, { headers: { 'content-length': String(large.length) } })).status).toBe(413);
    expect((await post('{}', { headers: { 'content-length': '1e9' } })).status).toBe(413);
  });
  it.each([
    'text/plain',
    'application/xml',
    '',
    'application/json; charset=latin1',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
  ])('of the type "%s" is 415', async (type) => {
    expect(await post(BODY, { headers: { 'content-type': type } })).toMatchObject({ status: 415 });
  });
  it.each(['gzip', 'br', 'identity, gzip'])(
    'packed with "%s" is 415, and never read as if it were not',
    async (encoding) => {
      const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
      const { status, headers: told } = await post(BODY, { headers });
      expect([status, told.get('accept-encoding')]).toEqual([415, 'identity']);
      expect((await post({ no: 1 }, { headers: { ...headers, 'content-encoding': 'Identity' } })).status).toBe(400);
    },
  );
  it('with a declared UTF-8 is fine, and with bytes that are none is 400', async () => {
    expect((await post('{"no":1}', { headers: { 'content-type': 'Application/JSON; charset=UTF-8' } })).status).toBe(
      400,
    );
    const bytes = new Uint8Array([0x22, 0xff, 0x22]);
    const request = {
      method: 'POST',
      headers: { authorization: 'Bearer test-bearer-token', 'content-type': 'application/json' },
      body: bytes,
    };
    expect((await world().api.app.request(TRADES, request)).status).toBe(400);
  });
});

describe('a wrong place', () => {
  it.each([
    ['/api/v1/agents/agent-1/none', { error: { code: 'NOT_FOUND' } }],
    ['/api/v1/oversight', { error: { code: 'NOT_FOUND' } }],
    ['/api/v1/none', { error: { code: 'NOT_FOUND_001', request_id: expect.any(String) } }],
    ['/api/v1/agentsx', { error: { code: 'NOT_FOUND_001' } }],
    ['/none', { error: 'not-found', detail: expect.any(String), timestamp: expect.any(String) }],
    ['/oauth/none', { error: 'invalid_request' }],
  ])('%s is 404 in the form of its surface', async (path, body) => {
    const reply = await world().call('GET', path);
    expect(reply.status).toBe(404);
    expect(reply.body).toMatchObject(body);
    expect(reply.headers.get('x-request-id')).toBeTruthy();
  });
  it.each([
    ['PUT', '/api/v1/agents', 'GET, HEAD, OPTIONS, POST'],
    ['PATCH', TRADES, 'GET, HEAD, OPTIONS, POST'],
    ['POST', '/api/v1/agents/agent-1', 'DELETE, GET, HEAD, OPTIONS'],
    ['GET', '/api/v1/emergency-stop', 'OPTIONS, POST'],
    ['DELETE', '/oauth/token', 'OPTIONS, POST'],
    ['POST', '/health', 'GET, HEAD, OPTIONS'],
  ])('%s %s is 405 with what is allowed', async (method, path, allow) => {
    const reply = await world().call(method, path);
    expect(reply.status).toBe(405);
    expect(reply.headers.get('allow')?.split(', ').toSorted().join(', ')).toBe(allow);
    expect(reply.body).toBeTruthy();
  });
  it('answers HEAD as GET without a body, and OPTIONS with what is allowed', async () => {
    const head = await world().call('HEAD', '/api/v1/agents');
    expect(head).toMatchObject({ status: 200, text: '' });
    const options = await world().call('OPTIONS', '/api/v1/agents', { as: '' });
    expect(options.status).toBe(204);
    expect(options.headers.get('allow')).toContain('POST');
  });
  it('is none with a slash at its end', async () => {
    expect((await world().call('GET', '/api/v1/agents/')).status).toBe(200);
    expect((await world().call('GET', '/api/v1/agents/agent-1/trades/?limit=1')).status).toBe(200);
    expect((await world().call('PUT', '/api/v1/agents/')).status).toBe(405);
    for (const path of ['/api/v1/agents//', '/api/v1//agents', '/api/v1/agents/agent-1//'])
      expect(await world().call('GET', path)).toMatchObject({ status: 404 });
  });
  it('with NUL or a broken escape in it is no error of ours', async () => {
    expect((await world().call('GET', '/api/v1/agents/a%00b')).status).toBe(400);
    expect((await world().call('GET', '/api/v1/agents/%ff')).status).toBe(404);
    expect((await world().call('GET', '/api/v1/agents?status=%00')).status).toBe(400);
  });
  it.each([
    ['a lone surrogate', 'page=1&symbol=%ed%a0%80'],
    ['half a letter', 'symbol=%C3'],
    ['an overlong slash', 'symbol=%c0%af'],
    ['a name that is no text', '%ff=1'],
  ])('is refused with %s in its query', async (_, query) => {
    const { status, body } = await world().call('GET', `${TRADES}?${query}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: { details: [{ message: 'Must be valid UTF-8' }] } });
  });
  it.each(['symbol=%C3%BC', 'symbol=100%', 'symbol=%zz', 'symbol=%EF%BF%BD', 'symbol=a+b'])(
    'is taken with the query %s',
    async (query) => expect((await world().call('GET', `${TRADES}?${query}`)).status).toBe(200),
  );
});

describe('a house that cannot answer', () => {
  it.each(['unavailable', 'timeout', 'refused'] as const)('(%s) is 503 with a time to come back', async (kind) => {
    const house = new FakeHouse();
    house.on('quota.get', () => Promise.reject(new HouseError(kind, 'secret detail')));
    const reply = await world(house).call('GET', '/api/v1/agents/agent-1/quota');
    expect(reply).toMatchObject({ status: 503, code: 'EXTERNAL_SERVICE_ERROR' });
    expect(reply.headers.get('retry-after')).toBe('1');
    expect(reply.text).not.toContain('secret');
  });
  it('because of a bug says nothing of it outside', async () => {
    const house = new FakeHouse();
    const reply = await world(house).call('GET', '/api/v1/agents/agent-1/quota');
    expect(reply).toMatchObject({ status: 500, code: 'INTERNAL_ERROR' });
    expect(reply.text).not.toContain('nobody answers');
    expect(house.logged).toEqual(['request.failed']);
  });
  it('because it starts or stops is 503, but says how it is', async () => {
    const house = new FakeHouse();
    house.present = 'starting';
    const reply = await world(house).call('GET', '/api/v1/agents');
    expect(reply.status).toBe(503);
    expect(reply.headers.get('retry-after')).toBe('1');
    const health = await world(house).call('GET', '/health', { as: '' });
    expect(health.status).toBe(503);
    expect(health.body).toMatchObject({ status: 'starting' });
  });
});

describe('other origins', () => {
  it('may read answers only when the settings name them', async () => {
    const named = world(new FakeHouse({ corsOrigins: ['https://desk.example'] }));
    const headers = (origin: string) => ({ headers: { origin } });
    const good = await named.call('GET', '/api/v1/agents', headers('https://desk.example'));
    expect(good.headers.get('access-control-allow-origin')).toBe('https://desk.example');
    expect(good.headers.get('access-control-allow-credentials')).toBeNull();
    const bad = await named.call('GET', '/api/v1/agents', headers('https://evil.example'));
    expect(bad.headers.get('access-control-allow-origin')).toBeNull();
    expect(bad.headers.get('vary')).toBe('Origin');
    const preflight = await named.call('OPTIONS', '/api/v1/agents', { as: '', ...headers('https://desk.example') });
    expect(preflight.headers.get('access-control-allow-headers')).toContain('Authorization');
    const none = await world().call('GET', '/api/v1/agents', headers('https://desk.example'));
    expect(none.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('more requests than can be served', () => {
  it('are refused at once, while stops and cancels are taken, and others again when there is room', async () => {
    const house = new FakeHouse({ rateLimits: false });
    const answers: (() => void)[] = [];
    const refuse = () => new HouseError('unavailable', 'away');
    house.on('order.submit', () => new Promise((_, reject) => answers.push(() => reject(refuse()))));
    house.on('trading.halt', () => ({ type: 'trading.halt-answered', stopId: 'stop', handedOver: [] }) as never);
    const crowded = world(house);
    const submit = () => crowded.call('POST', TRADES, { body: BODY });
    const waiting = Array.from({ length: UNDER_WAY_MAX }, submit);
    await house.settled();
    expect(answers).toHaveLength(UNDER_WAY_MAX);
    const refused = await submit();
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect((await crowded.call('DELETE', `${TRADES}/unknown`)).status).toBe(404);
    const stop = { reason: 'too much of it', triggered_by: 'user-123', scope: 'agent', target_id: 'agent-1' };
    expect((await crowded.call('POST', '/api/v1/emergency-stop', { body: stop })).status).toBe(200);
    for (const answer of answers.splice(0)) answer();
    expect((await Promise.all(waiting)).every(({ status }) => status === 503)).toBe(true);
    const next = submit();
    await house.settled();
    expect(answers).toHaveLength(1);
    answers[0]!();
    await next;
  });
});
