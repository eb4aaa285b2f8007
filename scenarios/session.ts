/**
 * One run of a world, whatever moves it: the product starts, records are given to every checker as they become durable, answers behind
 * them, and at the end the world at rest. Invariant: a record is read once, in order, over all lives.
 */
import type { Message } from '../runtime/message.ts';
import type { Store } from '../runtime/store.ts';
import type { ProductSettings } from '../system/ports.ts';
import type { Product } from '../system/product.ts';
import { restOf, unwell } from './at-rest.ts';
import { CHECKERS } from './checkers/all.ts';
import type { CheckedAnswer, CheckedRecord, Finding, Rest } from './checkers/checker.ts';
import { UNDER_WAY_MS } from './checkers/comes-to-rest.ts';
import { Folds } from './checkers/folds/folds.ts';
import { Panel } from './checkers/panel.ts';
import { Outsider } from './outsider.ts';
import { type Sometimes, sometimesOf } from './sometimes/sometimes.ts';
import { World, type WorldOptions } from './world.ts';

export const findingText = ({ checker, sequence, what }: Finding): string =>
  `${checker}${sequence ? ` at ${sequence}` : ' at rest'}: ${what}`;

const PAGE = 5_000;
const MOMENT_MS = 10;
/** Between two looks at all that is stored, which cost the more the more there is: the journal has doubled since the last one. */
const LOOK_EVERY_MS = 2 * 60_000;
const LOOK_GROWTH = 2;
/** Healed, everything has come to rest by then: docs/ARCHITECTURE.md says why it takes no longer. */
export const REST_WITHIN_MS = 125_000;

/** Feeds committed records to all checkers, in order, each once, over all lives of the product. */
class Watch {
  /** Sequence of the last record that has been read. */
  seen = 0;
  private heard = 0;
  readonly records: CheckedRecord[] = [];
  readonly findings: Finding[] = [];
  private readonly panel: Panel;
  /** Of the record that is being shown; 0 for an answer and for the world at rest. */
  private sequence = 0;
  private isAtRest = false;
  private readonly foundAtRest = new Set<string>();

  constructor(
    private readonly store: Store,
    settings: ProductSettings,
    private readonly world: Pick<World, 'now' | 'venue'>,
    private readonly listener: ((record: CheckedRecord) => void) | undefined,
  ) {
    const folds = new Folds();
    const checkers = CHECKERS.map((make) => make(settings, folds));
    this.panel = new Panel(checkers, ({ name: checker }, what) => {
      if (this.isNews(checker, what)) this.findings.push({ checker, sequence: this.sequence, what });
    });
  }

  async read(): Promise<void> {
    const first = this.records.length;
    const landedAt = this.world.now;
    for (;;) {
      const page = await this.store.records(this.seen, PAGE);
      for (const record of page) this.show({ ...record, message: JSON.parse(record.payload) as Message, landedAt });
      if (page.length < PAGE) break;
    }
    if (this.records.length > first) this.group(this.records.slice(first));
  }

  private show(record: CheckedRecord): void {
    this.seen = record.sequence;
    this.sequence = record.sequence;
    this.records.push(record);
    this.panel.record(record);
    this.listener?.(record);
  }

  /** One commit is on its way at a time, and each is read in the step in which it lands. */
  private group(records: readonly CheckedRecord[]): void {
    const { now: landedAt, venue } = this.world;
    this.panel.group({ records, landedAt, venueOrders: venue.orders() });
  }

  /** Answers heard since the last time; what they tell of has been read before. */
  hear(answers: readonly CheckedAnswer[]): void {
    this.sequence = 0;
    for (; this.heard < answers.length; this.heard += 1) this.panel.answer(answers[this.heard]!);
  }

  /** What an earlier look has found is told once. */
  private isNews(checker: string, what: string): boolean {
    if (!this.isAtRest) return true;
    const finding = `${checker} ${what}`;
    const isNews = !this.foundAtRest.has(finding);
    this.foundAtRest.add(finding);
    return isNews;
  }

  rest(rest: Rest): void {
    this.sequence = 0;
    this.isAtRest = true;
    this.panel.rest(rest);
    this.isAtRest = false;
  }
}

