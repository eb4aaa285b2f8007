/**
 * One living agent: its lanes, its entities, its place in the journal. A cell holds; the executor turns. The order in which
 * work is taken never changes: waking up, facts up to the head, then the control lane, then the mailbox, then market data.
 */
import type { AgentDefinition } from './agent.ts';
import type { Ask } from './asks.ts';
import { BOUNDS } from './bounds.ts';
import { type Host, hostOf } from './host.ts';
import type { Envelope, JournalRecord, Message } from './message.ts';
import { Ring } from './ring.ts';
import type { EffectRow } from './store.ts';
import type { Timer } from './timers.ts';

/** An envelope on its way, with what only the kernel needs. */
export interface Letter extends Envelope {
  ask: Ask | undefined;
  /** The effect whose outcome this is. */
  readonly closes: EffectRow | undefined;
  /** The record when the message is a fact: then `at` stays what it was. */
  readonly record: JournalRecord | undefined;
  /** Goes to this entity whatever the message says. */
  readonly entity: string | undefined;
  /** The deadline that fired; void when the entity has set or cancelled it since. */
  readonly fired: { readonly sendId: string; readonly deadline: Deadline } | undefined;
  crashes: number;
}

const OUTSIDE = { source: 'outside', correlationId: '', causationSequence: 0, principal: 'system' } as const;
let letterIds = 0;

/** Ids of letters never leave the process. */
export function letterTo(
  target: string,
  message: Message,
  from: Partial<Omit<Letter, 'id' | 'target' | 'message' | 'crashes'>> = OUTSIDE,
): Letter {
  letterIds += 1;
  return {
    id: letterIds,
    source: from.source ?? OUTSIDE.source,
    target,
    message,
    correlationId: from.correlationId ?? '',
    causationSequence: from.causationSequence ?? 0,
    principal: from.principal ?? OUTSIDE.principal,
    ask: from.ask,
    closes: from.closes,
    record: from.record,
    entity: from.entity,
    fired: from.fired,
    crashes: 0,
  };
}

export interface Deadline {
  readonly due: number;
  readonly message: Message;
  readonly volatile: boolean;
  timer: Timer;
}

export interface Entity {
  readonly key: string;
  state: unknown;
  deadlines: Map<string, Deadline> | undefined;
  stash: Letter[] | undefined;
  /** Requests from outside that this entity will answer later. */
  asks: Ask[] | undefined;
  /** Marked for the group that is being gathered. */
  dirtyIn: object | undefined;
}

export type CellStatus = 'starting' | 'running' | 'restarting' | 'stopped' | 'down';

/** Key of the part that is common to all entities. */
export const SHARED = '';

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
    for (const [key, entity] of this.all) visit(entity.state, key, this);
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

export class Cell {
  readonly host: Host;
  readonly sharedHost: Host | undefined;
  /** `resumed`, before anything else of a new life: an entity knows that it woke up when it reads on. */
  readonly waking = new Ring<Letter>();
  readonly control = new Ring<Letter>();
  readonly mailbox = new Ring<Letter>();
  readonly facts = new Ring<JournalRecord>();
  readonly ticks = new Ring<Message>();
  readonly newest = new Map<string, Message>();
  readonly entities = new Map<string, Entity>();
  readonly states: ReadonlyMap<string, unknown> = new StatesOf(this.entities);
  /** The whole agent when it is not keyed; its shared part when it is. */
  single: Entity;
  status: CellStatus = 'starting';
  /** Waits in the run queue. */
  queued = false;
  /** Sequence of the last fact this agent emitted: a restart waits for its commit. */
  lastFact = 0;
  /** Crashes by the fact at the front. */
  factCrashes = 0;
  /** Ends everything that runs for this life of the agent. */
  abort = new AbortController();
  readonly running = new Set<Promise<void>>();
  turns = 0;
  restarts = 0;
  /** Counts lives; what belongs to an earlier one is void. */
  life = 0;
  /** Cursor as last written. */
  savedCursor = 0;
  cursorStored = false;
  /** Crashes by one deadline, which a restart re-arms. */
  readonly deadlineCrashes = new Map<string, number>();

  constructor(
    readonly definition: AgentDefinition,
    readonly shutdownMs: number,
  ) {
    this.host = hostOf(definition.logic);
    this.sharedHost = definition.shared ? hostOf(definition.shared) : undefined;
    this.single = this.fresh(SHARED, undefined);
  }

  get address(): string {
    return this.definition.address;
  }

  fresh(key: string, state: unknown): Entity {
    return { key, state, deadlines: undefined, stash: undefined, asks: undefined, dirtyIn: undefined };
  }

  hasWork(): boolean {
    return (
      this.waking.length > 0 ||
      this.facts.length > 0 ||
      this.control.length > 0 ||
      this.mailbox.length > 0 ||
      this.ticks.length > 0 ||
      this.newest.size > 0
    );
  }

  /** False: refused, the lane is full. */
  offer(letter: Letter, control: boolean): boolean {
    const lane = control ? this.control : this.mailbox;
    if (lane.length >= (control ? BOUNDS.controlLane : BOUNDS.mailbox)) return false;
    lane.push(letter);
    return true;
  }

  entity(key: string): Entity | undefined {
    return this.definition.keyed && key !== SHARED ? this.entities.get(key) : this.single;
  }

  /** Everything that this life of the agent holds: nothing of it survives a crash. */
  drop(): void {
    this.life += 1;
    this.abort.abort();
    this.abort = new AbortController();
    this.entities.clear();
    this.single = this.fresh(SHARED, undefined);
    this.waking.clear();
    this.ticks.clear();
    this.newest.clear();
  }
}
