/**
 * The place of the settings without a product: the command line becomes its writer, and is refused by name while another process is.
 * Only the agent that a command needs lives meanwhile; nothing is traded, and open effects wait for the next start.
 */
import { createReadStream } from 'node:fs';
import { userInfo } from 'node:os';
import { limitsAgent } from '../../agents/limits/limits.ts';
import { loosens } from '../../api/kit/loosened.ts';
import type { OpenedPlace } from '../../db/open.ts';
import { importTicks } from '../../market/import/import-ticks.ts';
import { takeBack } from '../../market/import/take-back.ts';
import type { ImportRecord } from '../../market/series/store.ts';
import type { LimitsAnswered, LimitsGet, LimitsSet, TradingLimits } from '../../messages/limits.ts';
import { catalog } from '../../messages/registry.ts';
import { seriesReaderOf } from '../../projections/series-readers.ts';
import { ReadView } from '../../projections/view.ts';
import { liveIds, liveRandom, liveScheduler } from '../../runtime/live/ambient.ts';
import { liveClock } from '../../runtime/live/clock.ts';
import { Runtime } from '../../runtime/runtime.ts';
import { silentLog } from '../../runtime/simulated/log.ts';
import type { Store } from '../../runtime/store.ts';
import { openPlace, worldOf } from '../live-ports.ts';
import type { ProductSettings } from '../ports.ts';
import { productSettings } from '../product-settings.ts';
import { runReads } from '../run-reads.ts';
import type { Settings } from '../settings.ts';
import {
  type FileImport,
  type FileImported,
  type ImportStep,
  type LimitsChange,
  type LimitsInForce,
  type Operations,
  outdated,
} from './operations.ts';
import { CommandFailure } from './outcome.ts';
import { readRatio } from './progress-bar.ts';
import { refusedFile } from './refused-file.ts';

const STOP_MS = 2_000;
const IMPORT_PIECE_BYTES = 1 << 18;

/** The place of the settings' world, for what needs no journal there. */
export async function placeOf(settings: Settings) {
  const { world } = await worldOf(settings, liveClock());
  return { world, ...openPlace(settings, world) };
}

/** Where nothing was ever kept most commands have nothing to do: a mistyped place is not made by looking at it. */
export async function openLocalHouse(settings: Settings, makesPlace: boolean): Promise<LocalHouse> {
  const { world, folder, place } = await placeOf(settings);
  try {
    if (!makesPlace && (await place.isEmpty()))
      throw new CommandFailure(`${nameOf(settings, folder)} holds no journal yet: start the product once`);
    await place.store.open(world);
  } catch (error) {
    await place.close();
    throw error;
  }
  return new LocalHouse(place, world, nameOf(settings, folder), productSettings(settings));
}

const nameOf = ({ databaseUrl }: Settings, folder: string): string =>
  databaseUrl === undefined ? folder : `the database of DATABASE_URL`;

export class LocalHouse implements Operations {
  constructor(
    private readonly place: OpenedPlace,
    private readonly world: string,
    readonly name: string,
    private readonly settings: Pick<ProductSettings, 'limits' | 'api'>,
  ) {}

  limits(): Promise<LimitsInForce> {
    const question: LimitsGet = { type: 'limits.get' };
    return this.withLimitsAgent((runtime) => runtime.ask<LimitsAnswered>(question));
  }

  /** Nobody here is known to the house: it can't tell whether who loosens limits trades by them. */
  async setLimits(change: LimitsChange): Promise<LimitsInForce> {
    if (this.settings.api.fourEyes && loosensAny((await this.limits()).limits, change.limits))
      throw new CommandFailure(
        'with FOUR_EYES=on limits are loosened through the running product, which knows who does it: start it first',
      );
    const by = `command line, ${userInfo().username}`;
    const message: LimitsSet = { type: 'limits.set', by, ...change };
    const answer = await this.withLimitsAgent((runtime) => runtime.ask<LimitsAnswered>(message, { principal: by }));
    if (answer.outcome === 'conflict') throw new CommandFailure(outdated(answer.version, change.expectedVersion));
    return answer;
  }

