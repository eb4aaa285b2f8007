/**
 * One run of a world, whatever moves it: the product starts, records are given to every checker as they become durable, answers behind
 * them, and at the end the world at rest. Invariant: a record is read once, in order, over all lives.
 */
import type { SimulatedPlace } from '../db/simulated/database.ts';
import type { TableName } from '../projections/rows.ts';
import type { Message } from '../runtime/message.ts';
import type { Store, StoredRecord } from '../runtime/store.ts';
import type { ProductSettings } from '../system/ports.ts';
import { CHECKERS } from './checkers/all.ts';
import type { CheckedAnswer, CheckedRecord, Checker, Finding, Report, Rest } from './checkers/checker.ts';
import { UNDER_WAY_MS } from './checkers/comes-to-rest.ts';
import { isFact } from './checkers/folds/facts.ts';
import { Outsider } from './outsider.ts';
import { type Sometimes, sometimesOf } from './sometimes/sometimes.ts';
import { storedImports } from './stored-imports.ts';
import { World, type WorldOptions } from './world.ts';

export const findingText = ({ checker, sequence, what }: Finding): string =>
  `${checker}${sequence ? ` at ${sequence}` : ' at rest'}: ${what}`;

const PAGE = 5_000;
const MOMENT_MS = 10;
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

/** Feeds committed records to all checkers, in order, each once, over all lives of the product. */
class Watch {
  /** Sequence of the last record that has been read. */
  seen = 0;
  private heard = 0;
  readonly records: CheckedRecord[] = [];
  readonly findings: Finding[] = [];
  private readonly checkers: readonly Checker[];
  private readonly reports: readonly Report[];
  /** Places of all, and of those that look at more than facts. */
  private readonly all: readonly number[];
  private readonly watchful: readonly number[];
  /** Of the record that is being shown; 0 for an answer and for the world at rest. */
  private sequence = 0;

  constructor(
    private readonly store: Store,
    settings: ProductSettings,
    private readonly listener: ((record: CheckedRecord) => void) | undefined,
  ) {
    this.checkers = CHECKERS.map((make) => make(settings));
    this.all = [...this.checkers.keys()];
    this.watchful = this.all.filter((index) => !this.checkers[index]!.factsOnly);
    this.reports = this.checkers.map(
      ({ name: checker }) =>
        (what) =>
          this.findings.push({ checker, sequence: this.sequence, what }),
    );
  }

  async read(): Promise<void> {
    const { checkers, reports } = this;
    for (;;) {
      const page = await this.store.records(this.seen, PAGE);
      for (const record of page) {
        this.seen = record.sequence;
        this.sequence = record.sequence;
        const parsed = { ...record, message: JSON.parse(record.payload) as Message };
        this.records.push(parsed);
        for (const index of isFact(record.type) ? this.all : this.watchful)
          checkers[index]!.onRecord(parsed, reports[index]!);
        this.listener?.(parsed);
      }
      if (page.length < PAGE) return;
    }
  }

  /** Answers heard since the last time; what they tell of has been read before. */
  hear(answers: readonly CheckedAnswer[]): void {
    this.sequence = 0;
    for (; this.heard < answers.length; this.heard += 1)
      for (const [index, checker] of this.checkers.entries())
        checker.onAnswer?.(answers[this.heard]!, this.reports[index]!);
  }

  rest(rest: Rest): void {
    this.sequence = 0;
    for (const [index, checker] of this.checkers.entries()) checker.atRest(rest, this.reports[index]!);
  }
}

/** As they are stored now, whatever was read before. */
async function allRecords(store: Store): Promise<readonly StoredRecord[]> {
  const all: StoredRecord[] = [];
  for (;;) {
    const page = await store.records(all.at(-1)?.sequence ?? 0, PAGE);
    all.push(...page);
    if (page.length < PAGE) return all;
  }
}

async function restOf(world: World, place: SimulatedPlace): Promise<Rest> {
  const { queries, store } = place;
  const tables = new Map<string, readonly Readonly<Record<string, unknown>>[]>();
  for (const table of TABLES)
    tables.set(table, (await queries.list(table, { where: [], orderBy: [], limit: 1_000_000, offset: 0 })).rows);
  return {
    stored: await store.load(),
    records: await allRecords(store),
    venueOrders: world.venue.orders(),
    venueCalls: world.venue.calls,
    healed: true,
    now: world.now,
    deadLetters: world.deadLetters,
    files: {
      imports: await storedImports(place.series),
      underWay: world.database.series.underWay,
      sent: world.filesSent,
    },
    rows: (table) => tables.get(table) ?? [],
  };
}

export class Session {
  readonly world: World;
  readonly outsider = new Outsider();
  private readonly watch: Watch;
  private readonly startedAt: number;
  /** Called when a step of the world has settled. */
  onStep: () => void = () => undefined;
  private counted: Sometimes = {};

  /** `listener` hears every record after the checkers, in the step in which it has become durable. */
  constructor(
    private readonly options: WorldOptions,
    listener?: (record: CheckedRecord) => void,
  ) {
    this.world = new World(options);
    this.watch = new Watch(options.place.store, options.settings, listener);
    this.startedAt = this.world.now;
    this.world.runner.onStep = () => {
      this.onStep();
      return this.world.database.landedSequence > this.watch.seen ? this.read() : undefined;
    };
  }

  get records(): readonly CheckedRecord[] {
    return this.watch.records;
  }

  get findings(): readonly Finding[] {
    return this.watch.findings;
  }

  /** How often each rare situation was reached; told once the world is at rest. */
  get sometimes(): Sometimes {
    return this.counted;
  }

  /** Nights in which nothing happened do not count. */
  get virtualMs(): number {
    return this.world.now - this.startedAt - this.world.runner.leaptMs;
  }

  /** SHA-256 over everything that has happened. */
  get hash(): string {
    return this.world.events.digest();
  }

  /** Returns when the product serves. */
  open(): Promise<void> {
    return this.world.open();
  }

  async runUntil(until: number): Promise<void> {
    await this.world.runUntil(until);
    await this.read();
  }

  /** Somebody trades for ever, a live run for one: what has begun just now comes to its end before anybody looks. */
  async finishWhatIsUnderWay(): Promise<void> {
    const { world, options } = this;
    const until = world.now + UNDER_WAY_MS;
    let looked = -1;
    while (world.now < until) {
      const { landedGroups } = world.database;
      if (landedGroups !== looked && (await options.place.store.load()).effects.length === 0) return;
      looked = landedGroups;
      await this.runUntil(world.now + MOMENT_MS);
    }
  }

  /** Looks at the world at rest, and ends it. */
  async rest(): Promise<void> {
    const { place } = this.options;
    const { world, records } = this;
    const rest = await restOf(world, place);
    this.watch.rest({ ...rest, outsideOrders: this.outsider.orders });
    this.counted = sometimesOf({ rest, records, answers: world.answers, faults: world.faultCounts });
    const last = this.records.at(-1);
    if (last) this.world.events.add('record', this.world.now, `${last.sequence} ${last.hash}`);
    this.world.product?.abandon();
  }

  private async read(): Promise<void> {
    await this.watch.read();
    this.watch.hear(this.world.answers);
  }
}
