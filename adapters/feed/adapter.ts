/** The feeds that make a world: a simulated market, and a file that is replayed at any speed. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { z } from 'zod';
import { INSTRUMENTS, type Instrument } from '../../domain/instrument.ts';
import { countLines } from '../../market/importers/file-bytes.ts';
import { openReplay, parseReplaySpec, type ReplaySpec } from '../../market/replay.ts';
import { simulatedPast } from '../../market/simulated-past.ts';
import type { Quote } from '../../messages/market.ts';
import type { Clock, Random } from '../../runtime/ports.ts';
import type { MarketAdapter } from '../kit/adapter.ts';
import { number, setting, whole } from '../kit/setting.ts';
import { openReplayFeed } from './replay.ts';
import { openSimulatedFeed } from './simulated.ts';

const simulatedSettings = {
  SIM_SEED: setting(whole(0, Number.MAX_SAFE_INTEGER), {
    about: 'Seed of the simulated market.',
    form: 'a whole number from 0',
    fallback: '1',
  }),
};

export const simulatedFeed: MarketAdapter<typeof simulatedSettings> = {
  name: 'simulated',
  port: 'market',
  settings: simulatedSettings,
  async open({ SIM_SEED: seed }, { clock, seededRandom }) {
    return {
      world: `simulated:${seed}`,
      clock,
      source: () => openSimulatedFeed({ instruments: INSTRUMENTS, clock, random: seededRandom(String(seed)) }),
      past: () => invented(INSTRUMENTS, seededRandom(String(seed)).fork('past'), clock.marketNow()),
    };
  },
};

async function* invented(
  instruments: readonly Instrument[],
  random: Random,
  endAt: number,
): AsyncGenerator<Quote, void> {
  for (const instrument of instruments) yield* simulatedPast(instrument, random.fork(instrument.symbol), endAt);
}

const replaySettings = {
  SIM_SPEED: setting(
    z.union(
      [z.literal('max'), number(z.number().positive('is not above zero'))],
      'is neither max nor a number above zero',
    ),
    {
      about:
        'Speed of a replayed market against real time; never faster. A lag of more than two seconds is let go, with a warning.',
      form: 'a factor above 0, or max',
      fallback: '1',
    },
  ),
};

const sleepOn = (clock: Clock) => (ms: number) =>
  new Promise<void>((resolve) => void clock.at('monotonic', clock.monotonic() + ms, resolve));

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex').slice(0, 16);
}

/** Undefined for a file that can't be read to its end: the replay itself tells where it breaks off. */
const linesOf = (path: string): Promise<number | undefined> => countLines(path).catch(() => undefined);

/** Undefined for a file without any quote. */
async function startOf(spec: ReplaySpec): Promise<number | undefined> {
  for await (const { quote } of openReplay(spec).quotes(0)) return quote.at ?? 0;
  return undefined;
}

/** The market clock begins at the data's first quote; the world is named after the file's content. */
export const replayFeed: MarketAdapter<typeof replaySettings> = {
  name: 'replay',
  port: 'market',
  settings: replaySettings,
  async open({ SIM_SPEED: speed }, { argument, clock: real, drivenClock }) {
    const spec = parseReplaySpec(argument);
    const world = `replay:${await hashOf(spec.path)}`;
    const startMs = await startOf(spec);
    if (startMs === undefined) throw new Error(`${spec.path} holds no quote`);
    const clock = drivenClock(startMs);
    // One reading: what the past has told, the feed need not read again.
    const replay = openReplay(spec);
    const lines = await linesOf(spec.path);
    return {
      world,
      clock,
      source: ({ after, settled, behind, ended }) =>
        openReplayFeed({
          ...{ replay, after, speed, settled, behind, ...(lines !== undefined && { lines }) },
          ...{ advance: (at) => clock.advance(at), now: real.monotonic, sleep: sleepOn(real), onEnd: ended },
        }),
      async *past(position) {
        for await (const { quote } of replay.quotes(0, position)) {
          clock.advance(quote.at ?? 0);
          yield quote;
        }
      },
    };
  },
};
