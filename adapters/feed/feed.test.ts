/** The feeds: paced by the clock or by what has settled, stopped cleanly, resumed exactly, spoiled only as asked for. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findInstrument, type Instrument } from '../../domain/instrument.ts';
import { openQuoteFilter } from '../../market/feed.ts';
import { openReplay, parseReplaySpec, type ReplaySpec } from '../../market/replay.ts';
import type { Quote } from '../../messages/market.ts';
import { SimulatedClock } from '../../runtime/simulated/clock.ts';
import { seededRandom } from '../../runtime/simulated/random.ts';
import { NO_FEED_FAULTS, openFaultyFeed } from './faulty.ts';
import { openReplayFeed, type ReplayFeedOptions } from './replay.ts';
import { openSimulatedFeed } from './simulated.ts';

const T0 = Date.UTC(2026, 0, 5, 12);
const instruments = ['EURUSD', 'AAPL'].map((symbol) => findInstrument(symbol) as Instrument);

async function run(clock: SimulatedClock, ms: number): Promise<void> {
  const until = clock.marketNow() + ms;
  do for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  while (clock.step(until));
}

test('the simulated feed quotes every instrument at once and then every second, until it is stopped', async () => {
  const clock = new SimulatedClock(T0);
  const feed = openSimulatedFeed({ instruments, clock, random: seededRandom('feed') });
  const told: Quote[] = [];
  feed.start((quote) => void told.push(quote));
  await run(clock, 10_000);
  expect(told).toHaveLength(22);
  expect(told.filter(({ symbol }) => symbol === 'AAPL').map(({ at }) => at)).toEqual(
    Array.from({ length: 11 }, (_, second) => T0 + 1_000 * second),
  );
  expect(feed.describe()).toMatchObject({
    simulated: true,
    symbols: ['EURUSD', 'AAPL'],
    progress: { position: 22, ended: false },
  });
  await feed.stop();
  await run(clock, 10_000);
  expect(told).toHaveLength(22);
});

test('an instrument has the same prices whichever others are quoted beside it', async () => {
  const prices = async (all: readonly Instrument[]): Promise<number[]> => {
    const clock = new SimulatedClock(T0);
    const told: number[] = [];
    const feed = openSimulatedFeed({ instruments: all, clock, random: seededRandom('alone') });
    feed.start((quote) => void (quote.symbol === 'AAPL' && told.push(quote.bid)));
    await run(clock, 60_000);
    await feed.stop();
    return told;
  };
  expect(await prices(instruments)).toEqual(await prices(instruments.slice(1)));
});

test('a faulty feed leaves out and adds, counts it, and the filter gives back a part of the true quotes', async () => {
  const collect = async (gapRatio: number, badQuoteRatio: number) => {
    const clock = new SimulatedClock(T0);
    const source = openSimulatedFeed({ instruments, clock, random: seededRandom('true') });
    const each = badQuoteRatio / 4;
    const bad = { notANumberRatio: each, zeroRatio: each, crossedRatio: each, outOfOrderRatio: each };
    const faults = { ...NO_FEED_FAULTS, ...bad, gapRatio, gapMaxMs: 20_000 };
    const feed = openFaultyFeed(source, seededRandom('faults'), faults);
    const told: Quote[] = [];
    feed.start((quote) => void told.push(quote));
    await run(clock, 300_000);
    await feed.stop();
    return { told, counts: feed.faultCounts };
  };
  const clean = await collect(0, 0);
  const { told, counts } = await collect(0.02, 0.2);
  expect(counts.gap).toBeGreaterThan(0);
  const { 'not-a-number': notANumber, zero, crossed, 'out-of-order': outOfOrder } = counts;
  expect(Math.min(notANumber, zero, crossed, outOfOrder)).toBeGreaterThan(0);
  const filter = openQuoteFilter();
  const believed = told.filter((quote) => filter.accepts(quote));
  expect(told.length - believed.length).toBe(notANumber + zero + crossed + outOfOrder);
  expect(believed.length).toBeLessThan(clean.told.length);
  const truths = new Set(clean.told.map((quote) => JSON.stringify(quote)));
  expect(believed.every((quote) => truths.has(JSON.stringify(quote)))).toBe(true);
});

test('a frozen instrument is told at its last price with new times, a silent one not at all, each until it is let go', async () => {
  const clock = new SimulatedClock(T0);
  const feed = openFaultyFeed(
    openSimulatedFeed({ instruments, clock, random: seededRandom('held') }),
    seededRandom('faults'),
    NO_FEED_FAULTS,
  );
  const told: Quote[] = [];
  feed.start((quote) => void told.push(quote));
  await run(clock, 5_000);
  feed.hold(new Set(['EURUSD']), new Set(['AAPL']));
  const before = told.length;
  await run(clock, 10_000);
  const held = told.slice(before);
  expect(held.map(({ symbol }) => symbol)).toEqual(Array.from({ length: 10 }, () => 'AAPL'));
  expect(new Set(held.map(({ bid, ask }) => `${bid} ${ask}`)).size).toBe(1);
  expect(new Set(held.map(({ at }) => at)).size).toBe(10);
  feed.hold(new Set(), new Set());
  const after = told.length;
  await run(clock, 30_000);
  await feed.stop();
  expect(new Set(told.slice(after).map(({ symbol }) => symbol)).size).toBe(2);
  expect(new Set(told.slice(after).map(({ bid }) => bid)).size).toBeGreaterThan(5);
  expect(feed.faultCounts).toMatchObject({ gap: 1, freeze: 1 });
});

const folder = mkdtempSync(join(tmpdir(), 'pitwall-feed-'));
let spec: ReplaySpec;
beforeAll(() => {
  const path = join(folder, 'EURUSD_t.csv');
  const rows = [0, 0, 500, 400, 2_000].map((ms, index) => `${T0 + ms},1.0${index + 1},1.1`);
  writeFileSync(path, `timestamp,bid,ask\n${rows.join('\n')}\n`);
  spec = parseReplaySpec(path);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Plays a file to its end and writes down what happened in order. */
