/**
 * From rows to living agents: states, deadlines with their absolute due times, and the place in the journal from where each reads on.
 * The same code starts a process, recovers from a lost commit, and restarts one agent.
 */
import { BOUNDS } from './bounds.ts';
import { parseRecord, UnreadRecord } from './catch-up.ts';
import type { Cell } from './cell.ts';
import { type Entity, entityOf, SHARED } from './entity.ts';
import type { KeptRecord, SavedEntity } from './group.ts';
import type { Kernel } from './kernel.ts';
import { letterTo } from './letter.ts';
import type { Message } from './message.ts';
import { firstOf, mayRest, type Resting, Sleepers } from './sleepers.ts';
import type { EffectRow, EntityRow, Head, StoredState } from './store.ts';

/** Rows as read, with the records of open effects. */
export interface Fetched {
  readonly stored: StoredState;
  /** By agent, whose rows were left in the table. */
  readonly sleepers: ReadonlyMap<string, Resting>;
  readonly effects: readonly OpenEffect[];
}

export interface OpenEffect {
  readonly cell: Cell;
  readonly record: KeptRecord;
}

export class Boot {
  /** What fresh machines say when they begin. */
  private readonly beginnings = new Map<Cell, readonly Message[]>();

  constructor(private readonly kernel: Kernel) {}

  /** Rows of one agent, or of all. */
  async fetch(address?: string): Promise<Fetched> {
    const { store, cells } = this.kernel;
    const sleeping = cells.filter(mayRest).map(({ definition }) => ({
      ...{ agent: definition.address, version: definition.version },
    }));
    const stored = await store.load(address, sleeping);
    const sleepers = new Map<string, Resting>();
    for (const { agent, lastWakesAt } of stored.asleep ?? []) {
      const cell = this.kernel.cell(agent)!;
      sleepers.set(agent, await firstOf(cell, this.kernel, lastWakesAt));
    }
    return { stored, sleepers, effects: await this.effectsOf(stored.effects) };
  }

  /** What the row of a durable agent without entities holds; undefined when it has none yet. */
  async stateOf(address: string): Promise<unknown> {
    const { rows } = await this.kernel.store.load(address);
    const row = rows.find(({ entity, state }) => entity === SHARED && state !== null);
    return row && this.saved(this.kernel.cell(address)!, row).state;
  }

  /** The last records up to the head, far enough back for most agents to read on from memory; of what they won't, the text is kept. */
  async recent(stored: StoredState, head: Head): Promise<KeptRecord[]> {
    const { store, catalog, cells } = this.kernel;
    const cursors = new Map(stored.cursors.map(({ agent, sequence }) => [agent, sequence]));
    /** From where on somebody will read a type. */
    const readFrom = new Map<string, number>();
    let from = head.sequence;
    for (const cell of cells) {
      if (!cell.hasCursor) continue;
      const start = startOf(cell, cursors, head.sequence);
      from = Math.min(from, start);
      for (const type of cell.definition.reads!) readFrom.set(type, Math.min(start, readFrom.get(type) ?? start));
    }
    const recent: KeptRecord[] = [];
    for (let after = Math.max(from, head.sequence - BOUNDS.recentRecords); after < head.sequence; ) {
      const page = await store.records(after, Math.min(BOUNDS.recordsPage, head.sequence - after));
      const last = page[page.length - 1];
      if (!last) throw new Error(`Invariant: the journal ends at ${after}, its head says ${head.sequence}`);
      for (const record of page) {
        const isRead = record.sequence > (readFrom.get(record.type) ?? head.sequence);
        recent.push(isRead ? parseRecord(catalog, record) : new UnreadRecord(catalog, record));
      }
      after = last.sequence;
    }
    return recent;
  }

  /** All agents, in one synchronous step; nothing runs yet. */
  all(fetched: Fetched, head: number): void {
    this.beginnings.clear();
    this.restore(this.kernel.cells, fetched, head);
  }

  /** One agent; it reads on from its cursor by itself. */
  one(cell: Cell, fetched: Fetched): readonly KeptRecord[] {
    this.restore([cell], fetched, this.kernel.journal.head);
    return fetched.effects.map(({ record }) => record);
  }

