/** Real ports from settings: clock, database, venue and market of a running product. */
import { basename, join } from 'node:path';
import type { OpenMarket } from '../adapters/kit/adapter.ts';
import { DiskTickFiles } from '../adapters/tick-files/disk.ts';
import { type OpenedPlace, openEmbedded, openPostgres } from '../db/open.ts';
import { liveIds, liveRandom, liveScheduler } from '../runtime/live/ambient.ts';
import { liveClock } from '../runtime/live/clock.ts';
import { replayClock } from '../runtime/live/replay-clock.ts';
import type { Clock, Log } from '../runtime/ports.ts';
import { seededRandom } from '../runtime/simulated/random.ts';
import { adapterNamed, MARKETS, VENUES } from './adapters.ts';
import { openJobs } from './background.ts';
import { openFailpoint } from './failpoints.ts';
import type { ProductPorts } from './ports.ts';
import type { Settings } from './settings.ts';
import { worldsBeside } from './surroundings.ts';

export interface LivePorts extends ProductPorts {
  readonly place: OpenedPlace;
  /** Told once the product serves. */
  ready(): void;
  /** Ends what the ports hold outside the product. */
  close(): Promise<void>;
}

/** The market of the settings: it names the world and has its clock. */
export async function worldOf({ marketData, adapters }: Settings, clock: Clock): Promise<OpenMarket> {
  const { kind } = marketData;
  const market = adapterNamed(MARKETS, 'MARKET_DATA', kind);
  const { file = '', instrument } = marketData.kind === 'replay' ? marketData : {};
  return market.open(adapters, {
    argument: instrument === undefined ? file : `${file}#${instrument}`,
    clock,
    drivenClock: (startMs) => replayClock(clock, startMs),
    seededRandom,
  });
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

export async function openLivePorts(settings: Settings, log: Log): Promise<LivePorts> {
  const venueAdapter = adapterNamed(VENUES, 'VENUE', settings.venue);
  const { world, clock, source, past } = await worldOf(settings, liveClock());
  const { folder, place } = openPlace(settings, world);
  if (settings.databaseUrl === undefined && (await place.isEmpty())) {
    const others = worldsBeside(settings.dataDir, basename(folder));
    if (others.length > 0) log.warn('world.new', { world, dataDir: settings.dataDir, others });
  }
  const line = await venueAdapter.open(settings.adapters, {
    ...{ folder, clock, random: liveRandom() },
    // As durable as the journal: power-proof beside PostgreSQL, death-proof beside the embedded database.
    powerProof: settings.databaseUrl !== undefined,
  });
  const ids = liveIds(clock);
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
    world,
    clock,
    random: liveRandom(),
    ids,
    scheduler: liveScheduler(),
    log,
    place: { ...place, store: failing?.store ?? place.store },
    venue: failing?.venue ?? line.venue,
    ...(failing && { defect: failing.defect }),
    jobs: openJobs(settings, place, clock, log),
    ...(line.match && { match: line.match }),
    market: source,
    past,
    tickFiles: new DiskTickFiles({ spoolFolder: join(folder, 'incoming'), importFolder: settings.importDir, ids }),
    venueHealth: () => line.health(),
    track: (work) => work,
    ready: () => failing?.ready(),
    async close() {
      await line.close();
      await place.close();
    },
  };
}
