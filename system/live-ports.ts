/** Real ports from settings: clock, database, venue and market of a running product. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { openReplayFeed } from '../adapters/feed/replay.ts';
import { openSimulatedFeed } from '../adapters/feed/simulated.ts';
import { openBook } from '../adapters/paper/book.ts';
import { openRemoteVenue } from '../adapters/paper/remote/client.ts';
import { openPaperVenue } from '../adapters/paper/venue.ts';
import type { Venue } from '../agents/venue.ts';
import { type OpenedPlace, openEmbedded, openPostgres } from '../db/open.ts';
import { INSTRUMENTS } from '../domain/instrument.ts';
import { openReplay, parseReplaySpec } from '../market/replay.ts';
import type { MarketSource } from '../market/source.ts';
import type { Quote } from '../messages/market.ts';
import { liveIds, liveRandom, liveScheduler } from '../runtime/live/ambient.ts';
import { liveClock } from '../runtime/live/clock.ts';
import { type ReplayClock, replayClock } from '../runtime/live/replay-clock.ts';
import type { Clock, Log } from '../runtime/ports.ts';
import { seededRandom } from '../runtime/simulated/random.ts';
import { openJobs } from './background.ts';
import { openFailpoint } from './failpoints.ts';
import type { MarketDesk, ProductPorts } from './ports.ts';
import { type Settings, SettingsError } from './settings.ts';

export interface LivePorts extends ProductPorts {
  readonly place: OpenedPlace;
  /** Told once the product serves. */
  ready(): void;
  /** Ends what the ports hold outside the product. */
  close(): Promise<void>;
}

interface World {
  readonly name: string;
  readonly clock: Clock;
  readonly market: (desk: MarketDesk) => MarketSource;
}

const sleepOn = (clock: Clock) => (ms: number) =>
  new Promise<void>((resolve) => void clock.at('monotonic', clock.monotonic() + ms, resolve));

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex').slice(0, 16);
}

function simulatedWorld(seed: string, clock: Clock): World {
  return {
    name: `simulated:${seed}`,
    clock,
    market: () => openSimulatedFeed({ instruments: INSTRUMENTS, clock, random: seededRandom(seed) }),
  };
}

/** The market clock begins at the data's first quote; the world is named after the file's content. */
async function replayedWorld(file: string, speed: number | 'max', real: Clock): Promise<World> {
  const spec = parseReplaySpec(file);
  const name = `replay:${await hashOf(spec.path)}`;
  const first = await openReplay(spec).quotes(0).next();
  if (first.done) throw new Error(`${spec.path} holds no quote`);
  const clock: ReplayClock = replayClock(real, first.value.quote.at ?? 0);
  return {
    name,
    clock,
    market: ({ after, settled, ended }) =>
      openReplayFeed({ spec, after, speed, advance: clock.advance, settled, sleep: sleepOn(real), onEnd: ended }),
  };
}

export async function worldOf({ marketData, simSeed, simSpeed }: Settings, clock: Clock): Promise<World> {
  switch (marketData.kind) {
    case 'simulated':
      return simulatedWorld(String(simSeed), clock);
    case 'replay': {
      const { file, instrument } = marketData;
      return replayedWorld(instrument === undefined ? file : `${file}#${instrument}`, simSpeed, clock);
    }
    default:
      throw new SettingsError([
        `MARKET_DATA=${marketData.kind} has no adapter in this build; allowed: simulated, replay:<file>`,
      ]);
  }
}

/** `simulated:a b` → `simulated-a-b`: each world has a folder of its own. */
const folderOf = (world: string): string => world.replace(/[^\w.-]+/g, '-');

/** Where a world is remembered. Nothing is touched yet. */
export function openPlace({ dataDir, databaseUrl }: Settings, world: string) {
  const folder = join(dataDir, folderOf(world));
  const place =
    databaseUrl === undefined
      ? openEmbedded({ directory: folder })
      : openPostgres({ url: databaseUrl, archiveDirectory: folder });
  return { folder, place };
}

interface Line {
  readonly venue: Venue;
  readonly match?: (quote: Quote) => Promise<void> | undefined;
  close(): Promise<void>;
}

async function openVenue(settings: Settings, folder: string, clock: Clock): Promise<Line> {
  const { paperVenueUrl: url, paperCommissionBps: commissionBps, paperSlippageTicks: slippageTicks } = settings;
  if (url !== undefined) {
    const venue = openRemoteVenue({ url });
    return { venue, match: async (quote) => void (await venue.quotes([quote])), close: () => venue.close() };
  }
  // The book is as durable as the journal: power-proof beside PostgreSQL, death-proof beside the embedded database.
  const book = await openBook({
    path: join(folder, 'paper-venue.jsonl'),
    sync: settings.databaseUrl === undefined ? 'none' : 'fdatasync',
  });
  const venue = openPaperVenue({
    book,
    clock,
    matching: { commissionBps, slippageTicks, partialFillRatio: 0, random: liveRandom() },
  });
  return {
    venue,
    match: (quote) => venue.onQuote(quote),
    async close() {
      await venue.close();
      await book.close();
    },
  };
}

export async function openLivePorts(settings: Settings, log: Log): Promise<LivePorts> {
  const world = await worldOf(settings, liveClock());
  const { clock } = world;
  const { folder, place } = openPlace(settings, world.name);
  const line = await openVenue(settings, folder, clock);
  const failing =
    settings.failpoint &&
    openFailpoint(settings.failpoint, {
      store: place.store,
      venue: line.venue,
      clock,
      log,
      die: () => process.kill(process.pid, 'SIGKILL'),
    });
  return {
    world: world.name,
    clock,
    random: liveRandom(),
    ids: liveIds(clock),
    scheduler: liveScheduler(),
    log,
    place: { ...place, store: failing?.store ?? place.store },
    venue: failing?.venue ?? line.venue,
    jobs: openJobs(settings, place, clock, log),
    ...(line.match && { match: line.match }),
    market: world.market,
    track: (work) => work,
    ready: () => failing?.ready(),
    async close() {
      await line.close();
      await place.close();
    },
  };
}
