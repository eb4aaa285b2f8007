/** One thing that an agent holds under its key, with what waits at it. An ended entity is never found again under its key. */
import type { Ask } from './asks.ts';
import type { Host } from './host.ts';
import type { Deadline, Letter } from './letter.ts';
import type { Sleepers } from './sleepers.ts';

export interface Entity {
  readonly key: string;
  state: unknown;
  deadlines: Map<string, Deadline> | undefined;
  stash: Letter[] | undefined;
  /** Requests from outside that this entity will answer later. */
  asks: Ask[] | undefined;
  /** Number of the last group that this entity's row went with, 0 before the first. */
  dirtyIn: number;
  /** Its row leaves. */
  ended: boolean;
}

/** Key of the part that is common to all entities. */
export const SHARED = '';

export function entityOf(key: string, state: unknown): Entity {
  return { key, state, deadlines: undefined, stash: undefined, asks: undefined, dirtyIn: 0, ended: false };
}

/** The entities' states without a copy: what a fan-out may look at. */
class StatesOf implements ReadonlyMap<string, unknown> {
  constructor(private readonly all: ReadonlyMap<string, Entity>) {}
  get size(): number {
    return this.all.size;
  }
  get(key: string): unknown {
    return this.all.get(key)?.state;
  }
  has(key: string): boolean {
    return this.all.has(key);
  }
  forEach(visit: (value: unknown, key: string, map: ReadonlyMap<string, unknown>) => void): void {
    this.all.forEach((entity, key) => {
      visit(entity.state, key, this);
    });
  }
  keys(): MapIterator<string> {
    return this.all.keys();
  }
  *values(): MapIterator<unknown> {
    for (const entity of this.all.values()) yield entity.state;
  }
  *entries(): MapIterator<[string, unknown]> {
    for (const [key, entity] of this.all) yield [key, entity.state];
  }
  [Symbol.iterator](): MapIterator<[string, unknown]> {
    return this.entries();
  }
}

/** The entities of a keyed agent. */
export class Entities {
  readonly all = new Map<string, Entity>();
  readonly states = new StatesOf(this.all);
  asleep: Sleepers | undefined;

  /** Of the part that is common to all. */
  constructor(readonly host: Host | undefined) {}
}
/** Of every agent that is not keyed. */
export const NO_ENTITIES = new Entities(undefined);
