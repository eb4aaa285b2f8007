/**
 * Sequences, the hash chain, and the one writer. State moves on at once; what leaves the house waits here until the committed
 * watermark has reached the head it was made at. Groups are committed in order, one in flight, whole.
 */
import { chainHash, GENESIS_HASH } from './chain.ts';
import { BOUNDS } from './bounds.ts';
import type { Cell, Entity, Letter } from './cell.ts';
import type { JournalRecord, Message, MessageEntry } from './message.ts';
import type { Clock } from './ports.ts';
import { Ring } from './ring.ts';
import {
  CommitError,
  type EffectRow,
  type EntityRow,
  type Group,
  type Head,
  type Store,
  type StoredRecord,
  type Upsert,
} from './store.ts';

/** Read models: after-images at a turn's end, swapped in on the ack. */
export interface Projector {
  apply(record: JournalRecord): readonly Upsert[];
  publish(upserts: readonly Upsert[]): void;
  discard(): void;
  load(): Promise<void>;
}

export type KeptRecord = JournalRecord & StoredRecord;

/** The group that is being gathered. */
interface Gathering {
  readonly records: KeptRecord[];
  readonly dirty: Map<Cell, Entity[]>;
  readonly opened: EffectRow[];
  readonly closed: EffectRow[];
  readonly upserts: Map<string, Upsert>;
  /** Letters whose turns emitted control facts: they are told again when this group is lost. */
  readonly control: Letter[];
  /** Run on the ack of this group. */
  readonly barriers: (() => void)[];
  /** Turns in this group; a lone one is the cause when the database refuses the group's data. */
  turns: number;
  lastLetter: Letter | undefined;
}

interface Closed {
  readonly group: Group;
  readonly records: readonly KeptRecord[];
  readonly control: readonly Letter[];
  readonly barriers: readonly (() => void)[];
  readonly suspect: Letter | undefined;
}

const gathering = (): Gathering => ({
  records: [],
  dirty: new Map(),
  opened: [],
  closed: [],
  upserts: new Map(),
  control: [],
  barriers: [],
  turns: 0,
  lastLetter: undefined,
});

export interface JournalEvents {
  /** After the ack: effects start, listeners hear. */
  committed(records: readonly KeptRecord[]): void;
  /** The writer has stopped; nothing of `lost` is durable for certain. */
  failed(error: CommitError, lost: { control: readonly Letter[]; suspect: Letter | undefined }): void;
}

