/** Uploads over a real socket: one that is cut in the middle, one that is too large, one whose client leaves while it is read, and junk on a real disk. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createAdaptorServer } from '@hono/node-server';
import { afterEach, describe, expect, it } from 'vitest';
import { DiskTickFiles } from '../../adapters/tick-files/disk.ts';
import type { TickFiles } from '../../market/import/tick-files.ts';
import { liveIds } from '../../runtime/live/ambient.ts';
import { liveClock } from '../../runtime/live/clock.ts';
import { FILE_BYTES_MAX } from '../kit/form.ts';
import { IDLE_MS_MAX } from '../kit/idle.ts';
import { mountApi } from '../mounts.ts';
import { DEMO } from '../testing/samples.ts';
import { type DeskHouse, eventsOf, houseWithDesk, tickLines } from './testing/desk.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function serve(desk: DeskHouse): Promise<number> {
  const server = createAdaptorServer({ fetch: mountApi(desk.house).fetch });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

/** Polls to a deadline. */
async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await what())) {
    if (performance.now() > deadline) throw new Error('it did not come to pass in time');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const BOUNDARY = 'cut-here';
const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="instrument"\r\n\r\nNQ\r\n--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="t.csv"\r\n\r\n`;
const tail = `\r\n--${BOUNDARY}--\r\n`;

/** Sends the beginning of a request whose body has so many bytes, or comes in chunks. */
function begin(
  port: number,
  bodyBytes: number | 'chunked',
): { socket: Socket; answer: () => string; ended: Promise<void> } {
  let answer = '';
  const socket = connect(port, '127.0.0.1');
  socket.write(
    `POST /api/upload-tick-data HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${DEMO}\r\nContent-Type: multipart/form-data; boundary=${BOUNDARY}\r\n${bodyBytes === 'chunked' ? 'Transfer-Encoding: chunked' : `Content-Length: ${bodyBytes}`}\r\n\r\n`,
  );
  closers.unshift(async () => socket.destroy());
  socket.on('data', (data) => {
    answer += String(data);
  });
  const ended = new Promise<void>((resolve) => {
    socket.on('close', () => resolve());
    socket.on('error', () => resolve());
  });
  return { socket, answer: () => answer, ended };
}

/** The events of an answer as it came over the wire, in chunks. */
const toldBy = (answer: string): Record<string, unknown>[] =>
  [...answer.matchAll(/^data: (.+)$/gm)].map(([, data = '']) => JSON.parse(data));

interface CountedDesk extends DeskHouse {
  /** Bytes of files that are on a spool. */
  received(): number;
}

function countingDesk(): CountedDesk {
  let received = 0;
  const counted = (files: TickFiles): TickFiles => ({
    open: (path) => files.open(path),
    async spool() {
      const spool = await files.spool();
      if (!spool) return undefined;
      const write = async (piece: Uint8Array): Promise<void> => {
        await spool.write(piece);
        received += piece.length;
      };
      return { write, close: () => spool.close(), sizeBytes: 0, bytes: () => spool.bytes() };
    },
  });
  return { ...houseWithDesk(undefined, counted), received: () => received };
}

/** A piece of a slow upload: the house's clock moves on when it is there. */
async function trickle({ house, received }: CountedDesk, socket: Socket, piece: string): Promise<void> {
  const before = received();
  socket.write(piece);
  await until(() => received() > before);
  house.clock.leap(600);
}

/** Ticks come in piece by piece, until the answer has begun to tell of them. */
async function trickleUntilTold(
  desk: CountedDesk,
  socket: Socket,
  answer: () => string,
  afterEach = (): void => {},
): Promise<void> {
  for (let count = 0; !answer().includes('received_bytes'); count += 1) {
    expect(count).toBeLessThan(300);
    await trickle(desk, socket, tickLines(500));
    afterEach();
  }
}

/** Nothing is stored and nothing is open, so that another upload finds its place. */
async function nothingIsLeftOf(desk: DeskHouse): Promise<void> {
  await until(() => desk.files.openSpools === 0);
  expect([await desk.imports(), desk.house.tickDesk?.isBusy('NQ')]).toEqual([0, false]);
}

/** Nothing comes for so long, and what waits for it hears of that. */
function silence({ house: { clock } }: DeskHouse, ms: number): void {
  for (const until = clock.monotonic() + ms; clock.step(until); );
}

describe('over a real socket', () => {
  it('a whole upload is answered by events while the connection stands', async () => {
    const desk = houseWithDesk();
    const port = await serve(desk);
    const form = new FormData();
    form.set('file', new Blob([tickLines(200_000)]), 't.csv');
    form.set('instrument', 'NQ');
    const headers = { authorization: `Bearer ${DEMO}` };
    const response = await fetch(`http://127.0.0.1:${port}/api/upload-tick-data`, {
      method: 'POST',
      body: form,
      headers,
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const events = eventsOf(await response.text());
    expect(events.map(({ status }) => status)).toEqual([
      'started',
      'progress',
      'progress',
      'progress',
      'progress',
      'completed',
    ]);
    expect(events.at(-1)).toMatchObject({ success: true, uploaded_rows: 200_000 });
    expect(await desk.stored()).toBe(200_000);
  }, 60_000);

  it('a file that takes its time is told of while it still arrives, and then read', async () => {
    const desk = countingDesk();
    const port = await serve(desk);
    const lines = tickLines(20_000);
    const body = head + lines + tail;
    const { socket, answer } = begin(port, body.length);
    const pieces = Array.from({ length: 20 }, (_, index) =>
      body.slice((index * body.length) / 20, ((index + 1) * body.length) / 20),
    );
    for (const piece of pieces.slice(0, -1)) await trickle(desk, socket, piece);
    await until(() => answer().includes('received_bytes'));
    expect(toldBy(answer())[0]).toEqual({ status: 'started', message: 'Upload started' });
    expect(await desk.imports()).toBe(0);
    socket.write(pieces.at(-1)!);
    await until(() => answer().includes('"status":"completed"'));
    socket.destroy();
    const arriving = toldBy(answer()).filter((event) => 'received_bytes' in event);
    for (const event of arriving)
      expect(event).toMatchObject({ status: 'progress', batch: 0, uploaded: 0, skipped: 0, total_bytes: body.length });
    const received = arriving.map((event) => Number(event.received_bytes));
    expect(received).toEqual(received.toSorted((a, b) => a - b));
    expect(received.at(-1)).toBeGreaterThan(0);
    expect(await desk.stored()).toBe(20_000);
  }, 60_000);

  it('a file of which nobody says how long it is has no total while it arrives', async () => {
    const desk = countingDesk();
    const port = await serve(desk);
    const { socket, answer } = begin(port, 'chunked');
    const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
    socket.write(chunk(head));
    for (let count = 0; !answer().includes('received_bytes'); count += 1) {
      expect(count).toBeLessThan(300);
      await trickle(desk, socket, chunk(tickLines(500)));
    }
    socket.write(`${chunk(tail)}0\r\n\r\n`);
    await until(() => answer().includes('"status":"completed"'));
    socket.destroy();
    const [arriving] = toldBy(answer()).filter((event) => 'received_bytes' in event);
    expect(arriving).toMatchObject({ received_bytes: expect.any(Number), total_bytes: null });
  }, 60_000);

  it('what is wrong with a request is its last event once the answer has begun, and nothing is stored', async () => {
    const desk = countingDesk();
    const port = await serve(desk);
    const start = head.replace('NQ', 'TULIPS');
    const body = start + tickLines(1_000) + tail;
    const { socket, answer } = begin(port, body.length);
    socket.write(start);
    for (let from = start.length; from < body.length - tail.length; from += 4_000)
      await trickle(desk, socket, body.slice(from, Math.min(from + 4_000, body.length - tail.length)));
    await until(() => answer().includes('received_bytes'));
    socket.write(tail);
    await until(() => answer().includes('"status":"failed"'));
    socket.destroy();
    expect(toldBy(answer()).at(-1)).toMatchObject({
      ...{ success: false, message: 'instrument: Unknown instrument TULIPS', total_rows: 0 },
    });
    expect([await desk.imports(), desk.files.openSpools]).toEqual([0, 0]);
  }, 60_000);

  it('a slow upload that is cut stores nothing and leaves nothing open', async () => {
    const desk = countingDesk();
    const port = await serve(desk);
    const { socket, answer, ended } = begin(port, 10_000_000);
    socket.write(head);
    await trickleUntilTold(desk, socket, answer);
    socket.destroy();
    await ended;
    await nothingIsLeftOf(desk);
  }, 60_000);

  it('a client that says nothing any more is 408, and its place is free', async () => {
    const desk = countingDesk();
    const port = await serve(desk);
    const { socket, answer, ended } = begin(port, 10_000_000);
    socket.write(head + tickLines(1_000));
    await until(() => desk.received() > 0);
    silence(desk, IDLE_MS_MAX - 1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(answer()).toBe('');
    silence(desk, 2);
    await until(() => answer().includes('"status_code":408'));
    await ended;
    await nothingIsLeftOf(desk);
  }, 60_000);

  it('a slow client that says nothing any more hears so as its last event', async () => {
    const desk = countingDesk();
    const port = await serve(desk);
    const { socket, answer, ended } = begin(port, 10_000_000);
    socket.write(head);
    await trickleUntilTold(desk, socket, answer, () => silence(desk, IDLE_MS_MAX - 1_000));
    silence(desk, IDLE_MS_MAX + 1);
    await until(() => answer().includes('"status":"failed"'));
    expect(toldBy(answer()).at(-1)).toMatchObject({ success: false, message: 'Nothing has come in for 30 s' });
    await ended;
    await until(() => desk.files.openSpools === 0);
    expect(await desk.imports()).toBe(0);
  }, 60_000);

  it('an upload that is cut in the middle stores nothing, and another one can follow', async () => {
    const desk = houseWithDesk();
    const port = await serve(desk);
    const body = head + tickLines(50_000);
    const { socket, ended } = begin(port, body.length + 1_000_000);
    socket.write(body);
    await until(() => desk.files.openSpools === 1);
    socket.destroy();
    await ended;
    await until(() => desk.files.openSpools === 0 && desk.house.noted.length > 0);
    expect([await desk.imports(), desk.house.tickDesk?.isBusy('NQ')]).toEqual([0, false]);
    expect([desk.house.noted, desk.house.logged]).toEqual([['request.cut'], []]);
    const whole = head + tickLines(10) + tail;
    const again = begin(port, whole.length);
    again.socket.write(whole);
    await until(() => again.answer().includes('"status":"completed"'));
    again.socket.destroy();
    expect(await desk.stored()).toBe(10);
  }, 60_000);

  it('a client that leaves while its file is read stores nothing', async () => {
    let goOn = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const slow = (files: TickFiles): TickFiles => ({
      open: (path) => files.open(path),
      async spool() {
        const spool = await files.spool();
        if (!spool) return undefined;
        async function* bytes(): AsyncGenerator<Uint8Array, void> {
          for await (const piece of spool!.bytes()) yield piece;
          await gate;
        }
        return { write: (piece) => spool.write(piece), close: () => spool.close(), sizeBytes: 0, bytes };
      },
    });
    const desk = houseWithDesk(undefined, slow);
    const port = await serve(desk);
    const body = head + tickLines(100) + tail;
    const { socket, answer, ended } = begin(port, body.length);
    socket.write(body);
    await until(() => answer().includes('"status":"started"'));
    socket.destroy();
    await ended;
    await until(() => desk.files.openSpools === 0);
    goOn();
    expect([await desk.imports(), desk.house.tickDesk?.isBusy('NQ')]).toEqual([0, false]);
  }, 60_000);

  it('a file above the limit is 413 before all of it was sent, and no memory holds it', async () => {
    let written = 0;
    const counted = (files: TickFiles): TickFiles => ({
      open: (path) => files.open(path),
      async spool() {
        const spool = await files.spool();
        if (!spool) return undefined;
        const write = async (piece: Uint8Array): Promise<void> => {
          written += piece.length;
        };
        return { write, close: () => spool.close(), sizeBytes: 0, bytes: () => spool.bytes() };
      },
    });
    const desk = houseWithDesk(undefined, counted);
    const port = await serve(desk);
    const { socket, answer, ended } = begin(port, FILE_BYTES_MAX + 2_000_000);
    socket.write(head);
    const piece = Buffer.alloc(1 << 20, '1');
    let sent = 0;
    while (!answer().includes('413') && !socket.destroyed && sent < FILE_BYTES_MAX + 1_900_000) {
      sent += piece.length;
      if (!socket.write(piece)) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), ended]);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => answer().includes('413') || socket.destroyed);
    expect(answer()).toContain('"status_code":413');
    socket.destroy();
    expect(written).toBeLessThanOrEqual(FILE_BYTES_MAX);
    await until(() => desk.files.openSpools === 0);
    expect(await desk.imports()).toBe(0);
    // What says so beforehand is not read at all.
    const declared = begin(port, FILE_BYTES_MAX * 2);
    await until(() => declared.answer().includes('"status_code":413'));
    declared.socket.destroy();
  }, 120_000);
});

