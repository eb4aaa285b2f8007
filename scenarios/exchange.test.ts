/** What a client sends and hears when its line is whole, is cut on the way or behind it, or when the process dies. */
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../runtime/simulated/random.ts';
import { type Asked, exchange, Upload } from './exchange.ts';
import { formOf, tickText } from './forms.ts';
import { Runner } from './runner.ts';

const FILE = { field: 'file', name: 'a.csv', text: 'x'.repeat(5_000) };

class Served {
  readonly runner = new Runner(0);
  received = 0;
  broken: unknown;
  left = false;
  private die: (value: 'cut') => void = () => undefined;
  private readonly died = new Promise<'cut'>((resolve) => {
    this.die = resolve;
  });

  kill(): void {
    this.die('cut');
  }

  /** Reads the form, and then answers with an event a second, five of them. */
  private readonly fetch = async (request: Request): Promise<Response> => {
    try {
      for await (const piece of request.body as ReadableStream<Uint8Array>) this.received += piece.length;
    } catch (error) {
      this.broken = error;
      return new Response('broken', { status: 400 });
    }
    const { runner } = this;
    let told = 0;
    const body = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        await runner.sleep(1_000);
        told += 1;
        controller.enqueue(new TextEncoder().encode(`data: {"told":${told}}\n\n`));
        if (told === 5) controller.close();
      },
      cancel: () => {
        this.left = true;
      },
    });
    return new Response(body);
  };

  async ask(upload: Upload): Promise<unknown> {
    const { fetch, died } = this;
    const ask = async (): Promise<never> => {
      throw new Error('an upload is sent piece by piece');
    };
    const line = { ask, fetch, sleep: this.runner.sleep, died };
    let heard: unknown = 'nothing';
    void exchange({ method: 'POST', path: '/', headers: {}, body: upload }, line).then((answer) => {
      heard = answer;
    });
    await this.runner.runUntil(this.runner.clock.marketNow() + 20_000);
    return heard;
  }
}

const upload = (cutAfterMs?: number) => new Upload({ ...formOf({ a: 'b' }, FILE), takesMs: 1_600, cutAfterMs });

describe('an upload', () => {
  test('arrives whole, and its answer is read to the end', async () => {
    const served = new Served();
    const sent = upload();
    expect(await served.ask(sent)).toMatchObject({ status: 200, body: expect.stringMatching(/"told":5/) });
    expect(served.received).toBe(sent.options.bytes.length);
  });

  test('that is cut on its way is broken off for who reads it; the next one gets through', async () => {
    const served = new Served();
    const sent = upload(800);
    expect(await served.ask(sent)).toBe('cut');
    expect(served.broken).toBeInstanceOf(Error);
    expect(served.received).toBeGreaterThan(0);
    expect(served.received).toBeLessThan(sent.options.bytes.length);
    expect(await served.ask(sent)).toMatchObject({ status: 200 });
  });

  test('that is cut while it is answered is left by its reader', async () => {
    const served = new Served();
    expect(await served.ask(upload(3_700))).toBe('cut');
    expect([served.broken, served.left]).toEqual([undefined, true]);
  });

  test('sends nothing more to a process that has died', async () => {
    const served = new Served();
    served.runner.clock.at('monotonic', 700, () => served.kill());
    expect(await served.ask(upload())).toBe('cut');
    expect([served.broken, served.received < 3_000]).toEqual([undefined, true]);
  });
});

test('a body says what it is, unless the client does', async () => {
  const heard: Readonly<Record<string, string>>[] = [];
  const ask = async ({ headers }: Asked) => {
    heard.push(headers);
    return { status: 200, body: '' };
  };
  const runner = new Runner(0);
  const died = new Promise<'cut'>(() => undefined);
  const line = { ask, fetch: () => new Response(), sleep: runner.sleep, died };
  const asked = { method: 'POST', path: '/', headers: { authorization: 'a' } };
  await exchange(asked, line);
  await exchange({ ...asked, body: {} }, line);
  await exchange({ ...asked, headers: { 'content-type': 'text/plain' }, body: {} }, line);
  expect(heard.map((headers) => headers['content-type'])).toEqual([undefined, 'application/json', 'text/plain']);
  const types: (string | null)[] = [];
  const fetch = async (request: Request) => {
    types.push(request.headers.get('content-type'));
    await request.text();
    return new Response('');
  };
  void exchange({ ...asked, body: upload() }, { ...line, fetch });
  await runner.runUntil(10_000);
  expect(types).toEqual([upload().options.contentType]);
});

test('a tick file is the same for the same seed, a line a tick', () => {
  const lines = { ticks: 3, startAt: Date.UTC(2026, 0, 5), everyMs: 500, price: 10, step: 0.25 };
  const text = tickText(lines, seededRandom('a'));
  expect(text).toBe(tickText(lines, seededRandom('a')));
  expect(text.split('\n')[0]).toBe('timestamp,price,volume');
  expect(text.split('\n').slice(1)).toEqual([
    expect.stringMatching(/^2026-01-05T00:00:00.000Z,10,[1-4]$/),
    expect.stringMatching(/^2026-01-05T00:00:00.500Z,(9.75|10.25),[1-4]$/),
    expect.stringMatching(/^2026-01-05T00:00:01.000Z,[\d.]+,[1-4]$/),
    '',
  ]);
});
