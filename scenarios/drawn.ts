/**
 * A world drawn from a seed: its faults, its crowd and how long it lasts; first with faults, then healed, then at rest. The result
 * says what happened and which promises were broken; the same seed and build give the same hash.
 */
import { drawRates } from '../adapters/paper/faults.ts';
import { drawDatabaseFaults } from '../db/simulated/database.ts';
import type { Queries } from '../projections/queries.ts';
import type { TableName } from '../projections/rows.ts';
import type { Message } from '../runtime/message.ts';
import { seededRandom } from '../runtime/simulated/random.ts';
import type { Store, StoredRecord } from '../runtime/store.ts';
import type { ProductSettings } from '../system/ports.ts';
import { CHECKERS } from './checkers/all.ts';
import type { Checker, Finding, Rest } from './checkers/checker.ts';
import { burst } from './people/burst.ts';
import { crowd } from './people/crowd.ts';
import { NO_WORLD_FAULTS, World, type WorldFaults } from './world.ts';

export interface DrawnOptions {
  readonly seed: string;
  readonly place: { readonly store: Store; readonly queries: Queries };
  readonly settings: ProductSettings;
  /** How long the crowd stays, in virtual milliseconds. */
  readonly virtualMs: number;
  readonly faults: boolean;
  /** Instead of a crowd over time: sixty requests at one instant. */
  readonly burst?: boolean;
}

export interface DrawnResult {
  readonly seed: string;
  /** SHA-256 over records, answers and venue calls. */
  readonly hash: string;
  readonly virtualMs: number;
  readonly records: number;
  readonly lives: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly failures: readonly string[];
}

const SYMBOLS = ['AAPL', 'NVDA', 'MSFT', 'EURUSD', 'BTCUSD'] as const;
const HEALING_MS = 5 * 60_000;
const SLICE_MS = 10_000;
const PAGE = 5_000;
const TABLES: readonly TableName[] = [
  'traders',
  'orders',
  'approvals',
  'halts',
  'fills',
  'ledger',
  'positions',
  'usage',
];

function drawFaults(seed: string): WorldFaults {
  const random = seededRandom(`${seed}/faults`);
  const feed = {
    badQuoteRatio: random.next() * 0.01,
    gapRatio: random.next() * 0.0005,
    gapMaxMs: random.next() * 300_000,
  };
  return { venue: drawRates(random.fork('venue')), database: drawDatabaseFaults(random.fork('database')), feed };
}

/** Feeds committed records to all checkers, in order, each once, over all lives of the product. */
class Watch {
  private seen = 0;
  readonly records: StoredRecord[] = [];
  readonly findings: Finding[] = [];
  private readonly checkers: readonly Checker[];

  constructor(
    private readonly store: Store,
    settings: ProductSettings,
  ) {
    this.checkers = CHECKERS.map((make) => make(settings));
  }

  async read(): Promise<void> {
    for (;;) {
      const page = await this.store.records(this.seen, PAGE);
      for (const record of page) {
        this.seen = record.sequence;
        this.records.push(record);
        const parsed = { ...record, message: JSON.parse(record.payload) as Message };
        for (const checker of this.checkers)
          checker.onRecord(parsed, (what) =>
            this.findings.push({ checker: checker.name, sequence: record.sequence, what }),
          );
      }
      if (page.length < PAGE) return;
    }
  }

  rest(rest: Rest): void {
    for (const checker of this.checkers)
      checker.atRest(rest, (what) => this.findings.push({ checker: checker.name, sequence: 0, what }));
  }
}

async function restOf(world: World, queries: Queries, store: Store, records: readonly StoredRecord[]): Promise<Rest> {
  const tables = new Map<string, readonly Readonly<Record<string, unknown>>[]>();
  for (const table of TABLES)
    tables.set(table, (await queries.list(table, { where: [], orderBy: [], limit: 1_000_000, offset: 0 })).rows);
  return {
    stored: await store.load(),
    records,
    venueOrders: world.venue.orders(),
    venueCalls: world.venue.calls,
    healed: true,
    rows: (table) => tables.get(table) ?? [],
  };
}

/** Lets people in according to the options; resolves when all have gone. */
function letIn(world: World, { seed, virtualMs, burst: together }: DrawnOptions): Promise<void> {
  const random = seededRandom(`${seed}/crowd`);
  if (together) return burst(world, random, SYMBOLS);
  const traders = 2 + Math.floor(random.next() * 4);
  const pauseMaxMs = 2_000 + random.next() * 15_000;
  const stopEveryMs = 120_000 + random.next() * 600_000;
  return crowd(world, random, { traders, symbols: SYMBOLS, until: world.now + virtualMs, pauseMaxMs, stopEveryMs });
}

export async function runDrawn(options: DrawnOptions): Promise<DrawnResult> {
  const { seed, place, settings, virtualMs, faults } = options;
  const world = new World({
    seed,
    place,
    settings,
    symbols: SYMBOLS,
    faults: faults ? drawFaults(seed) : NO_WORLD_FAULTS,
  });
  const watch = new Watch(place.store, settings);
  const startedAt = world.now;
  await world.open();
  const until = world.now + virtualMs;
  let gone = false;
  void letIn(world, options).then(
    () => {
      gone = true;
    },
    (error: unknown) => world.failures.push(`the crowd broke: ${String(error)}`),
  );
  const run = async (end: number): Promise<void> => {
    while (world.now < end) {
      await world.runUntil(Math.min(end, world.now + SLICE_MS));
      await watch.read();
    }
  };
  await run(until);
  world.setFaults(NO_WORLD_FAULTS);
  await run(until + HEALING_MS);
  if (!gone && world.failures.length === 0)
    world.failures.push(
      `somebody still waits after the healing: ${[...world.waiting].join(', ') || 'nobody for an answer'}`,
    );
  if (world.product?.runtime.state !== 'running')
    world.failures.push(`the product is ${world.product?.runtime.state ?? 'dead'} after the healing`);
  watch.rest(await restOf(world, place.queries, place.store, watch.records));
  const last = watch.records.at(-1);
  if (last) world.events.add('record', world.now, `${last.sequence} ${last.hash}`);
  world.product?.abandon();
  return {
    seed,
    hash: world.events.digest(),
    virtualMs: world.now - startedAt,
    records: watch.records.length,
    lives: world.lives,
    faults: world.faultCounts,
    failures: [
      ...world.failures,
      ...watch.findings.map(
        ({ checker, sequence, what }) => `${checker}${sequence ? ` at ${sequence}` : ' at rest'}: ${what}`,
      ),
    ],
  };
}
