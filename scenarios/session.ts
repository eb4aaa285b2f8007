/**
 * One run of a world, whatever moves it: the product starts, records are given to every checker as they become durable, answers behind
 * them, and at the end the world at rest. Invariant: a record is read once, in order, over all lives.
 */
import type { Product } from '../system/product.ts';
import { restOf, unwell } from './at-rest.ts';
import type { CheckedRecord, Finding, Rest } from './checkers/checker.ts';
import { UNDER_WAY_MS } from './checkers/comes-to-rest.ts';
import { Outsider } from './outsider.ts';
import { type Sometimes, sometimesOf } from './sometimes/sometimes.ts';
import { Watch } from './watch.ts';
import { World } from './world.ts';
import type { WorldOptions } from './world-options.ts';

export const findingText = ({ checker, sequence, what }: Finding): string =>
  `${checker}${sequence ? ` at ${sequence}` : ' at rest'}: ${what}`;

const MOMENT_MS = 10;
/** Between two looks at all that is stored, which cost the more the more there is: the journal has doubled since the last one. */
const LOOK_EVERY_MS = 2 * 60_000;
const LOOK_GROWTH = 2;
/** Healed, everything has come to rest by then: docs/ARCHITECTURE.md says why it takes no longer. */
export const REST_WITHIN_MS = 125_000;

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
    this.watch = new Watch(options.place.store, options.settings, this.world, this.outsider.orders, listener);
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
      // A fill of this very moment has happened at the venue, and its news may wait for their commit.
      if (landedGroups !== looked && world.product?.runtime.idle !== false) {
        if ((await options.place.store.load()).effects.length === 0) return;
        looked = landedGroups;
      }
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
