/** The market's door over a kernel that dies anywhere: nothing is concluded twice or left out, and what a feed no longer says is seen. */
import { expect, test } from 'vitest';
import { analysisAgent } from '../agents/analysis/analysis.ts';
import { feedAgent } from '../agents/feed/feed.ts';
import type { MarketSource, SourceDescription } from '../market/source.ts';
import type { FeedAdvanced, Quote, SignalGenerated } from '../messages/market.ts';
import { marketMessages } from '../messages/market.ts';
import { SimulatedClock } from '../runtime/simulated/clock.ts';
import { silentLog } from '../runtime/simulated/log.ts';
import type { Disk } from '../runtime/simulated/store.ts';
import { oneForOne, World } from '../runtime/testing/world.ts';
import { type MarketDoor, openMarketDoor } from './market-desk.ts';

const T0 = Date.UTC(2026, 0, 5, 12);
const STEP_MS = 20_000;

const quoteOf = (symbol: string, at: number, mid: number): Quote => ({
  ...{ type: 'market.quote', symbol, at, bid: mid - 0.01, ask: mid + 0.01, last: mid, simulated: false },
});
const wave = (index: number): number => 100 + 5 * Math.sin(index / 40) + (index % 2 === 0 ? 0.6 : -0.6);
/** Three a minute. */
const FILE = Array.from({ length: 600 }, (_, index) => quoteOf('EURUSD', T0 + index * STEP_MS, wave(index)));

interface Life {
  readonly world: World;
  readonly door: MarketDoor;
  /** What the venue was shown. */
  readonly shown: Quote[];
  /** The file has been told as far as this life goes, and everything has settled. */
  readonly toldAll: () => Promise<void>;
  /** Told by hand, for sources that are no file. */
  readonly tell: (quote: Quote) => unknown;
  /** Warnings in the log. */
  readonly warned: readonly string[];
}

interface LifeOptions {
  readonly disk?: Disk;
  readonly clock?: SimulatedClock;
  readonly kind?: SourceDescription['kind'];
  readonly symbols?: readonly string[];
  /** Quotes that a file tells in this life. */
  readonly until?: number;
  readonly hasPast?: boolean;
  readonly file?: readonly Quote[];
}

/** A house of the feed and the analysis alone. */
async function live(options: LifeOptions = {}): Promise<Life> {
  const {
    disk,
    clock = new SimulatedClock(T0),
    kind = 'replay',
    symbols = ['EURUSD'],
    until = 0,
    file = FILE,
  } = options;
  const roster = oneForOne([feedAgent(), analysisAgent()]);
  const world = new World({ entries: marketMessages, roster, clock, ...(disk && { disk }) });
  const shown: Quote[] = [];
  const warned: string[] = [];
  let emit: Parameters<MarketSource['start']>[0] = () => undefined;
  let stopped = false;
  let telling = Promise.resolve();
  const door = openMarketDoor(
    world.runtime,
    {
      ...{ clock, log: { ...silentLog, warn: (event: string) => void warned.push(event) } },
      match: (quote) => void shown.push(quote),
      ...(options.hasPast !== false && {
        async *past(position: number) {
          if (kind === 'replay') yield* file.slice(0, position);
        },
      }),
      market: ({ after, settled }) => ({
        name: 'scripted',
        start(hear) {
          emit = hear;
          if (kind === 'replay') telling = tellFile(after, settled);
        },
        async stop() {
          stopped = true;
          await telling;
        },
        describe: () => ({ kind, simulated: false, symbols, progress: { position: 0, ended: false } }),
      }),
    },
    [60_000],
    () => undefined,
  );
  async function tellFile(after: number, settled: (position: number) => Promise<void>): Promise<void> {
    for (let position = after + 1; position <= until && !stopped; position += 1) {
      await emit(file[position - 1]!);
      await settled(position);
    }
  }
  await world.runtime.start(options.hasPast === false ? undefined : (stateOf) => door.recall(stateOf));
  await door.start();
  return { world, door, shown, toldAll: () => telling, tell: (quote) => emit(quote), warned };
}

const signalsOn = (disk: Disk): string[] =>
  disk.records
    .filter(({ type }) => type === 'signal.generated')
    .map(({ payload }) => (JSON.parse(payload) as SignalGenerated).signalId);

async function undisturbed(): Promise<string[]> {
  const { world, toldAll } = await live({ until: FILE.length });
  await toldAll();
  world.crash();
  return signalsOn(world.disk);
}