export class Session {
  readonly world: World;
  readonly outsider = new Outsider();
  private readonly watch: Watch;
  private readonly startedAt: number;
  /** Called when a step of the world has settled. */
  onStep: () => void = () => undefined;
  private counted: Sometimes = {};
  private lookedAt: number;
  private lookedAtRecords = 0;
  /** Since when nothing goes wrong any more. */
  private healedAt: number | undefined;
  private hasSeenRest = false;
  /** Groups that had landed when it was asked last whether anything is under way. */
  private askedAtGroup = -1;
  /** The life whose news are listened to. */
  private heard: Product | undefined;

  /** `listener` hears every record after the checkers, in the step in which it has become durable. */
  constructor(
    private readonly options: WorldOptions,
    listener?: (record: CheckedRecord) => void,
  ) {
    this.world = new World(options);
    this.watch = new Watch(options.place.store, options.settings, this.world, listener);
    this.startedAt = this.world.now;
    this.lookedAt = this.startedAt;
    this.world.runner.onStep = () => {
      this.onStep();
      this.listen();
      const hasNews = this.world.database.landedSequence > this.watch.seen;
      return hasNews || this.isLookDue ? this.lookOn() : undefined;
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

  /** Nothing goes wrong from now on, and the clock is right: so long after this, and after what a late clock owes, the world is at rest. */
  heal(): void {
    this.world.stepClock(0);
    this.healedAt = Math.max(this.world.now, this.world.lateUntil);
  }

  /** Looks at the world at rest, and ends it. */
  async rest(): Promise<void> {
    const { world, records } = this;
    world.failures.push(...unwell(world).map((what) => `${what} after the healing`));
    const rest = await this.look(true);
    const { answers, messages } = world.callers;
    this.counted = sometimesOf({ rest, records, answers, messages, faults: world.faultCounts });
    const last = this.records.at(-1);
    if (last) this.world.events.add('record', this.world.now, `${last.sequence} ${last.hash}`);
    this.world.product?.abandon();
  }

  private async look(healed: boolean): Promise<Rest> {
    // While faults last the records that an earlier look was shown are not read again; a healed world is read from the beginning.
    const recordsAfter = healed ? 0 : this.lookedAtRecords;
    this.lookedAt = this.world.now;
    this.lookedAtRecords = this.records.length;
    const rest = await restOf(this.world, this.options.place, { healed, recordsAfter });
    this.watch.rest({ ...rest, outsideOrders: this.outsider.orders });
    return rest;
  }

  private get isRestDue(): boolean {
    return this.healedAt !== undefined && !this.hasSeenRest && this.world.now - this.healedAt >= REST_WITHIN_MS;
  }

  private get isLookDue(): boolean {
    const isLongAgo = this.world.now - this.lookedAt >= LOOK_EVERY_MS;
    return this.isRestDue || (isLongAgo && this.records.length >= this.lookedAtRecords * LOOK_GROWTH);
  }

  private async lookOn(): Promise<void> {
    await this.read();
    if (this.isRestDue) return this.lookAtRest();
    if (this.isLookDue) await this.look(false);
  }

  /** As soon as nothing is under way; who trades for ever is given as long as an order takes. */
  private async lookAtRest(): Promise<void> {
    const { world } = this;
    const { landedGroups } = world.database;
    const isLate = world.now - (this.healedAt ?? world.now) >= REST_WITHIN_MS + UNDER_WAY_MS;
    // A fill of this very moment has happened at the venue, and its news may wait for their commit.
    if (!isLate && (landedGroups === this.askedAtGroup || world.product?.runtime.idle === false)) return;
    this.askedAtGroup = landedGroups;
    if (!isLate && (await this.options.place.store.load()).effects.length > 0) return;
    this.hasSeenRest = true;
    world.failures.push(...unwell(world).map((what) => `${what} ${REST_WITHIN_MS} ms after the healing`));
    await this.look(true);
  }

  /** Whoever shows news to people, on streams and sockets, has them from here: they are durable by then. */
  private listen(): void {
    const { product, database, failures } = this.world;
    if (!product || product === this.heard) return;
    this.heard = product;
    product.runtime.onCommitted(({ sequence, message }) => {
      if (sequence > database.landedSequence)
        failures.push(`the ${message.type} ${sequence} was told before it was durable`);
    });
  }

  private async read(): Promise<void> {
    await this.watch.read();
    this.watch.hear(this.world.callers.answers);
  }
}