export class Journal {
  epoch = 0;
  /** Last sequence given out, and last sequence that is durable. */
  head = 0;
  watermark = 0;
  groups = 0;
  /** Turns that still get a group of their own, after the database refused one for its data. */
  careful = 0;
  readonly recent: KeptRecord[] = [];
  private hash = GENESIS_HASH;
  private open = gathering();
  private readonly closedGroups: Closed[] = [];
  private inFlight: Closed | undefined;
  private closeAfterTurn = false;
  private readonly held = new Ring<{ sequence: number; release: () => void; drop: () => void }>();
  stopped = true;

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly projector: Projector,
    private readonly events: JournalEvents,
    private readonly durable: readonly Cell[],
  ) {}

  get uncommitted(): number {
    return this.head - this.watermark;
  }

  get idle(): boolean {
    return !this.inFlight && this.closedGroups.length === 0 && this.isOpenEmpty();
  }

  start(head: Head): void {
    this.epoch = head.epoch;
    this.head = head.sequence;
    this.watermark = head.sequence;
    this.hash = head.hash;
    this.open = gathering();
    this.closedGroups.length = 0;
    this.recent.length = 0;
    this.inFlight = undefined;
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
    const fields = {
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
    };
    const hash = chainHash(this.hash, fields);
    const record: KeptRecord = { ...fields, hash, message };
    this.head = sequence;
    this.hash = hash;
    this.open.records.push(record);
    this.recent.push(record);
    for (const upsert of this.projector.apply(record)) this.open.upserts.set(`${upsert.table} ${upsert.key}`, upsert);
    if (entry.control) {
      if (letter) this.open.control.push(letter);
      this.closeAfterTurn = true;
    }
    return record;
  }

  /** The entity's row goes with the group; it is serialised once, when the group closes. */
  mark(cell: Cell, entity: Entity): void {
    if (entity.dirtyIn === this.open) return;
    entity.dirtyIn = this.open;
    const entities = this.open.dirty.get(cell);
    if (entities) entities.push(entity);
    else this.open.dirty.set(cell, [entity]);
  }

  /** The agent's cursor goes with the group although no row of it has changed. */
  touch(cell: Cell): void {
    if (!this.open.dirty.has(cell)) this.open.dirty.set(cell, []);
  }

  promise(effect: EffectRow): void {
    this.open.opened.push(effect);
  }

  fulfil(effect: EffectRow): void {
    this.open.closed.push(effect);
  }

  /** Called after each turn: a control fact, a full group or a careful time closes the group. */
  endTurn(letter: Letter | undefined): void {
    this.open.turns += 1;
    this.open.lastLetter = letter;
    if (this.careful > 0 && !this.isOpenEmpty()) {
      this.careful -= 1;
      this.closeAfterTurn = true;
    }
    if (!this.closeAfterTurn && this.open.records.length < BOUNDS.groupRecords) return;
    this.closeAfterTurn = false;
    this.close();
    this.flush();
  }

  /** `release` runs when everything up to the present head is durable; `drop` when that will never be. */
  hold(release: () => void, drop: () => void): void {
    if (this.watermark === this.head && !this.stopped) release();
    else this.held.push({ sequence: this.head, release, drop });
  }

  /** `run` comes after the commit of all that is there now, rows without facts included. */
  barrier(run: () => void): void {
    this.open.barriers.push(run);
    this.close();
    this.flush();
  }

  /** Commits what is there, unless a group is in flight: its ack goes on. */
  flush(): void {
    if (this.stopped || this.inFlight) return;
    if (this.closedGroups.length === 0) this.close();
    const next = this.closedGroups.shift();
    if (!next) return;
    this.inFlight = next;
    this.store.commit(next.group).then(
      () => this.acknowledge(next),
      (error: unknown) => this.fail(next, error),
    );
  }

  /** Drops everything that is not durable; answers whose truth is lost are dropped too. */
  abandon(): void {
    this.stopped = true;
    this.open = gathering();
    this.closeAfterTurn = false;
    this.closedGroups.length = 0;
    this.inFlight = undefined;
    this.projector.discard();
    for (const { drop } of this.held.clear()) drop();
  }

  /** Everything up to here has been read by the agent. */
  private positionOf(cell: Cell): number {
    const next = cell.facts.peek();
    return next ? next.sequence - 1 : this.head;
  }

  private isOpenEmpty(): boolean {
    return (
      this.open.barriers.length === 0 &&
      this.open.records.length === 0 &&
      this.open.dirty.size === 0 &&
      this.open.closed.length === 0
    );
  }

  private close(): void {
    if (this.isOpenEmpty()) return;
    const { records, dirty, opened, closed, upserts, control, barriers, turns, lastLetter } = this.open;
    const rows: EntityRow[] = [];
    const cursors: { agent: string; sequence: number }[] = [];
    for (const [cell, entities] of dirty) {
      for (const entity of entities) {
        const row = rowOf(cell, entity);
        if (row) rows.push(row);
      }
    }
    for (const cell of this.durable) {
      // What an agent has read may have changed its rows, so that its cursor goes with them; others follow at a distance.
      const position = this.positionOf(cell);
      if (
        cell.cursorStored &&
        !dirty.has(cell) &&
        (cell.status !== 'running' || position - cell.savedCursor < BOUNDS.cursorLag)
      )
        continue;
      cell.savedCursor = position;
      cell.cursorStored = true;
      cursors.push({ agent: cell.address, sequence: position });
    }
    const group: Group = {
      epoch: this.epoch,
      previousSequence: this.head - records.length,
      sequence: this.head,
      hash: this.hash,
      records,
      rows,
      cursors,
      opened,
      closed,
      upserts: [...upserts.values()],
    };
    this.closedGroups.push({ group, records, control, barriers, suspect: turns === 1 ? lastLetter : undefined });
    this.open = gathering();
  }

  private acknowledge(done: Closed): void {
    if (this.inFlight !== done) return;
    this.inFlight = undefined;
    this.groups += 1;
    this.watermark = done.group.sequence;
    this.projector.publish(done.group.upserts);
    if (this.recent.length > BOUNDS.recentRecords * 2) this.trim();
    for (let first = this.held.peek(); first && first.sequence <= this.watermark; first = this.held.peek()) {
      this.held.shift();
      first.release();
    }
    for (const run of done.barriers) run();
    this.events.committed(done.records);
    this.flush();
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
    this.events.failed(fault, { control, suspect: failed.suspect });
  }
}

/** What a row holds: the state, and the deadlines that belong to it with absolute due times in market time. */
export interface SavedEntity {
  readonly state: unknown;
  readonly deadlines?: readonly (readonly [sendId: string, due: number, message: Message])[];
}

function savedDeadlines({ deadlines }: Entity): Pick<SavedEntity, 'deadlines'> {
  if (!deadlines?.size) return {};
  const kept = [...deadlines].filter(([, deadline]) => !deadline.volatile);
  return kept.length === 0 ? {} : { deadlines: kept.map(([sendId, { due, message }]) => [sendId, due, message] as const) };
}

/** Nothing for an entity whose key has been taken by a new one: that one's row counts. */
function rowOf(cell: Cell, entity: Entity): EntityRow | undefined {
  const { address, version } = cell.definition;
  const present = entity === cell.single ? entity : cell.entities.get(entity.key);
  if (present && present !== entity) return undefined;
  if (!present) return { agent: address, entity: entity.key, version, state: null };
  const host = entity === cell.single && cell.sharedHost ? cell.sharedHost : cell.host;
  const saved: SavedEntity = {
    state: host.save(entity.state),
    ...savedDeadlines(entity),
  };
  return { agent: address, entity: entity.key, version, state: JSON.stringify(saved) };
}