test.each([0, 1, 2, 4, 8])(
  'a file goes on where its effects end, when the process dies every few quotes and %i steps later',
  async (steps) => {
    const expected = await undisturbed();
    expect(expected.length).toBeGreaterThanOrEqual(4);
    let disk: Disk | undefined;
    for (let until = 13; until < FILE.length; until += 13) {
      const { world, toldAll } = await live({ ...(disk && { disk }), until: until - 1 });
      await toldAll();
      world.crash();
      const { disk: kept } = world;
      // The last quote of this life is cut off in the midst of what follows from it.
      const next = await live({ disk: kept, until });
      for (let step = 0; step < steps; step += 1) await Promise.resolve();
      next.world.crash();
      disk = kept;
    }
    const { world, toldAll } = await live({ disk: disk!, until: FILE.length });
    await toldAll();
    expect(signalsOn(world.disk)).toEqual(expected);
  },
);

test('a stopped file goes on behind its last quote, and the venue knows the price before anybody wakes up', async () => {
  const { world, door, toldAll } = await live({ until: 100 });
  await toldAll();
  await door.stop();
  await world.settle();
  world.crash();
  expect(world.of<FeedAdvanced>('feed.advanced').at(-1)?.position).toBe(100);
  const { shown, door: next } = await live({ disk: world.disk, until: 101 });
  expect(shown.slice(0, 1)).toEqual([FILE[99]]);
  expect(next.dailyOpen('EURUSD')).toBeCloseTo(wave(0));
});

test('what a day began with is kept over a start of a market that begins anew', async () => {
  const first = await live({ kind: 'simulated', symbols: ['AAPL'] });
  await first.tell(quoteOf('AAPL', T0, 100));
  await first.world.settle();
  first.world.crash();
  const second = await live({ kind: 'simulated', symbols: ['AAPL'], disk: first.world.disk });
  await second.tell(quoteOf('AAPL', T0 + 1_000, 110));
  expect(second.door.dailyOpen('AAPL')).toBe(100);
});

test('a world that begins without a past keeps nothing of its market', async () => {
  const { world, tell } = await live({ kind: 'simulated', symbols: ['EURUSD'], hasPast: false });
  for (const quote of FILE.slice(0, 10)) await tell(quote);
  await world.settle();
  expect(world.of('feed.advanced')).toEqual([]);
  expect(world.runtime.latest('market.history', 'EURUSD')).toBeUndefined();
});

test('prices are degraded once an instrument has not been quoted for half a minute, unhealthy once none has, until one is', async () => {
  const clock = new SimulatedClock(T0);
  const { door, tell } = await live({ clock, kind: 'simulated', symbols: ['EURUSD', 'AAPL'] });
  await tell(quoteOf('EURUSD', T0, 1));
  expect(door.health()).toBe('healthy');
  clock.leap(20_000);
  await tell(quoteOf('EURUSD', T0 + 20_000, 1));
  clock.leap(20_000);
  expect(door.health()).toBe('degraded');
  clock.leap(20_000);
  expect(door.health()).toBe('unhealthy');
  await tell(quoteOf('AAPL', T0 + 60_000, 1));
  expect(door.health()).toBe('degraded');
  await tell(quoteOf('EURUSD', T0 + 60_000, 1));
  expect(door.health()).toBe('healthy');
});

test('a market’s jump is doubted until it has lasted: the venue is shown none of it, and the log says so once', async () => {
  const { world, door, shown, tell, warned } = await live({ kind: 'simulated' });
  const seconds = (second: number, price: number) => tell(quoteOf('EURUSD', T0 + second * 1_000, price));
  const doubted = () => world.runtime.latest('market.doubt', 'EURUSD');
  await seconds(0, 100);
  for (const second of [1, 2, 3]) await seconds(second, 130);
  expect(shown).toHaveLength(1);
  expect(doubted()).toMatchObject({ isDoubted: true, last: 130, at: T0 + 3_000 });
  expect(warned).toEqual(['feed.jumps']);
  await seconds(6, 130);
  expect(shown).toHaveLength(2);
  expect(doubted()).toMatchObject({ isDoubted: false });
  expect(warned).toEqual(['feed.jumps', 'feed.believed-again']);
  expect(door.dropped.jump).toBe(3);
});

test('prices of a file jump as they did, whether they are told or were told before this start', async () => {
  const jumpy = [100, 130, 90, 100].map((price, second) => quoteOf('EURUSD', T0 + second * 1_000, price));
  const first = await live({ file: jumpy, until: 3 });
  await first.toldAll();
  expect(first.shown).toEqual(jumpy.slice(0, 3));
  await first.door.stop();
  await first.world.settle();
  first.world.crash();
  const second = await live({ file: jumpy, until: 4, disk: first.world.disk });
  await second.toldAll();
  expect(second.shown).toEqual(jumpy.slice(2));
  expect([first, second].map(({ door }) => door.dropped.jump)).toEqual([0, 0]);
});

test('a file that pauses is healthy: its silence is its own', async () => {
  const clock = new SimulatedClock(T0);
  const { door } = await live({ clock, until: 5 });
  clock.leap(3_600_000);
  expect(door.health()).toBe('healthy');
});
