/**
 * Sequences, the hash chain, and the one writer. State moves on at once; what leaves the house waits here until the group it was
 * made in is durable. Groups are committed in order, one in flight, whole.
 */
import { BOUNDS } from './bounds.ts';
import type { Cell } from './cell.ts';
import { chainHash, GENESIS_HASH } from './chain.ts';
import type { Entity } from './entity.ts';
import { type Closed, cursorOf, Gathering, type KeptRecord, positionOf } from './group.ts';
import { type Letter, RELEASE } from './letter.ts';
import type { Message, MessageEntry } from './message.ts';
import type { Clock } from './ports.ts';
import type { Projector } from './projector.ts';
import { Ring } from './ring.ts';
import { CommitError, type CursorRow, type EffectRow, type Group, type Head, type Store } from './store.ts';

/** What a failed commit takes with it. */
export interface Lost {
  readonly control: readonly Letter[];
  /** The only turn of a group that the database refused for its data, and how many turns it had. */
  readonly suspect: Letter | undefined;
  readonly turns: number;
}

export interface JournalEvents {
  /** After the ack: effects start, listeners hear. */
  committed(records: readonly KeptRecord[]): void;
  /** The writer has stopped; nothing that is lost is durable for certain. */
  failed(error: CommitError, lost: Lost): void;
  /** A bug of the kernel or of a read model. */
  broken(error: unknown): void;
  /** The open group holds releases: true when outcomes are on their way, and `flush` comes after `waitMs` at the latest. */
  mayWait(waitMs: number): boolean;
}

