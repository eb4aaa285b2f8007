/**
 * One living agent: its lanes, its entities, its place in the journal and in the tree of supervisors. A cell holds; the executor turns. The
 * order in which work is taken never changes: waking up, facts up to the head, then the control lane, then the mailbox, then market data.
 */
import { Affairs, Outside } from './affairs.ts';
import type { AgentChild, AgentDefinition } from './agent.ts';
import type { Ask } from './asks.ts';
import { BOUNDS } from './bounds.ts';
import { Entities, type Entity, NO_ENTITIES, SHARED } from './entity.ts';
import { type Host, hostOf } from './host.ts';
import { Lanes, type MarketLane, NO_LANE } from './lanes.ts';
import type { Deadline, Letter } from './letter.ts';
import { Manner, remembersPlace } from './manner.ts';
import type { JournalRecord } from './message.ts';
import { Ring } from './ring.ts';
import type { Route } from './router.ts';
import type { Sleepers } from './sleepers.ts';
import type { SupervisorNode } from './supervision.ts';

export type CellStatus = 'starting' | 'running' | 'restarting' | 'stopped' | 'down';

/**
 * Is also the entity that every agent has: the whole agent when it is not keyed, its shared part when it is. Very many agents may be idle, so
 * that a cell has few fields; the others are made when there is something to put into them.
 */
export class Cell implements Entity {
  readonly host: Host;
  mailbox: Ring<Letter> = NO_LANE;
  control: Ring<Letter> = NO_LANE;
  readonly lanes: Lanes | undefined;
  private readonly holding: Entities;
  private affairs: Affairs | undefined;
  /** Set when the tree is built. */
  parent!: SupervisorNode;
  state: unknown;
  dirtyIn = 0;
  private phase: CellStatus = 'starting';
  isRunning = false;
  /** Waits in the run queue. */
  queued = false;
  turns = 0;
  /** Counts lives; what belongs to an earlier one is void. */
  life = 0;
  /** Where the type goes that it said last. */
  said: Route | undefined;
  private made: Manner | undefined;

  constructor(readonly child: AgentChild) {
    const { logic, keyed, shared, reads, observes, durable } = child.agent;
    this.host = hostOf(logic);
    this.holding = keyed ? new Entities(shared && hostOf(shared)) : NO_ENTITIES;
    const isReader = (reads?.length ?? 0) > 0;
    if (isReader || observes || durable) this.lanes = new Lanes(isReader, observes !== undefined);
  }

  get kind(): 'agent' {
    return 'agent';
  }

  get status(): CellStatus {
    return this.phase;
  }

  set status(status: CellStatus) {
    this.phase = status;
    this.isRunning = status === 'running';
  }

  /** It holds many entities. */
  get isKeyed(): boolean {
    return this.holding !== NO_ENTITIES;
  }

  get definition(): AgentDefinition {
    return this.child.agent;
  }

  /** The same, as turns ask for it. */
  get manner(): Manner {
    this.made ??= new Manner(this.child.agent);
    return this.made;
  }

  get address(): string {
    return this.made ? this.made.address : this.child.agent.address;
  }

  get single(): Entity {
    return this;
  }

  get sharedHost(): Host | undefined {
    return this.holding.host;
  }

  get entities(): Map<string, Entity> {
    return this.holding.all;
  }

  /** Those whose rows are still in the table. */
  get asleep(): Sleepers | undefined {
    return this.holding.asleep;
  }
  set asleep(asleep: Sleepers | undefined) {
    this.holding.asleep = asleep;
  }

  get states(): ReadonlyMap<string, unknown> {
    return this.holding.states;
  }

  get market(): MarketLane | undefined {
    return this.lanes?.market;
  }

  /** It has a place in the journal that a commit remembers. */
  get hasCursor(): boolean {
    return this.made ? this.made.hasCursor : remembersPlace(this.definition);
  }

  /** Something can be done now; nothing can while facts are missing that are on their way. */
  hasWork(): boolean {
    const { lanes } = this;
    if (lanes) {
      if (lanes.waking.length > 0 || lanes.facts.length > 0) return true;
      if (lanes.readThrough !== undefined) return !lanes.reading;
      if (lanes.market && lanes.market.length > 0) return true;
    }
    return (this.control.length > 0 || this.mailbox.length > 0) && !this.asleep?.isReading;
  }

  /** False: refused, the lane is full. */
  offer(letter: Letter, control: boolean): boolean {
    if (control) {
      if (this.control.length >= BOUNDS.controlLane) return false;
      this.controlLane().push(letter);
    } else {
      if (this.mailbox.length >= BOUNDS.mailbox) return false;
      this.keep(letter);
    }
    return true;
  }

