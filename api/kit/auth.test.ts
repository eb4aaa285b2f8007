/** Who gets in: the token table, and every role on every route. All of it fails closed. */
import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { FakeHouse, SETTINGS, START } from '../testing/fake-house.ts';
import { traderRow, World } from '../testing/samples.ts';
import { ROLES } from './caller.ts';
import type { Route } from './route.ts';

const NOW_S = START / 1_000;
const SECRET = SETTINGS.signingKeys[0]!.secret;
const HEADER = { alg: 'HS256', typ: 'at+jwt', kid: 'k1' };
const CLAIMS = {
  sub: 'user-456',
  roles: ['trader'],
  accounts: [],
  iss: 'pitwall',
  aud: 'pitwall-api',
  exp: NOW_S + 60,
};
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function token(claims: object = {}, header: object = {}, secret = SECRET): string {
  const signed = `${part({ ...HEADER, ...header })}.${part({ ...CLAIMS, ...claims })}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
const AGENTS = '/api/v1/agents';

describe('a token', () => {
  it('that is right gets in, again from memory, and until its last second', async () => {
    const world = new World();
    const right = token();
    for (let n = 0; n < 2; n += 1) expect((await world.call('GET', AGENTS, { as: right })).status).toBe(200);
    world.house.advance(59_999);
    expect((await world.call('GET', AGENTS, { as: right })).status).toBe(200);
    world.house.advance(1);
    expect((await world.call('GET', AGENTS, { as: right })).status).toBe(401);
  });
  it.each([
    ['is missing', ''],
    ['is no token', 'x'],
    ['is not signed', `${part({ alg: 'none', typ: 'at+jwt', kid: 'k1' })}.${part(CLAIMS)}.`],
    ['names another algorithm', token({}, { alg: 'HS512' })],
    ['is signed with another key', token({}, {}, 'another-key-of-at-least-32-bytes!!!!')],
    ['names no key', token({}, { kid: undefined })],
    ['names an unknown key', token({}, { kid: 'k2' })],
    ['names a key by a path', token({}, { kid: '../../dev/null' }, '')],
    ['brings its own key', token({}, { kid: undefined, jwk: { kty: 'oct', k: 'eA' } })],
    ['points to a key', token({}, { kid: undefined, jku: 'http://evil' })],
    ['has critical extensions', token({}, { crit: ['x'], x: 1 })],
    ['is of another type', token({}, { typ: 'rt+jwt' })],
    ['has no type', token({}, { typ: undefined })],
    ['is from another issuer', token({ iss: 'evil' })],
    ['is for another audience', token({ aud: 'other' })],
    ['has no end', token({ exp: undefined })],
    ['has an end that is text', token({ exp: String(NOW_S + 60) })],
    ['ended a second ago', token({ exp: NOW_S - 1 })],
    ['ends now', token({ exp: NOW_S })],
    ['is not valid yet', token({ nbf: NOW_S + 1 })],
    ['names nobody', token({ sub: undefined })],
    ['names nobody with care', token({ sub: '' })],
  ])('that %s is 401', async (_, as) => {
    const reply = await new World().call('GET', AGENTS, { as });
    expect(reply).toMatchObject({ status: 401, code: 'UNAUTHORIZED' });
    expect(reply.headers.get('www-authenticate')).toMatch(/^Bearer/);
  });
  it('in another scheme is 401', async () => {
    const reply = await new World().call('GET', AGENTS, { as: '', headers: { authorization: `Basic ${token()}` } });
    expect(reply.status).toBe(401);
  });
  it('with unknown roles has no rights', async () => {
    expect((await new World().call('GET', AGENTS, { as: token({ roles: ['root', 7] }) })).status).toBe(403);
    expect((await new World().call('GET', AGENTS, { as: token({ roles: 'admin' }) })).status).toBe(403);
  });
  it('of the development profile is unknown in production', async () => {
    const world = new World(new FakeHouse({ profile: 'production' }));
    expect((await world.call('GET', AGENTS)).status).toBe(401);
  });
  it('under the key before is good until its grace ends', async () => {
    const signingKeys = [...SETTINGS.signingKeys, { kid: 'k0', secret: 'b'.repeat(32), acceptUntilMs: START + 1_000 }];
    const world = new World(new FakeHouse({ signingKeys }));
    const old = token({}, { kid: 'k0' }, 'b'.repeat(32));
    expect((await world.call('GET', AGENTS, { as: old })).status).toBe(200);
    world.house.advance(1_000);
    expect((await world.call('GET', AGENTS, { as: old })).status).toBe(401);
  });
});

const pathOf = ({ path }: Route): string => path.replace(/:\w+/g, 'agent-1');
const allRoutes = new World().api.routes;
const protectedRoutes = allRoutes.filter(({ policy }) => policy.kind === 'roles');

describe.each(protectedRoutes.map((route) => [`${route.method} ${route.path}`, route] as const))('%s', (_, route) => {
  it('is closed without a token', async () => {
    expect((await new World().call(route.method, pathOf(route), { as: '' })).status).toBe(401);
  });
  it.each([undefined, ...ROLES])('lets the role %s in only if its policy says so', async (role) => {
    if (route.policy.kind !== 'roles') throw new Error('not a role policy');
    const house = new FakeHouse();
    house.traders.set('agent-1', traderRow());
    const world = new World(house);
    const as = await world.token('user-456', ...(role ? [role] : []));
    // Past the policy some routes ask a house without answers; what matters is which door was closed.
    const { status } = await world.call(route.method, pathOf(route), {
      as,
      body: route.method === 'GET' ? undefined : '{"no":1}',
    });
    if (role && route.policy.roles.includes(role)) expect([401, 403]).not.toContain(status);
    else expect(status).toBe(403);
  });
});

describe('routes without a token', () => {
  it('are health, metrics, the reference and the token endpoint', () => {
    const open = allRoutes.filter(({ policy }) => policy.kind !== 'roles').map(({ path }) => path);
    expect(open.toSorted()).toEqual([
      '/api/health',
      '/api/v1/trading/health',
      '/docs',
      '/health',
      '/metrics',
      '/oauth/token',
      '/openapi.json',
    ]);
  });
  it('give metrics away on loopback only', async () => {
    const world = new World();
    const status = async (from: string, headers = {}, as = '') =>
      (await world.call('GET', '/metrics', { as, from, headers })).status;
    expect(await status('127.0.0.1')).toBe(200);
    expect(await status('::1')).toBe(200);
    expect(await status('10.0.0.7')).toBe(401);
    expect(await status('127.0.0.1', { 'x-forwarded-for': '10.0.0.7' })).toBe(401);
    expect(await status('10.0.0.7', {}, await world.token('ops', 'admin'))).toBe(200);
    expect(await status('10.0.0.7', {}, await world.token('v', 'viewer'))).toBe(403);
  });
});
