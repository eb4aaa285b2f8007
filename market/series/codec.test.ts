/** Chunks: what comes out is what went in, bit for bit, and damage is an error. */
import { array, assert, asyncProperty, constantFrom, double, integer, maxSafeInteger, oneof, record } from 'fast-check';
import { expect, test } from 'vitest';
import { PRICE_UNITS_MAX, type TickKind } from '../columns.ts';
import { BarBuffer } from './bar-buffer.ts';
import { decodeBars, encodeBars } from './bar-chunk.ts';
import { TickBuffer } from './tick-buffer.ts';
import { decodeTicks, encodeTicks } from './tick-chunk.ts';

const units = oneof(
  integer({ min: 1, max: 10_000 }).map((ticks) => ticks * 25_000_000),
  integer({ min: 1, max: 2 ** 31 - 1 }),
  maxSafeInteger().map((n) => Math.abs(n) % PRICE_UNITS_MAX),
);
const volume = oneof(
  integer({ min: 0, max: 1_000 }),
  integer({ min: 0, max: 1_000_000 }).map((n) => n / 10 ** 5),
  double({ min: 0, max: 1e300, noNaN: true }),
);
const row = record({
  atMs: oneof(
    integer({ min: 0, max: 50 }),
    integer({ min: 0, max: 2_000_000_000 }).map((n) => n * 2_000),
  ),
  subMsNs: oneof(
    integer({ min: 0, max: 9_999 }).map((n) => n * 100),
    integer({ min: 0, max: 999_999 }),
  ),
  price: units,
  bid: units,
  ask: units,
  volume,
});

function bufferOf(
  rows: readonly { atMs: number; subMsNs: number; price: number; bid: number; ask: number; volume: number }[],
  kind: TickKind,
) {
  const buffer = new TickBuffer(200);
  for (const each of rows) {
    const bid = kind === 'prints' ? each.price : kind === 'quotes' ? each.price : each.bid;
    buffer.push({ ...each, bid, ask: kind === 'prints' ? each.price : each.ask });
  }
  return buffer;
}

const COLUMNS = ['atMs', 'subMsNs', 'position', 'price', 'bid', 'ask', 'volume'] as const;

test('any ticks, sorted or not, come back as they were', async () => {
  await assert(
    asyncProperty(
      array(row, { maxLength: 120 }),
      constantFrom<TickKind>('prints', 'quotes', 'both'),
      async (rows, kind) => {
        const buffer = bufferOf(rows, kind);
        if (rows.length % 2 === 0) buffer.sort();
        const decoded = await decodeTicks(await encodeTicks(buffer, kind));
        expect([decoded.kind, decoded.length]).toEqual([kind, rows.length]);
        for (const name of COLUMNS)
          expect([...decoded[name].subarray(0, rows.length)]).toEqual([...buffer[name].subarray(0, rows.length)]);
      },
    ),
    { seed: 7, numRuns: 300 },
  );
});

test('any parts of bars come back as they were', async () => {
  await assert(
    asyncProperty(array(row, { maxLength: 60 }), async (rows) => {
      const bars = new BarBuffer(60);
      const source = new BarBuffer(1);
      for (const { atMs, price, bid, ask, volume: traded } of rows) {
        source.startMs[0] = atMs;
        source.open[0] = price;
        source.high[0] = bid;
        source.low[0] = ask;
        source.close[0] = price;
        source.volume[0] = traded;
        source.ticks[0] = 3;
        bars.append(atMs, source, 0);
      }
      const decoded = await decodeBars(await encodeBars(bars));
      for (const name of ['startMs', 'open', 'high', 'low', 'close', 'volume', 'ticks'] as const)
        expect([...decoded[name]]).toEqual([...bars[name].subarray(0, rows.length)]);
    }),
    { seed: 7, numRuns: 200 },
  );
});

test('a damaged chunk is an error, and a chunk of another format is told by its number', async () => {
  const rows = Array.from({ length: 100 }, (_, index) => ({
    atMs: index * 7,
    subMsNs: 0,
    price: index + 5,
    bid: 1,
    ask: 1,
    volume: index,
  }));
  const bytes = await encodeTicks(bufferOf(rows, 'prints'), 'prints');
  for (let at = 0; at < bytes.length; at += 3) {
    const damaged = Uint8Array.from(bytes);
    damaged[at] = damaged[at]! ^ 0x10;
    await expect(decodeTicks(damaged)).rejects.toThrow();
  }
  await expect(decodeTicks(bytes.subarray(0, bytes.length - 9))).rejects.toThrow();
});