  /** What was promised goes into the mailbox beyond its bound. */
  keep(letter: Letter): void {
    if (this.mailbox === NO_LANE) this.mailbox = new Ring();
    this.mailbox.push(letter);
  }

  /** A letter whose turn threw, or that was kept for later: in front of all others. */
  offerAgain(letter: Letter, control: boolean): void {
    if (this.mailbox === NO_LANE) this.mailbox = new Ring();
    (control ? this.controlLane() : this.mailbox).unshift(letter);
  }

  wake(letter: Letter): void {
    this.lanes!.waking.push(letter);
  }

  /** A fact for its reader; beyond the bound, and while the agent is away, it stays in the journal and is read from there. */
  offerFact(record: JournalRecord): void {
    const lanes = this.lanes!;
    if (lanes.readThrough !== undefined) return;
    if (this.isRunning && lanes.facts.length < BOUNDS.factBacklog) lanes.facts.push(record);
    else lanes.readThrough = record.sequence - 1;
  }

  entity(key: string): Entity | undefined {
    return this.isKeyed && key !== SHARED ? this.keyedEntity(key) : this;
  }

  keyedEntity(key: string): Entity | undefined {
    return this.holding.all.get(key);
  }

  /** Everything that this life of the agent holds: nothing of it survives a crash. */
  drop(): void {
    this.life += 1;
    this.state = undefined;
    this.dirtyIn = 0;
    this.affairs?.drop();
    this.lanes?.drop();
    if (!this.isKeyed) return;
    this.entities.clear();
    this.asleep?.end();
    this.asleep = undefined;
  }

  private controlLane(): Ring<Letter> {
    if (this.control === NO_LANE) this.control = new Ring();
    return this.control;
  }

  // What only readers have.

  get facts(): Ring<JournalRecord> {
    return this.lanes?.facts ?? NO_LANE;
  }
  get readThrough(): number | undefined {
    return this.lanes?.readThrough;
  }
  set readThrough(sequence: number | undefined) {
    this.lanes!.readThrough = sequence;
  }
  get reading(): boolean {
    return this.lanes?.reading ?? false;
  }
  set reading(isReading: boolean) {
    this.lanes!.reading = isReading;
  }
  get savedCursor(): number {
    return this.lanes?.savedCursor ?? 0;
  }
  set savedCursor(sequence: number) {
    this.lanes!.savedCursor = sequence;
  }
  get cursorStored(): boolean {
    return this.lanes?.cursorStored ?? false;
  }
  set cursorStored(isStored: boolean) {
    this.lanes!.cursorStored = isStored;
  }
  get factCrashes(): number {
    return this.lanes?.factCrashes ?? 0;
  }
  set factCrashes(crashes: number) {
    this.lanes!.factCrashes = crashes;
  }

  // What only those have to whom something has happened.

  private get own(): Affairs {
    this.affairs ??= new Affairs();
    return this.affairs;
  }

  /** What this life of the agent does outside; made when it first does something. */
  get work(): Outside {
    this.own.outside ??= new Outside();
    return this.own.outside;
  }
  get isAtWork(): boolean {
    return this.affairs?.outside !== undefined;
  }
  get key(): string {
    return SHARED;
  }
  get deadlines(): Map<string, Deadline> | undefined {
    return this.affairs?.deadlines;
  }
  set deadlines(deadlines: Map<string, Deadline> | undefined) {
    if (deadlines || this.affairs) this.own.deadlines = deadlines;
  }
  get stash(): Letter[] | undefined {
    return this.affairs?.stash;
  }
  set stash(letters: Letter[] | undefined) {
    if (letters || this.affairs) this.own.stash = letters;
  }
  get asks(): Ask[] | undefined {
    return this.affairs?.asks;
  }
  set asks(asks: Ask[] | undefined) {
    if (asks || this.affairs) this.own.asks = asks;
  }
  get ended(): boolean {
    return this.affairs?.ended ?? false;
  }
  set ended(hasEnded: boolean) {
    if (hasEnded || this.affairs) this.own.ended = hasEnded;
  }
  get crashesBy(): Map<string, number> | undefined {
    return this.affairs?.crashesBy;
  }
  set crashesBy(crashes: Map<string, number> | undefined) {
    if (crashes || this.affairs) this.own.crashesBy = crashes;
  }
  get restarts(): number {
    return this.affairs?.restarts ?? 0;
  }
  set restarts(restarts: number) {
    this.own.restarts = restarts;
  }
  get failures(): number {
    return this.affairs?.failures ?? 0;
  }
  set failures(failures: number) {
    this.own.failures = failures;
  }
  get lastRestartAt(): number | undefined {
    return this.affairs?.lastRestartAt;
  }
  set lastRestartAt(at: number | undefined) {
    this.own.lastRestartAt = at;
  }
}
