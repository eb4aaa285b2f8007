/**
 * What a crash run plays on: a venue that outlives everything, and a product that is started, killed and started again on the same
 * data. Callers always find the present product's address here.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CrashPlace, type DatabaseKind, openCrashPlace } from './place.ts';
import { type Exit, RunningProcess } from './process.ts';

const READY_DEADLINE_MS = 30_000;
const LARGE = '1000000000';

/** What the product is told beside its place and its venue. */
export const PRODUCT_SETTINGS = { RATE_LIMITS: 'off', QUOTA_DAILY_TRADES: LARGE, QUOTA_DAILY_VOLUME: LARGE } as const;

export interface Stage {
  readonly folder: string;
  readonly place: CrashPlace;
  /** The newest product, also one that has ended. */
  readonly product: RunningProcess;
  /** Starts the product; resolves with the time until it served recovered state. */
  start(failpoint?: string): Promise<number>;
  /** Starts it without waiting. */
  launch(failpoint?: string): RunningProcess;
  /** Ends the venue as an operator would; its book and its log stay for the proofs. */
  endVenue(): Promise<Exit>;
  close(): Promise<void>;
}

export async function openStage(kind: DatabaseKind): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'pitwall-crash-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  const venueFolder = join(folder, 'venue');
  mkdirSync(venueFolder);
  const place = await openCrashPlace(kind, folder);
  const venue = new RunningProcess({
    entry: 'adapters/paper/remote/main.js',
    env: { PAPER_DIR: venueFolder, PAPER_PORT: '0', PAPER_SYNC: 'none' },
    logPath: join(folder, 'venue.log'),
  });
  await venue.ready(READY_DEADLINE_MS);
  let product: RunningProcess | undefined;

  function launch(failpoint = ''): RunningProcess {
    product = new RunningProcess({
      entry: 'main.js',
      logPath: join(folder, 'product.log'),
      env: {
        ...place.env,
        PORT: '0',
        LOG_LEVEL: 'warn',
        PAPER_VENUE_URL: venue.url ?? '',
        ...PRODUCT_SETTINGS,
        FAILPOINT: failpoint,
      },
    });
    return product;
  }

  return {
    folder,
    place,
    get product() {
      if (!product) throw new Error('Invariant: the product was started before it is used');
      return product;
    },
    launch,
    start: (failpoint) => launch(failpoint).ready(READY_DEADLINE_MS),
    endVenue: () => venue.end('SIGTERM'),
    async close() {
      await product?.end('SIGKILL');
      await venue.end('SIGKILL');
      place.close();
      process.off('exit', remove);
      remove();
    },
  };
}
