/** The token endpoint: RFC 6749 client_credentials in every form, its errors, and its limit. */
import { describe, expect, it } from 'vitest';
import { World } from '../testing/samples.ts';

const GOOD = { grant_type: 'client_credentials', client_id: 'trader-client', client_secret: 'trader-client-secret' };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString();
const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});
const ask = (world: World, body: unknown, headers = {}, from = '127.0.0.1') =>
  world.call('POST', '/oauth/token', { as: '', body, headers, from });

describe('a token', () => {
  it.each([
    ['JSON', GOOD, {}],
    ['a form', form(GOOD), FORM],
    [
      'Basic credentials',
      form({ grant_type: 'client_credentials' }),
      { ...FORM, ...basic('trader-client', 'trader-client-secret') },
    ],
  ])('is given for %s and opens doors', async (_, body, headers) => {
    const world = new World();
    const reply = await ask(world, body, headers);
    expect(reply).toMatchObject({
      status: 200,
      body: { token_type: 'Bearer', expires_in: 3_600, access_token: expect.any(String) },
    });
    expect(reply.headers.get('cache-control')).toBe('no-store');
    const { access_token: as } = reply.body as { access_token: string };
    expect((await world.call('GET', '/api/v1/agents', { as })).status).toBe(200);
    world.house.advance(3_600_000);
    expect((await world.call('GET', '/api/v1/agents', { as })).status).toBe(401);
  });
  it.each([
    ['a wrong secret', { ...GOOD, client_secret: 'x' }, {}, 401, 'invalid_client'],
    ['an unknown client', { ...GOOD, client_id: 'nobody' }, {}, 401, 'invalid_client'],
    [
      'an unknown client with an empty secret',
      { ...GOOD, client_id: 'nobody', client_secret: '' },
      {},
      401,
      'invalid_client',
    ],
    ['no credentials', { grant_type: 'client_credentials' }, {}, 401, 'invalid_client'],
    ['broken Basic', { grant_type: 'client_credentials' }, { authorization: 'Basic %%%' }, 401, 'invalid_client'],
    ['credentials twice', GOOD, basic('trader-client', 'trader-client-secret'), 400, 'invalid_request'],
    ['another grant', { ...GOOD, grant_type: 'password' }, {}, 400, 'unsupported_grant_type'],
    ['no grant', {}, {}, 400, 'invalid_request'],
    ['a parameter twice', `${form(GOOD)}&client_id=x`, FORM, 400, 'invalid_request'],
    ['bad JSON', '{', {}, 400, 'invalid_request'],
    ['another type', 'x', { 'content-type': 'text/plain' }, 415, 'invalid_request'],
    ['a scope', { ...GOOD, scope: 'orders' }, {}, 400, 'invalid_scope'],
  ])('is refused for %s', async (_, body, headers, status, error) => {
    expect(await ask(new World(), body, headers)).toMatchObject({
      status,
      body: { error, error_description: expect.any(String) },
    });
  });
  it('says of another type both that it takes', async () => {
    const { body, headers } = await ask(new World(), 'x', { 'content-type': 'text/plain' });
    const error_description = 'Content-Type must be application/json or application/x-www-form-urlencoded';
    expect(body).toEqual({ error: 'invalid_request', error_description });
    expect(headers.get('accept')).toBe('application/json, application/x-www-form-urlencoded');
  });
  it.each([
    [{ ...GOOD, grant_type: undefined }, 'grant_type: Required'],
    [{ ...GOOD, grant_type: '' }, 'grant_type: Required'],
    [{ ...GOOD, grant_type: 'password' }, 'grant_type: Must be client_credentials'],
    [{ ...GOOD, client_id: 'x'.repeat(201), scope: 7 }, /^client_id: .*; scope: /],
    [`${form(GOOD)}&client_id=x`, 'client_id: Must be given once'],
    [{ ...GOOD, scope: 'orders' }, /^scope: /],
  ])('is refused with the name of what is wrong: %o', async (body, says) => {
    const { body: told } = await ask(new World(), body, typeof body === 'string' ? FORM : {});
    expect((told as { error_description: string }).error_description).toMatch(says);
  });
  it('is refused in ASCII without quotes and backslashes, however the parameter is called', async () => {
    const body = `${form(GOOD)}&${'n=1&n=2'.replaceAll('n', encodeURIComponent('"ü\\"'))}`;
    expect((await ask(new World(), body, FORM)).body).toEqual({
      error: 'invalid_request',
      error_description: "'??': Must be given once",
    });
  });
  it('counts a parameter without a value as one that was left out', async () => {
    const credentials = basic('trader-client', 'trader-client-secret');
    const body = form({ grant_type: 'client_credentials', client_id: '', client_secret: '', scope: '' });
    expect((await ask(new World(), body, { ...FORM, ...credentials })).status).toBe(200);
  });
  it('is given for Basic credentials beside their own client_id, and for no other', async () => {
    const credentials = { ...FORM, ...basic('trader-client', 'trader-client-secret') };
    const asked = (client_id: string) =>
      ask(new World(), form({ grant_type: 'client_credentials', client_id }), credentials);
    expect((await asked('trader-client')).status).toBe(200);
    expect(await asked('supervisor-client')).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });
  it('can be asked for 5 times a minute per client and address', async () => {
    const world = new World();
    const wrong = { ...GOOD, client_secret: 'x' };
    for (let n = 0; n < 5; n += 1) expect((await ask(world, wrong)).status).toBe(401);
    const refused = await ask(world, GOOD);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('x-ratelimit-limit')).toBe('5');
    expect((await ask(world, GOOD, {}, '10.0.0.7')).status).toBe(200);
    const viewer = { ...GOOD, client_id: 'viewer-client', client_secret: 'viewer-client-secret' };
    expect((await ask(world, viewer)).status).toBe(200);
    world.house.advance(60_000);
    expect((await ask(world, GOOD)).status).toBe(200);
  });
});
