/** What ends a request, and that a request which is over leaves nothing at what outlives it. */
import { expect, test } from 'vitest';
import { collect } from '../../runtime/testing/collect.ts';
import { within } from './within.ts';

const untilEnded = (signal: AbortSignal): Promise<unknown> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(signal.reason);
    signal.addEventListener('abort', () => resolve(signal.reason));
  });

test('the first of several ends is the end, with its reason', async () => {
  const [life, closing] = [new AbortController(), new AbortController()];
  const both = within({ signals: [life.signal, closing.signal] }, untilEnded);
  closing.abort('closed');
  life.abort('died');
  expect(await both).toBe('closed');
  expect(await within({ signals: [life.signal], timeoutMs: 60_000 }, untilEnded)).toBe('died');
});

test('a request has its time', async () => {
  expect(await within({ signals: [], timeoutMs: 1 }, untilEnded)).toMatchObject({ name: 'TimeoutError' });
});

test('requests that are over leave nothing behind at a signal that lives on', async () => {
  const { signal } = new AbortController();
  const heapAfter = async (requests: number): Promise<number> => {
    for (let request = 0; request < requests; request += 1)
      await within({ signals: [signal], timeoutMs: 60_000 }, async (limits) => limits.aborted);
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    return process.memoryUsage().heapUsed;
  };
  const warm = await heapAfter(1_000);
  expect(((await heapAfter(20_000)) - warm) / 20_000).toBeLessThan(50);
});