function play(options: Partial<ReplayFeedOptions> = {}): Promise<{ events: string[]; failure: string | undefined }> {
  return new Promise((resolve) => {
    const events: string[] = [];
    let now = 0;
    const feed = openReplayFeed({
      ...{ replay: openReplay(spec), after: 0, speed: 'max' as const, now: () => now },
      advance: (at) => events.push(`clock ${at - T0}`),
      settled: async (position) => void events.push(`settled ${position}`),
      async sleep(ms) {
        events.push(`wait ${ms}`);
        now += ms;
      },
      onEnd: (failure) => resolve({ events, failure }),
      ...options,
    });
    feed.start((quote) => void events.push(`quote ${quote.bid}`));
  });
}

test('a replay moves the clock, tells the quote, and waits until it has settled, tick for tick', async () => {
  const { events, failure } = await play();
  expect(failure).toBeUndefined();
  expect(events).toEqual([
    ...['clock 0', 'quote 1.01', 'settled 1', 'quote 1.02', 'settled 2'],
    ...['clock 500', 'quote 1.03', 'settled 3', 'quote 1.04', 'settled 4', 'clock 2000', 'quote 1.05', 'settled 5'],
  ]);
});

test('a speed only adds waiting', async () => {
  const fast = await play();
  const paced = await play({ speed: 10 });
  expect(paced.events.filter((event) => event.startsWith('wait'))).toEqual(['wait 50', 'wait 150']);
  expect(paced.events.filter((event) => !event.startsWith('wait'))).toEqual(fast.events);
});

test('what each quote costs does not add up: all are told by one schedule, and never early', async () => {
  let now = 0;
  const toldAt: number[] = [];
  const costs = [30, 0, 130, 0, 0];
  const settled = async (position: number): Promise<void> => {
    toldAt.push(now);
    now += costs[position - 1] ?? 0;
  };
  const sleep = async (ms: number): Promise<void> => {
    now += ms;
  };
  await play({ speed: 10, now: () => now, sleep, settled });
  expect(toldAt).toEqual([0, 30, 50, 180, 200]);
});

test('a replay that is far behind says so and goes on from now', async () => {
  let now = 0;
  const lags: number[] = [];
  const waits: number[] = [];
  const settled = async (position: number): Promise<void> => {
    now += position === 1 ? 10_000 : 0;
  };
  const sleep = async (ms: number): Promise<void> => {
    waits.push(ms);
    now += ms;
  };
  await play({ speed: 10, now: () => now, sleep, settled, behind: (lagMs) => lags.push(lagMs) });
  expect(lags).toEqual([9_950]);
  expect(waits).toEqual([150]);
});

test('the progress of a replay is that of the quotes that were told, not of the bytes that were read ahead', async () => {
  const ratios: (number | undefined)[] = [];
  const feed = openReplayFeed({
    ...{
      replay: openReplay(spec),
      after: 0,
      lines: 6,
      speed: 'max',
      advance: () => {},
      now: () => 0,
      sleep: async () => {},
    },
    settled: async () => void ratios.push(feed.describe().progress.ratio),
  });
  feed.start(() => undefined);
  await expect.poll(() => feed.describe().progress.ended).toBe(true);
  expect(ratios).toEqual([2 / 6, 3 / 6, 4 / 6, 5 / 6, 1]);
});

test('a resumed replay tells exactly what is behind its position', async () => {
  const { events } = await play({ after: 3 });
  expect(events.filter((event) => event.startsWith('quote'))).toEqual(['quote 1.04', 'quote 1.05']);
});

test('a stop while it waits ends it, and it can tell where it was', async () => {
  const feed = openReplayFeed({
    ...{
      replay: openReplay(spec),
      after: 0,
      speed: 1,
      advance: () => {},
      settled: async () => {},
      now: () => 0,
      sleep: () => new Promise<void>(() => {}),
    },
  });
  const second = new Promise<void>((resolve) => feed.start((quote) => (quote.bid === 1.02 ? resolve() : undefined)));
  await second;
  await feed.stop();
  expect(feed.describe().progress).toMatchObject({ position: 2, ended: false });
});

test('a file that cannot be read is told as a failure', async () => {
  const { failure } = await play({ replay: openReplay({ ...spec, path: join(folder, 'none.csv') }) });
  expect(failure).toContain('ENOENT');
});