  get series() {
    return this.place.series;
  }

  get runs() {
    const { queries, outputs } = this.place;
    return runReads(new ReadView(queries), queries, outputs);
  }

  verify = () => this.place.upkeep.verify();
  replay = () => this.place.upkeep.replay();
  backup = () => this.place.upkeep.backup();
  archive = (keep: number) => this.place.upkeep.archive(keep);
  export = async (fromSequence: number) => this.place.upkeep.export(fromSequence);
  close = () => this.place.close();

  async importTicks(file: FileImport, onProgress: (step: ImportStep) => void): Promise<FileImported> {
    const clock = liveClock();
    const stream = createReadStream(file.path, { highWaterMark: IMPORT_PIECE_BYTES });
    const { symbol, skipDuplicates, zone, stampsStart } = file;
    const options = {
      store: this.place.series,
      importId: liveIds(clock).uuid(),
      clock,
      symbol,
      skipDuplicates,
      takesBars: true,
    };
    const result = await importTicks(
      stream,
      { ...options, zone, stampsStart, fileName: file.path },
      ({ uploaded, skipped }) => onProgress({ uploaded, skipped, ratio: readRatio(stream.bytesRead, file.sizeBytes) }),
    );
    if (result.outcome === 'refused') throw refusedFile(result.reason, result.badLines);
    const { totalRows, uploadedRows, skippedRows, badRows, badLines, layout, zone: readBy } = result;
    const duration = `${(result.durationMs / 1_000).toFixed(1)}s`;
    return { totalRows, uploadedRows, skippedRows, badRows, badLines, duration, layout, zone: readBy };
  }

  async takeBack(importId: string): Promise<ImportRecord> {
    const clock = liveClock();
    const readerOf = (symbol: string) => seriesReaderOf(this.runs, symbol);
    const holdId = liveIds(clock).uuid();
    const taken = await takeBack({ store: this.place.series, importId, holdId, clock, readerOf });
    if (taken.outcome === 'unknown') throw new CommandFailure(`there is no import ${importId}`);
    if (taken.outcome === 'refused') throw new CommandFailure(taken.reason);
    return taken.record;
  }

  private async withLimitsAgent<T>(work: (runtime: Runtime) => Promise<T>): Promise<T> {
    const clock = liveClock();
    const runtime = new Runtime({
      roster: {
        name: 'command-line',
        strategy: 'one-for-one',
        intensity: { max: 0, periodMs: 1_000 },
        children: [{ agent: limitsAgent(this.settings.limits) }],
      },
      catalog,
      store: rowsOf('limits', this.place.store),
      world: this.world,
      ports: { clock, random: liveRandom(), ids: liveIds(clock), scheduler: liveScheduler(), log: silentLog },
    });
    await runtime.start();
    try {
      return await work(runtime);
    } finally {
      await runtime.stop(STOP_MS);
    }
  }
}

/** For any account: one that is not named goes by `default`. */
const loosensAny = (before: TradingLimits | null, after: TradingLimits): boolean =>
  loosens(before, after, new Set(['default', ...Object.keys(before?.accounts ?? {}), ...Object.keys(after.accounts)]));

/** The store as one agent sees it: what others have under way is not begun here. It stays open for the next command's part. */
const rowsOf = (agent: string, store: Store): Store => ({
  open: (world) => store.open(world),
  takeEpoch: () => store.takeEpoch(),
  commit: (group) => store.commit(group),
  load: (_all, sleeping) => store.load(agent, sleeping),
  find: (of, entities) => store.find(of, entities),
  due: (rows) => store.due(rows),
  records: (after, limit) => store.records(after, limit),
  close: async () => undefined,
});
