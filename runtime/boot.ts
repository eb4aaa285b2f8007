/**
 * From rows to living agents: states, deadlines with their absolute due times, and every fact after the durable cursor. The
 * same code starts a process, recovers from a lost commit, and restarts one agent.
 */
import { BOUNDS } from './bounds.ts';
import { type Cell, letterTo, SHARED } from './cell.ts';
import type { KeptRecord, SavedEntity } from './journal.ts';
import type { Kernel } from './kernel.ts';
import type { Message, MessageCatalog } from './message.ts';
import type { EffectRow, EntityRow, Store, StoredRecord, StoredState } from './store.ts';

export class Boot {
  constructor(
    private readonly kernel: Kernel,
    private readonly store: Store,
    private readonly catalog: MessageCatalog,
  ) {}

  /** All cells from the store; facts that an agent has not read wait in its lane afterwards. Nothing runs yet. */
  async all(cells: readonly Cell[], head: number): Promise<readonly { cell: Cell; record: KeptRecord }[]> {
    const stored = await this.store.load();
    const effects = await this.effectsOf(stored.effects);
    for (const cell of cells) cell.facts.clear();
    const from = this.restore(cells, stored, head);
    await this.readOn(
      cells.filter((cell) => cell.definition.durable && cell.definition.reads?.length),
      from,
      head,
    );
    return effects;
  }

  /** One agent; what it has not read yet comes from the table and then from memory, without a gap. */
  async one(cell: Cell): Promise<readonly { cell: Cell; record: KeptRecord }[]> {
    const { life } = cell;
    const stored = await this.store.load(cell.address);
    const effects = await this.effectsOf(stored.effects);
    if (cell.life !== life) return [];
    const { recent, watermark } = this.kernel.journal;
    cell.facts.clear();
    const from = this.restore([cell], stored, watermark);
    await this.readOn([cell], from, watermark);
    if (cell.life !== life) return [];
    const types = new Set(cell.definition.reads);
    for (const record of recent) if (record.sequence > watermark && types.has(record.type)) cell.facts.push(record);
    return effects;
  }

  private restore(cells: readonly Cell[], stored: StoredState, head: number): number {
    const rows = new Map<string, EntityRow[]>();
    for (const row of stored.rows) {
      const known = rows.get(row.agent);
      if (known) known.push(row);
      else rows.set(row.agent, [row]);
    }
    const cursors = new Map(stored.cursors.map((cursor) => [cursor.agent, cursor.sequence]));
    let from = head;
    for (const cell of cells) {
      this.build(cell, rows.get(cell.address) ?? []);
      cell.cursorStored = cursors.has(cell.address);
      cell.savedCursor = cursors.get(cell.address) ?? (cell.definition.from === 'start' ? 0 : head);
      if (cell.definition.durable && cell.definition.reads?.length) from = Math.min(from, cell.savedCursor);
    }
    return from;
  }

  /** A fresh life, then its rows over it. */
  build(cell: Cell, rows: readonly EntityRow[]): void {
    const { definition, host, sharedHost, single } = cell;
    const outputs: Message[] = [];
    const firstHost = definition.keyed ? sharedHost : host;
    if (firstHost) single.state = firstHost.initial(definition.input, outputs);
    for (const row of rows) {
      if (row.state === null) continue;
      const saved = this.saved(cell, row);
      const isSingle = row.entity === SHARED;
      const entity = isSingle ? single : cell.fresh(row.entity, undefined);
      entity.state = (isSingle ? (firstHost ?? host) : host).load(saved.state);
      if (!isSingle) cell.entities.set(row.entity, entity);
      for (const [sendId, due, message] of saved.deadlines ?? []) this.kernel.arm(cell, entity, sendId, due, message);
    }
    // Entry actions of a machine that starts afresh; a stored one has had them.
    if (!rows.some((row) => row.entity === SHARED))
      for (const output of outputs) if (output.type === '$after') this.kernel.deadline(cell, single, output as never);
  }

  private saved(cell: Cell, row: EntityRow): SavedEntity {
    const saved = JSON.parse(row.state!) as SavedEntity;
    const { version, upgrade, address } = cell.definition;
    if (row.version === version) return saved;
    if (!upgrade)
      throw new Error(`${address} ${row.entity}: the row has version ${row.version}, this build knows ${version}`);
    return { ...saved, state: upgrade(row.version, saved.state) };
  }

  private async readOn(cells: readonly Cell[], from: number, to: number): Promise<void> {
    const readers = cells.map((cell) => ({ cell, types: new Set(cell.definition.reads), life: cell.life }));
    for (let after = from; after < to; ) {
      const page = await this.store.records(after, Math.min(BOUNDS.recordsPage, to - after));
      if (page.length === 0) throw new Error(`Invariant: the journal ends at ${after}, its head says ${to}`);
      for (const stored of page) {
        let record: KeptRecord | undefined;
        for (const { cell, types, life } of readers) {
          if (cell.life !== life || stored.sequence <= cell.savedCursor || !types.has(stored.type)) continue;
          record ??= this.parse(stored);
          cell.facts.push(record);
        }
      }
      after = page[page.length - 1]!.sequence;
    }
  }

  private async effectsOf(rows: readonly EffectRow[]): Promise<{ cell: Cell; record: KeptRecord }[]> {
    const found: { cell: Cell; record: KeptRecord }[] = [];
    for (const { agent, sequence } of [...rows].sort((a, b) => a.sequence - b.sequence)) {
      const cell = this.kernel.cell(agent);
      const [stored] = await this.store.records(sequence - 1, 1);
      if (!stored || !cell) throw new Error(`Invariant: open effect ${sequence} of ${agent} has no record or no agent`);
      found.push({ cell, record: this.parse(stored) });
    }
    return found;
  }

  private parse(stored: StoredRecord): KeptRecord {
    const message = Object.freeze(
      this.catalog.upcast(stored.type, stored.version, JSON.parse(stored.payload) as Message),
    );
    return { ...stored, message };
  }

  /** Each waiting entity repeats the request it waits for; who waits for nothing does not take the message. */
  resume(cell: Cell): void {
    if (!cell.definition.durable) return;
    const keys = cell.definition.keyed ? cell.entities.keys() : [SHARED];
    for (const entity of keys) cell.waking.push(letterTo(cell.address, { type: 'resumed' }, { entity }));
    this.kernel.enqueue(cell);
  }
}