describe('files that are refused, on a real disk', () => {
  const JUNK = Buffer.from('what is this? no ticks at all\n'.repeat(7_000));
  const BINARY = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 7_919) % 256));
  /** Ticks, and a line that does not end before 300 MiB: a few hundred kilobytes as they are sent. */
  const bomb = (): Buffer => {
    const mebibyte = gzipSync(Buffer.alloc(1 << 20, ' '));
    return Buffer.concat([gzipSync(tickLines(500)), ...Array.from({ length: 301 }, () => mebibyte)]);
  };

  async function productWithFiles(): Promise<{ desk: DeskHouse; port: number; folder: string }> {
    const home = mkdtempSync(join(tmpdir(), 'pitwall-junk-'));
    const folder = join(home, 'imports');
    mkdirSync(folder);
    closers.push(async () => rmSync(home, { recursive: true, force: true }));
    const desk = houseWithDesk(undefined, () => {
      return new DiskTickFiles({
        spoolFolder: join(home, 'incoming'),
        importFolder: folder,
        ids: liveIds(liveClock()),
      });
    });
    return { desk, port: await serve(desk), folder };
  }

  async function post(port: number, path: string, fields: Readonly<Record<string, string | Buffer>>) {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) {
      if (typeof value === 'string') form.set(name, value);
      else form.set(name, new Blob([value as Uint8Array<ArrayBuffer>]), 'ticks.txt');
    }
    const headers = { authorization: `Bearer ${DEMO}` };
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body: form, headers });
    return { status: response.status, text: await response.text() };
  }

  it('are refused for their reason, as often as they come, and the next good one is stored', async () => {
    const { desk, port, folder } = await productWithFiles();
    const packed = bomb();
    const refused: [name: string, content: Buffer, code: string][] = [
      ['junk.txt', JUNK, 'unknown-layout'],
      ['binary.dat', BINARY, 'unknown-layout'],
      ['packed.gz', packed, 'too-large'],
    ];
    for (const [name, content, code] of refused) {
      writeFileSync(join(folder, name), content);
      for (const given of [{ file: content }, { file_path: name }, { file: content }]) {
        const { text } = await post(port, '/api/upload-tick-data', { instrument: 'NQ', ...given });
        expect(eventsOf(text).at(-1), name).toMatchObject({ status: 'failed', success: false, code });
      }
    }
    const backtest = {
      ...{ accountName: 'A', mode: 'backtesting', contract: 'NQ', maxMode: 'long' },
      ...{ point_key: '15_7_5_2', exit_strategy_key: '15_15', file: JUNK },
    };
    expect(await post(port, '/api/v1/run-bot/max-backtest', backtest)).toMatchObject({ status: 422 });
    const good = await post(port, '/api/upload-tick-data', { instrument: 'NQ', file: Buffer.from(tickLines(10)) });
    expect(eventsOf(good.text).at(-1)).toMatchObject({ success: true, uploaded_rows: 10 });
    expect([await desk.stored(), await desk.imports()]).toEqual([10, 1]);
  }, 120_000);
});
