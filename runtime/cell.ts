/**
 * One living agent: its lanes, its entities, its place in the journal. A cell holds; the executor turns. The order in which
 * work is taken never changes: waking up, facts up to the head, then the control lane, then the mailbox, then market data.
 */
import { setMaxListeners } from 'node:events';
import type { AgentDefinition } from './agent.ts';
import { BOUNDS } from './bounds.ts';
import { type Entity, entityOf, SHARED, StatesOf } from './entity.ts';
import { type Host, hostOf } from './host.ts';
import type { Letter } from './letter.ts';
import type { JournalRecord, Message } from './message.ts';
import { Ring } from './ring.ts';
import type { Timer } from './timers.ts';

export type CellStatus = 'starting' | 'running' | 'restarting' | 'stopped' | 'down';

/** Shared by all agents that have no such lane or entity: an idle agent is small. Nothing is ever put into them. */
const NO_LETTERS = new Ring<never>();
const NO_ENTITIES = new Map<string, Entity>();
const NO_STATES = new StatesOf(NO_ENTITIES);

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

/** Effects under way for one life of an agent, and the signal that ends them. */
class Outside {
  readonly end = new AbortController();
  readonly jobs = new Set<Promise<void>>();
  readonly retries = new Set<Timer>();

  constructor() {
    // Many effects listen to one signal.
    setMaxListeners(0, this.end.signal);
  }
}

export class Cell {
  readonly host: Host;
  readonly sharedHost: Host | undefined;
  readonly mailbox = new Ring<Letter>();
  control: Ring<Letter> = NO_LETTERS;
  /** `resumed`, before anything else of a new life: an entity knows that it woke up when it reads on. */
  waking: Ring<Letter> = NO_LETTERS;
  readonly facts: Ring<JournalRecord>;
  readonly market: MarketLane | undefined;
  readonly entities: Map<string, Entity>;
  readonly states: ReadonlyMap<string, unknown>;
  /** The whole agent when it is not keyed; its shared part when it is. */
  single: Entity;
  status: CellStatus = 'starting';
  /** Waits in the run queue. */
  queued = false;
  /** Facts after this one stay in the journal until the lane is empty; undefined: the lane reaches to the head. */
  readThrough: number | undefined;
  /** A page of the journal is being fetched for it. */
  reading = false;
  turns = 0;
  restarts = 0;
  /** Counts lives; what belongs to an earlier one is void. */
  life = 0;
  /** Cursor as last written. */
  savedCursor = 0;
  cursorStored = false;
  /** Crashes by the fact at the front. */
  factCrashes = 0;
  /** Crashes by one deadline or release, which a restart brings back from its row. */
  crashesBy: Map<string, number> | undefined;
  private outside: Outside | undefined;

  constructor(readonly definition: AgentDefinition) {
    this.host = hostOf(definition.logic);
    this.sharedHost = definition.shared ? hostOf(definition.shared) : undefined;
    this.facts = definition.reads?.length ? new Ring() : (NO_LETTERS as Ring<never>);
    this.market = definition.observes ? new MarketLane() : undefined;
    this.entities = definition.keyed ? new Map() : NO_ENTITIES;
    this.states = definition.keyed ? new StatesOf(this.entities) : NO_STATES;
    this.single = entityOf(SHARED, undefined);
  }

  get address(): string {
    return this.definition.address;
  }

  /** It has a place in the journal that a commit remembers. */
  get hasCursor(): boolean {
    return this.definition.durable && (this.definition.reads?.length ?? 0) > 0;
  }

  /** Something can be done now; nothing can while facts are missing that are on their way. */
  hasWork(): boolean {
    if (this.waking.length > 0 || this.facts.length > 0) return true;
    if (this.readThrough !== undefined) return !this.reading;
    return this.control.length > 0 || this.mailbox.length > 0 || (this.market?.length ?? 0) > 0;
  }

  /** False: refused, the lane is full. */
  offer(letter: Letter, control: boolean): boolean {
    if (control) {
      if (this.control.length >= BOUNDS.controlLane) return false;
      this.controlLane().push(letter);
    } else {
      if (this.mailbox.length >= BOUNDS.mailbox) return false;
      this.mailbox.push(letter);
    }
    return true;
  }

  /** A letter whose turn threw, in front of all others. */
  offerAgain(letter: Letter, control: boolean): void {
    (control ? this.controlLane() : this.mailbox).unshift(letter);
  }

  wake(letter: Letter): void {
    if (this.waking === NO_LETTERS) this.waking = new Ring();
    this.waking.push(letter);
  }

  /** A fact for its reader; beyond the bound, and while the agent is away, it stays in the journal and is read from there. */
  offerFact(record: JournalRecord): void {
    if (this.readThrough !== undefined) return;
    if (this.status === 'running' && this.facts.length < BOUNDS.factBacklog) this.facts.push(record);
    else this.readThrough = record.sequence - 1;
  }

  entity(key: string): Entity | undefined {
    return this.definition.keyed && key !== SHARED ? this.entities.get(key) : this.single;
  }

  /** What this life of the agent does outside; made when it first does something. */
  get work(): Outside {
    this.outside ??= new Outside();
    return this.outside;
  }

  get isAtWork(): boolean {
    return this.outside !== undefined;
  }

  /** Everything that this life of the agent holds: nothing of it survives a crash. */
  drop(): void {
    this.life += 1;
    this.outside?.end.abort();
    this.outside = undefined;
    this.reading = false;
    if (this.definition.keyed) this.entities.clear();
    this.single = entityOf(SHARED, undefined);
    this.waking.clear();
    this.market?.clear();
  }

  private controlLane(): Ring<Letter> {
    if (this.control === NO_LETTERS) this.control = new Ring();
    return this.control;
  }
}
