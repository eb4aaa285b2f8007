/**
 * What reaches an agent beside its mail: facts from the journal, market data, and the word that it woke up. Only agents that read, observe or
 * are durable have such lanes.
 */
import type { Part } from './group.ts';
import type { Letter } from './letter.ts';
import type { JournalRecord, Message } from './message.ts';
import { Ring } from './ring.ts';

/** Stands for every lane that an agent does not have, or not yet: an idle agent is small. Nothing is ever put into it. */
export const NO_LANE = new Ring<never>();

/** Market data on its way to an agent: the newest of each name, and those of which it sees every one. */
export class MarketLane {
  readonly every = new Ring<Message>();
  readonly newest = new Map<string, Message>();

  get length(): number {
    return this.every.length + this.newest.size;
  }

  shift(): Message | undefined {
    const tick = this.every.shift();
    if (tick) return tick;
    const first = this.newest.entries().next();
    if (first.done) return undefined;
    this.newest.delete(first.value[0]);
    return first.value[1];
  }

  clear(): void {
    this.every.clear();
    this.newest.clear();
  }
}

export class Lanes {
  /** `resumed`, before anything else of a new life: an entity knows that it woke up when it reads on. */
  readonly waking = new Ring<Letter>();
  readonly facts: Ring<JournalRecord>;
  readonly market: MarketLane | undefined;
  /** Facts after this one stay in the journal until the lane is empty; undefined: the lane reaches to the head. */
  readThrough: number | undefined;
  /** A page of the journal is being fetched. */
  reading = false;
  /** Cursor as last written. */
  savedCursor = 0;
  cursorStored = false;
  /** What goes with the group that is being gathered. */
  part: Part | undefined;
  /** Crashes by the fact at the front. */
  factCrashes = 0;

  constructor(reads: boolean, observes: boolean) {
    this.facts = reads ? new Ring() : NO_LANE;
    this.market = observes ? new MarketLane() : undefined;
  }

  drop(): void {
    this.reading = false;
    this.waking.clear();
    this.market?.clear();
  }
}
