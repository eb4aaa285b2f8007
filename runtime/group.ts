/**
 * One commit in the making: records, rows that have changed, cursors, the outbox, read models. Rows are written once, when the
 * group closes; what an agent has read goes with what its reading changed.
 */
import type { Cell } from './cell.ts';
import { type Entity, SHARED } from './entity.ts';
import type { Letter } from './letter.ts';
import type { JournalRecord, Message } from './message.ts';
import type { CursorRow, EffectRow, EntityRow, Group, StoredRecord, Upsert } from './store.ts';

export type KeptRecord = JournalRecord & StoredRecord;

/** Among so few rows one is found sooner than its name is put together. */
const FEW_IMAGES = 16;

const nameOf = ({ table, key }: Upsert): string => `${table} ${key}`;

/** Rows of read models, the newest image of each, in the order in which they were first written. */
class AfterImages {
  readonly all: Upsert[] = [];
  private places: Map<string, number> | undefined;

  put(image: Upsert): void {
    const place = this.placeOf(image);
    if (place !== undefined) {
      this.all[place] = image;
      return;
    }
    this.places?.set(nameOf(image), this.all.length);
    this.all.push(image);
    if (this.all.length === FEW_IMAGES) this.places = new Map(this.all.map((known, index) => [nameOf(known), index]));
  }

  private placeOf(image: Upsert): number | undefined {
    const { all, places } = this;
    if (places) return places.get(nameOf(image));
    const { key, table } = image;
    for (let index = 0; index < all.length; index += 1)
      if (all[index]!.key === key && all[index]!.table === table) return index;
    return undefined;
  }
}

/** What of one agent goes with a group: its cursor, and the rows of these entities. */
export interface Part {
  readonly cell: Cell;
  readonly entities: Entity[];
}

/**
 * The group that is being gathered. What goes with it remembers its number, never the group: an idle entity would keep all records of the
 * group that it was last in, and their groups through them.
 */
export class Gathering {
  readonly records: KeptRecord[] = [];
  readonly parts: Part[] = [];
  readonly opened: EffectRow[] = [];
  readonly closed: EffectRow[] = [];
  readonly images = new AfterImages();
  /** Letters whose turns emitted control facts: they are told again when this group is lost. */
  readonly control: Letter[] = [];
  /** Run on the ack of this group. */
  readonly barriers: (() => void)[] = [];
  /** Turns in this group; a lone one is the cause when the database refuses the group's data. */
  turns = 0;
  lastLetter: Letter | undefined;
  /** A turn of it has released an effect. */
  hasReleases = false;

  /** Numbers of groups rise from 1. */
  constructor(readonly ordinal: number) {}

  get isEmpty(): boolean {
    return (
      this.barriers.length === 0 && this.records.length === 0 && this.parts.length === 0 && this.closed.length === 0
    );
  }

  /** The entity's row goes with this group. */
  mark(cell: Cell, entity: Entity): void {
    if (entity.dirtyIn === this.ordinal) return;
    entity.dirtyIn = this.ordinal;
    const { part } = cell.lanes!;
    if (part) part.entities.push(entity);
    else this.begin(cell, [entity]);
  }

  /** The agent's cursor goes with this group although no row of it has changed. */
  touch(cell: Cell): void {
    if (!this.holds(cell)) this.begin(cell, []);
  }

  holds({ lanes }: Cell): boolean {
    return lanes?.part !== undefined;
  }

  /** It is closed: the next one begins with nobody, and an agent that rests keeps nothing of what has ended with its last group. */
  letGo(): void {
    for (const { cell } of this.parts) cell.lanes!.part = undefined;
  }

  /** Every durable agent has lanes. */
  private begin(cell: Cell, entities: Entity[]): void {
    const part = { cell, entities };
    cell.lanes!.part = part;
    this.parts.push(part);
  }

  rows(): EntityRow[] {
    const rows: EntityRow[] = [];
    for (const { cell, entities } of this.parts) {
      let gone: Set<string> | undefined;
      for (const entity of entities) {
        if (!entity.ended) rows.push(rowOf(cell, entity));
        else if (!cell.entities.has(entity.key)) {
          gone ??= new Set();
          gone.add(entity.key);
        }
      }
      if (!gone) continue;
      const { address, version, keyed } = cell.manner;
      const resting = keyed?.mayRest && { wakesAt: 0 };
      for (const entity of gone) rows.push({ agent: address, entity, version, state: null, ...resting });
    }
    return rows;
  }
}

/** A group on its way to the store, with those who wait for it. */
export interface Closed {
  readonly ordinal: number;
  readonly group: Group;
  readonly records: readonly KeptRecord[];
  readonly control: readonly Letter[];
  readonly barriers: readonly (() => void)[];
  readonly suspect: Letter | undefined;
  readonly turns: number;
}

/** What a row holds: the state, and the deadlines that belong to it with absolute due times in market time. */
export interface SavedEntity {
  readonly state: unknown;
  readonly deadlines?: readonly (readonly [sendId: string, due: number, message: Message])[];
}

function savedDeadlines({ deadlines }: Entity): SavedEntity['deadlines'] {
  if (!deadlines?.size) return undefined;
  const kept = [...deadlines].filter(([, { waitMs }]) => waitMs === undefined);
  return kept.length === 0 ? undefined : kept.map(([sendId, { due, message }]) => [sendId, due, message] as const);
}

/** When it has to be awake at the latest; an entity without deadlines never sleeps. */
const wakeTime = ({ deadlines }: SavedEntity): number =>
  deadlines ? Math.floor(Math.min(...deadlines.map(([, due]) => due))) : 0;

/** The state is kept as it is, because it never changes, and spelled when somebody asks for its text: a store in memory rarely does. */
class StateRow implements EntityRow {
  readonly isRemoved = false;
  private text: string | undefined;

  constructor(
    readonly agent: string,
    readonly entity: string,
    readonly version: number,
    private readonly saved: SavedEntity,
  ) {
    // The message of a deadline gets its time when it is delivered.
    if (saved.deadlines) this.text = JSON.stringify(saved);
  }

  get state(): string {
    this.text ??= JSON.stringify(this.saved);
    return this.text;
  }
}

/** Of an entity that may sleep. */
class RestingRow extends StateRow {
  readonly wakesAt: number;

  constructor(agent: string, entity: string, version: number, saved: SavedEntity) {
    super(agent, entity, version, saved);
    this.wakesAt = wakeTime(saved);
  }
}

function rowOf(cell: Cell, entity: Entity): EntityRow {
  const { address, version, keyed } = cell.manner;
  const host = entity === cell.single && cell.sharedHost ? cell.sharedHost : cell.host;
  const state = host.save(entity.state);
  const deadlines = savedDeadlines(entity);
  const saved = deadlines ? { state, deadlines } : { state };
  return keyed?.mayRest && entity.key !== SHARED
    ? new RestingRow(address, entity.key, version, saved)
    : new StateRow(address, entity.key, version, saved);
}

/** Everything up to here has been read by the agent. */
export function positionOf(cell: Cell, head: number): number {
  const next = cell.facts.peek();
  return next ? next.sequence - 1 : (cell.readThrough ?? head);
}

export function cursorOf(cell: Cell, head: number): CursorRow {
  cell.savedCursor = positionOf(cell, head);
  cell.cursorStored = true;
  return { agent: cell.address, sequence: cell.savedCursor };
}