  private restore(cells: readonly Cell[], { stored, sleepers }: Fetched, head: number): void {
    const rows = new Map<string, EntityRow[]>();
    for (const row of stored.rows) {
      const known = rows.get(row.agent);
      if (known) known.push(row);
      else rows.set(row.agent, [row]);
    }
    const cursors = new Map(stored.cursors.map(({ agent, sequence }) => [agent, sequence]));
    for (const cell of cells) {
      this.build(cell, rows.get(cell.address) ?? [], sleepers.get(cell.address));
      if (!cell.hasCursor) continue;
      cell.facts.clear();
      cell.cursorStored = cursors.has(cell.address);
      cell.savedCursor = startOf(cell, cursors, head);
      cell.readThrough = cell.savedCursor < head ? cell.savedCursor : undefined;
    }
  }

  /** A fresh life, then its rows over it. */
  build(cell: Cell, rows: readonly EntityRow[], resting?: Resting): void {
    const { definition, host, sharedHost, single } = cell;
    const outputs: Message[] = [];
    const firstHost = definition.keyed ? sharedHost : host;
    if (firstHost) single.state = firstHost.initial(definition.input, outputs);
    let isFresh = true;
    for (const row of rows) {
      if (row.state === null) continue;
      if (row.entity !== SHARED) {
        this.entity(cell, row);
        continue;
      }
      isFresh = false;
      const saved = this.saved(cell, row);
      single.state = (firstHost ?? host).load(saved.state);
      this.arm(cell, single, saved);
    }
    if (resting) {
      cell.asleep = new Sleepers(this.kernel, cell, (row) => this.entity(cell, row));
      cell.asleep.begin(resting);
    }
    if (isFresh && outputs.length > 0) this.beginnings.set(cell, outputs);
  }

  /** An entity as its row tells it. */
  private entity(cell: Cell, row: EntityRow): Entity {
    const saved = this.saved(cell, row);
    const { keyed } = cell.definition;
    const state = keyed?.awake ? keyed.awake(saved.state) : saved.state;
    const entity = entityOf(row.entity, cell.host.load(state));
    cell.entities.set(row.entity, entity);
    this.arm(cell, entity, saved);
    return entity;
  }

  private arm(cell: Cell, entity: Entity, { deadlines = [] }: SavedEntity): void {
    for (const [sendId, due, message] of deadlines) this.kernel.deadlines.arm(cell, entity, sendId, due, message);
  }

  private saved(cell: Cell, row: EntityRow): SavedEntity {
    const saved = JSON.parse(row.state!) as SavedEntity;
    const { version, upgrade, address } = cell.definition;
    if (row.version === version) return saved;
    if (!upgrade)
      throw new Error(`${address} ${row.entity}: the row has version ${row.version}, this build knows ${version}`);
    try {
      return { ...saved, state: upgrade(row.version, saved.state) };
    } catch (cause) {
      throw new Error(`${address} ${row.entity}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }

  private async effectsOf(rows: readonly EffectRow[]): Promise<OpenEffect[]> {
    const { kernel } = this;
    const found: OpenEffect[] = [];
    for (const { agent, sequence } of [...rows].sort((a, b) => a.sequence - b.sequence)) {
      const cell = kernel.cell(agent);
      const [stored] = await kernel.store.records(sequence - 1, 1);
      if (stored?.sequence !== sequence || !cell)
        throw new Error(`Invariant: open effect ${sequence} of ${agent} has no record or no agent`);
      found.push({ cell, record: parseRecord(kernel.catalog, stored) });
    }
    return found;
  }

  /** The shared part of a durable agent and each entity will hear that they woke up, before anything else, to repeat what they wait for. */
  wake(cell: Cell): void {
    if (!cell.definition.durable) return;
    const { keyed, shared } = cell.definition;
    const waiting = keyed?.awake ? [] : cell.entities.keys();
    const keys = keyed ? [...(shared ? [SHARED] : []), ...waiting] : [SHARED];
    for (const entity of keys) cell.wake(letterTo(cell.address, { type: 'resumed' }, { entity }));
  }

  resume(cell: Cell): void {
    this.wake(cell);
    this.begin(cell);
  }

  /** A fresh machine begins, and whoever has work is served. */
  begin(cell: Cell): void {
    const { kernel } = this;
    const outputs = this.beginnings.get(cell);
    this.beginnings.delete(cell);
    if (outputs) kernel.begin(cell, outputs);
    if (cell.hasWork()) kernel.enqueue(cell);
  }
}

function startOf(cell: Cell, cursors: ReadonlyMap<string, number>, head: number): number {
  return cursors.get(cell.address) ?? (cell.definition.from === 'start' ? 0 : head);
}
