/** Absolute addresses behind a proxy, through the door of the executions contract, and who counts as the caller there. */
import { expect, it } from 'vitest';
import { FakeHouse } from '../testing/fake-house.ts';
import { taskRow, World } from '../testing/samples.ts';
import type { ApiSettings } from './house.ts';

const FORWARDED = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'desk.example:8443' };

async function nextPage(settings: Partial<ApiSettings>, headers: Readonly<Record<string, string>> = {}) {
  const house = new FakeHouse(settings);
  for (const id of ['1', '2']) house.runs.taskRows.set(Number(id), taskRow({ id }));
  const path = '/api/trading/tasks/?page_size=1';
  const { status, body, headers: told } = await new World(house).call('GET', path, { headers });
  const { next } = body as { readonly next: string };
  expect([status, told.get('link')]).toEqual([200, `<${next}>; rel="next"`]);
  return next;
}

const rest = '/api/trading/tasks/?page_size=1&page=2';

it('an address is the one that the request was sent to, whatever a client says of a proxy', async () => {
  expect(await nextPage({})).toBe(`http://localhost${rest}`);
  expect(await nextPage({}, FORWARDED)).toBe(`http://localhost${rest}`);
});

it('a proxy that is trusted tells scheme and host; of several the nearest one counts', async () => {
  const seen = (headers: Readonly<Record<string, string>>) => nextPage({ trustProxy: true }, headers);
  expect(await seen(FORWARDED)).toBe(`https://desk.example:8443${rest}`);
  expect(await seen({ 'x-forwarded-proto': 'https' })).toBe(`https://localhost${rest}`);
  expect(await seen({ ...FORWARDED, 'x-forwarded-host': 'evil.example, desk.example' })).toBe(
    `https://desk.example${rest}`,
  );
  expect(await seen({ 'x-forwarded-host': '[2001:db8::1]:3000' })).toBe(`http://[2001:db8::1]:3000${rest}`);
});

it.each([
  { 'x-forwarded-proto': 'javascript', 'x-forwarded-host': 'a/b' },
  { 'x-forwarded-host': 'user@evil.example' },
  { 'x-forwarded-host': 'desk.example:99999' },
  { 'x-forwarded-host': '' },
])('what is no scheme or host is not heeded: %j', async (headers) => {
  expect(await nextPage({ trustProxy: true }, headers)).toBe(`http://localhost${rest}`);
});

it('the configured address goes before all others, with its path', async () => {
  const settings = { publicUrl: 'https://desk.example/pitwall/', trustProxy: true };
  expect(await nextPage(settings, { ...FORWARDED, 'x-forwarded-host': 'other.example' })).toBe(
    `https://desk.example/pitwall${rest}`,
  );
});

it('the limit on wrong secrets counts the client that a trusted proxy names, and else the proxy itself', async () => {
  const lastStatus = async (settings: Partial<ApiSettings>) => {
    const world = new World(new FakeHouse(settings));
    const ask = async (address: string) => {
      const body = { grant_type: 'client_credentials', client_id: 'trader-client', client_secret: 'wrong' };
      const headers = { 'x-forwarded-for': `203.0.113.9, ${address}` };
      return (await world.call('POST', '/oauth/token', { as: '', body, headers, from: '10.0.0.1' })).status;
    };
    let status = 0;
    for (let count = 0; status !== 429 && count < 1_000; count += 1) status = await ask('192.0.2.1');
    expect(status).toBe(429);
    return ask('192.0.2.2');
  };
  expect(await lastStatus({ trustProxy: true })).toBe(401);
  expect(await lastStatus({})).toBe(429);
});
