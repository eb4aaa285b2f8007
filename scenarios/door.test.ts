/** Requests through the door reach the product as they do from a socket, and answers are heard whole. */
import { expect, test, vi } from 'vitest';
import { openDoor } from './door.ts';

const told = async (request: Request): Promise<Response> => {
  const { method, url, headers } = request;
  const body = method === 'GET' ? '' : Buffer.from(await request.arrayBuffer()).toString();
  const heard = { method, url, key: headers.get('idempotency-key'), length: headers.get('content-length'), body };
  return new Response(JSON.stringify(heard), { status: 201, headers: { 'x-request-id': '1' } });
};

test('a body, its length and the headers arrive', async () => {
  const asked = { method: 'POST', path: '/a?b=1', headers: { 'Idempotency-Key': 'k' }, body: { name: 'é' } };
  const { status, body } = await openDoor(told)(asked);
  expect(status).toBe(201);
  expect(JSON.parse(body)).toEqual({
    ...{ method: 'POST', url: 'http://pitwall/a?b=1', key: 'k', length: '13', body: '{"name":"é"}' },
  });
});

test('a request without a body declares none', async () => {
  const get = await openDoor(told)({ method: 'GET', path: '/', headers: {} });
  expect(JSON.parse(get.body)).toMatchObject({ length: null, key: null });
  const remove = await openDoor(told)({ method: 'DELETE', path: '/', headers: {} });
  expect(JSON.parse(remove.body)).toMatchObject({ length: '0', body: '' });
});

test('an answer without a body is empty', async () => {
  const door = openDoor(() => new Response(null, { status: 204 }));
  expect(await door({ method: 'GET', path: '/', headers: {} })).toEqual({ status: 204, body: '' });
});

test('an answer in pieces is heard when the last has come, with its letters whole', async () => {
  const bytes = new TextEncoder().encode('aéb');
  const stream = (pieces: readonly Uint8Array[]): ReadableStream<Uint8Array> =>
    new ReadableStream({
      start(controller) {
        for (const piece of pieces) controller.enqueue(piece);
        controller.close();
      },
    });
  const door = openDoor(() => new Response(stream([bytes.subarray(0, 2), bytes.subarray(2)])));
  expect(await door({ method: 'GET', path: '/', headers: {} })).toEqual({ status: 200, body: 'aéb' });
});

test('an answer that breaks off is a failure', async () => {
  const broken = new ReadableStream<Uint8Array>({
    pull() {
      throw new Error('gone');
    },
  });
  const door = openDoor(() => new Response(broken));
  const complaint = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  await expect(door({ method: 'GET', path: '/', headers: {} })).rejects.toThrow('gone');
  expect(complaint).toHaveBeenCalledOnce();
  complaint.mockRestore();
});