export class Journal {
  epoch = 0;
  /** Last sequence given out, and last sequence that is durable. */
  head = 0;
  watermark = 0;
  groups = 0;
  /** Turns that still get a group of their own, after the database refused one for its data. */
  careful = 0;
  stopped = true;
  private recent: KeptRecord[] = [];
  private hash = GENESIS_HASH;
  private open = new Gathering(1);
  /** Number of the last group that is durable. */
  private durableOrdinal = 0;
  private readonly closedGroups: Closed[] = [];
  private inFlight: Closed | undefined;
  private closeAfterTurn = false;
  private cursorsCheckedAt = 0;
  private commitBeganAt = 0;
  private lastCommitMs = 0;
  private readonly held = new Ring<{ ordinal: number; release: () => void; drop: () => void }>();

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly projector: Projector,
    private readonly events: JournalEvents,
    private readonly readers: readonly Cell[],
  ) {}

  get uncommitted(): number {
    return this.head - this.watermark;
  }

  get idle(): boolean {
    return !this.inFlight && this.closedGroups.length === 0 && this.open.isEmpty;
  }

  /** `recent` are the last records up to the head, without a gap. */
  start(head: Head, recent: KeptRecord[]): void {
    this.epoch = head.epoch;
    this.head = head.sequence;
    this.watermark = head.sequence;
    this.hash = head.hash;
    this.recent = recent;
    this.cursorsCheckedAt = Math.min(head.sequence, ...this.readers.map((cell) => cell.savedCursor));
    this.stopped = false;
  }

  /** Gives a fact its place; `payload` is the message as JSON. The record is durable once its group is. */
  append(
    message: Message,
    payload: string,
    entry: MessageEntry,
    source: string,
    letter: Letter | undefined,
  ): KeptRecord {
    const sequence = this.head + 1;
    const record: { -readonly [Field in keyof KeptRecord]: KeptRecord[Field] } = {
      sequence,
      epoch: this.epoch,
      recordedAt: this.clock.wallNow(),
      type: message.type,
      payload,
      source,
      causationId: letter?.causationSequence ?? 0,
      correlationId: letter?.correlationId ?? '',
      principal: letter?.principal ?? 'system',
      version: entry.version,
      hash: '',
      message,
    };
    record.hash = chainHash(this.hash, record);
    this.head = sequence;
    this.hash = record.hash;
    this.open.records.push(record);
    this.recent.push(record);
    for (const upsert of this.projector.apply(record)) this.open.images.put(upsert);
    if (entry.control) {
      if (letter) this.open.control.push(letter);
      this.closeAfterTurn = true;
    }
    return record;
  }

  mark(cell: Cell, entity: Entity): void {
    this.open.mark(cell, entity);
  }

  touch(cell: Cell): void {
    this.open.touch(cell);
  }

  promise(effect: EffectRow): void {
    this.open.opened.push(effect);
  }

  fulfil(effect: EffectRow): void {
    this.open.closed.push(effect);
  }

  /** Called after each turn: a control fact, a full group or a careful time closes the group. */
  endTurn(letter: Letter | undefined): void {
    const { open } = this;
    // A turn that leaves nothing behind is in no group, and is never blamed for one.
    if (open.isEmpty && !this.closeAfterTurn) return;
    open.turns += 1;
    open.lastLetter = letter;
    if (letter?.source === RELEASE) open.hasReleases = true;
    if (this.careful > 0 && !open.isEmpty) {
      this.careful -= 1;
      this.closeAfterTurn = true;
    }
    if (!this.closeAfterTurn && open.records.length < BOUNDS.groupRecords) return;
    this.closeAfterTurn = false;
    this.seal();
    this.flush();
  }

  /** `release` runs when everything that has happened so far is durable; `drop` when it will never be. */
  hold(release: () => void, drop: () => void): void {
    const ordinal = this.open.isEmpty ? this.open.ordinal - 1 : this.open.ordinal;
    if (ordinal <= this.durableOrdinal && !this.stopped) release();
    else this.held.push({ ordinal, release, drop });
  }

  /** `run` comes after the commit of all that is there now, rows without facts included. */
  barrier(run: () => void): void {
    this.open.barriers.push(run);
    this.seal();
    this.flush();
  }

  /**
   * The same as `flush`, but a group with releases stays open for their outcomes, about as long as a commit of their own would take: one
   * commit less for each, and larger ones for all. Urgent groups are closed by then, and never wait.
   */
  settle(): void {
    const mayWait = this.closedGroups.length === 0 && this.open.hasReleases;
    const waitMs = Math.min(Math.max(this.lastCommitMs, BOUNDS.releaseWaitMs), BOUNDS.releaseWaitMaxMs);
    if (!mayWait || !this.events.mayWait(waitMs)) this.flush();
  }

  /** Commits what is there, unless a group is in flight: its ack goes on. Never called in the middle of a turn. */
  flush(): void {
    if (this.stopped || this.inFlight) return;
    if (this.closedGroups.length === 0) this.seal();
    const next = this.closedGroups.shift();
    if (!next) return;
    this.inFlight = next;
    this.commitBeganAt = this.clock.monotonic();
    this.store
      .commit(next.group)
      .then(
        () => this.acknowledge(next),
        (error: unknown) => this.fail(next, error),
      )
      .catch((error: unknown) => this.events.broken(error));
  }

  /** Closes the group that is being gathered: its rows are written as they are now. */
  seal(): void {
    const { open, head } = this;
    if (open.isEmpty) return;
    const group: Group = {
      epoch: this.epoch,
      previousSequence: head - open.records.length,
      sequence: head,
      hash: this.hash,
      records: open.records,
      rows: open.rows(),
      cursors: this.cursors(),
      opened: open.opened,
      closed: open.closed,
      upserts: open.images.all,
    };
    this.closedGroups.push({
      ordinal: open.ordinal,
      group,
      records: open.records,
      control: open.control,
      barriers: open.barriers,
      suspect: open.turns === 1 ? open.lastLetter : undefined,
      turns: open.turns,
    });
    open.letGo();
    this.open = new Gathering(open.ordinal + 1);
  }

  /** Drops everything that is not durable; answers whose truth is lost are dropped too. */
  abandon(): void {
    this.stopped = true;
    this.durableOrdinal = this.open.ordinal;
    this.open.letGo();
    this.open = new Gathering(this.open.ordinal + 1);
    this.closeAfterTurn = false;
    this.closedGroups.length = 0;
    this.inFlight = undefined;
    this.recent = [];
    this.projector.discard();
    for (const { drop } of this.held.clear()) drop();
  }

  /** Records after a sequence, from memory; undefined when they begin before what is kept. */
  recentAfter(sequence: number): readonly KeptRecord[] | undefined {
    if (sequence >= this.head) return [];
    const first = this.recent[0]?.sequence ?? this.head + 1;
    return sequence + 1 < first ? undefined : this.recent.slice(sequence + 1 - first);
  }

  /** What an agent has read may have changed its rows, so that its cursor goes with them; others follow at a distance. */
  private cursors(): CursorRow[] {
    const { head } = this;
    const cursors: CursorRow[] = [];
    const everybody = head - this.cursorsCheckedAt >= BOUNDS.cursorLag || this.open.barriers.length > 0;
    if (!everybody) {
      for (const { cell } of this.open.parts) if (cell.hasCursor) cursors.push(cursorOf(cell, head));
      return cursors;
    }
    this.cursorsCheckedAt = head;
    for (const cell of this.readers) {
      const lags = cell.status === 'running' && positionOf(cell, head) - cell.savedCursor >= BOUNDS.cursorLag;
      if (lags || !cell.cursorStored || this.open.holds(cell)) cursors.push(cursorOf(cell, head));
      // Measured from who is farthest behind: or a house that restarts often would read ever more again at each start.
      this.cursorsCheckedAt = Math.min(this.cursorsCheckedAt, cell.savedCursor);
    }
    return cursors;
  }

  private acknowledge(done: Closed): void {
    if (this.inFlight !== done) return;
    this.inFlight = undefined;
    this.lastCommitMs = this.clock.monotonic() - this.commitBeganAt;
    this.groups += 1;
    this.watermark = done.group.sequence;
    this.durableOrdinal = done.ordinal;
    this.projector.publish(done.group.upserts);
    // A crowd that has gathered meanwhile goes first: the database works on it while we do what this ack sets off. For a few, who
    // could travel with that, a commit of their own costs more than it brings.
    if (this.closedGroups.length > 0 || this.open.records.length >= BOUNDS.crowdRecords) this.settle();
    if (this.recent.length > BOUNDS.recentRecords * 2) this.trim();
    for (let first = this.held.peek(); first && first.ordinal <= done.ordinal; first = this.held.peek()) {
      this.held.shift();
      first.release();
    }
    for (const run of done.barriers) run();
    this.events.committed(done.records);
    this.settle();
  }

  private trim(): void {
    const committed = this.recent.length - this.uncommitted;
    this.recent.splice(0, Math.max(0, committed - BOUNDS.recentRecords));
  }

  private fail(failed: Closed, error: unknown): void {
    if (this.inFlight !== failed) return;
    this.stopped = true;
    const control = [...failed.control, ...this.closedGroups.flatMap((group) => group.control), ...this.open.control];
    const fault = error instanceof CommitError ? error : new CommitError('unknown', String(error), { cause: error });
    const { suspect, turns } = failed;
    this.events.failed(fault, { control, suspect: fault.fault === 'data' ? suspect : undefined, turns });
  }
}
