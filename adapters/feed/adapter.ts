/** The feeds that make a world: a simulated market, and a file that is replayed at any speed. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { z } from 'zod';
import { INSTRUMENTS } from '../../domain/instrument.ts';
import { openReplay, parseReplaySpec } from '../../market/replay.ts';
import type { Clock } from '../../runtime/ports.ts';
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
    };
  },
};

const replaySettings = {
  SIM_SPEED: setting(
    z.union(
      [z.literal('max'), number(z.number().positive('is not above zero'))],
      'is neither max nor a number above zero',
    ),
    {
      about: 'Speed of a replayed market against real time.',
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

/** The market clock begins at the data's first quote; the world is named after the file's content. */
export const replayFeed: MarketAdapter<typeof replaySettings> = {
  name: 'replay',
  port: 'market',
  settings: replaySettings,
  async open({ SIM_SPEED: speed }, { argument, clock: real, drivenClock }) {
    const spec = parseReplaySpec(argument);
    const world = `replay:${await hashOf(spec.path)}`;
    const first = await openReplay(spec).quotes(0).next();
    if (first.done) throw new Error(`${spec.path} holds no quote`);
    const clock = drivenClock(first.value.quote.at ?? 0);
    return {
      world,
      clock,
      source: ({ after, settled, ended }) =>
        openReplayFeed({
          ...{ spec, after, speed, settled },
          ...{ advance: (at) => clock.advance(at), sleep: sleepOn(real), onEnd: ended },
        }),
    };
  },
};
