/** The journal in memory: the same promises as on SQL, one turn of the event loop later. */

import type { TableName } from '../../projections/rows.ts';
import { GENESIS_HASH } from '../../runtime/chain.ts';
import {
  CommitError,
  type DueRows,
  type EffectRow,
  type EntityRow,
  earliestDue,
  type Group,
  type Head,
  isAsleep,
  type Sleeping,
  type Store,
  type StoredRecord,
  type StoredState,
  type Upsert,
} from '../../runtime/store.ts';
import { assertHoldable } from '../journal/group-rows.ts';
import { compareText } from './compare.ts';
import type { MemoryDisk } from './disk.ts';
import { sweepSeriesDisk } from './series.ts';

export class MemoryStore implements Store {
  private writer: string | undefined;

  constructor(private readonly disk: MemoryDisk) {}

  async open(world: string): Promise<Head> {
    this.writer = this.disk.lock();
    sweepSeriesDisk(this.disk.series);
    this.disk.head ??= { sequence: 0, hash: GENESIS_HASH, epoch: 0, world };
    if (this.disk.head.world !== world) {
      throw new Error(`this place belongs to the world ${this.disk.head.world}, not to ${world}`);
    }
    return this.disk.head;
  }

  async takeEpoch(): Promise<Head> {
    const head = this.held();
    this.disk.head = { ...head, epoch: head.epoch + 1 };
    return this.disk.head;
  }

  async commit(group: Group): Promise<void> {
    assertHoldable(group);
    const head = this.held();
    if (head.epoch !== group.epoch || head.sequence !== group.previousSequence) {
      throw new CommitError('fenced', 'another writer has moved the head of the journal');
    }
    this.disk.head = { sequence: group.sequence, hash: group.hash, epoch: head.epoch, world: head.world };
    for (const record of group.records) this.disk.records.push(stored(record));
    for (const row of group.rows) this.writeRow(row);
    for (const cursor of group.cursors) this.disk.cursors.set(cursor.agent, cursor);
    for (const effect of group.opened) this.openEffect(effect);
    for (const { agent, sequence } of group.closed) this.disk.effects.get(agent)?.delete(sequence);
    for (const upsert of group.upserts) this.writeTable(upsert);
  }

  async load(agent?: string, sleeping: readonly Sleeping[] = []): Promise<StoredState> {
    const { rows, cursors, effects } = this.disk;
    const agents = agent === undefined ? [...new Set([...rows.keys(), ...cursors.keys(), ...effects.keys()])] : [agent];
    agents.sort(compareText);
    const asleep: { agent: string; lastWakesAt: number }[] = [];
    const awake = agents.flatMap((name) => {
      const all = this.sorted(name);
      const kept = sleeping.find((each) => each.agent === name);
      if (!kept) return all;
      const left = all.filter((row) => isAsleep(row, kept));
      if (left.length > 0)
        asleep.push({ agent: name, lastWakesAt: left.reduce((last, { wakesAt }) => Math.max(last, wakesAt!), 0) });
      return all.filter((row) => !isAsleep(row, kept));
    });
    return {
      rows: awake,
      ...(sleeping.length > 0 && { asleep }),
      cursors: agents.flatMap((name) => cursors.get(name) ?? []),
      effects: agents.flatMap((name) =>
        [...(effects.get(name)?.values() ?? [])].sort((a, b) => a.sequence - b.sequence),
      ),
    };
  }

  async find(agent: string, entities: readonly string[]): Promise<readonly EntityRow[]> {
    const rows = this.disk.rows.get(agent);
    const found = [...new Set(entities)].sort(compareText).map((entity) => rows?.get(entity));
    return found.filter((row) => row?.wakesAt !== undefined) as readonly EntityRow[];
  }

  async due(asked: DueRows): Promise<readonly EntityRow[]> {
    return earliestDue([...(this.disk.rows.get(asked.agent)?.values() ?? [])], asked, compareText);
  }

  async records(after: number, limit: number): Promise<readonly StoredRecord[]> {
    const { records } = this.disk;
    const first = Math.max(0, after + 1 - (records[0]?.sequence ?? 1));
    return records.slice(first, first + limit);
  }

  async close(): Promise<void> {
    this.disk.unlock(this.writer);
    this.writer = undefined;
  }

  private held(): Head {
    const { head } = this.disk;
    if (!head || !this.disk.isHeldBy(this.writer))
      throw new CommitError('certain', 'this writer does not hold the memory');
    return head;
  }

  private writeRow(row: EntityRow): void {
    const entities = this.disk.rows.get(row.agent);
    if (row.isRemoved ?? row.state === null) entities?.delete(row.entity);
    else if (entities) entities.set(row.entity, row);
    else this.disk.rows.set(row.agent, new Map([[row.entity, row]]));
  }

  /** Kept in this order, so that the next time there is little to sort. */
  private sorted(agent: string): readonly EntityRow[] {
    const known = this.disk.rows.get(agent);
    if (!known) return [];
    const sorted = [...known.values()].sort((a, b) => compareText(a.entity, b.entity));
    this.disk.rows.set(agent, new Map(sorted.map((row) => [row.entity, row])));
    return sorted;
  }

  private openEffect(effect: EffectRow): void {
    const effects = this.disk.effects.get(effect.agent);
    if (effects) effects.set(effect.sequence, effect);
    else this.disk.effects.set(effect.agent, new Map([[effect.sequence, effect]]));
  }

  private writeTable({ table, key, row }: Upsert): void {
    const rows: Map<string, unknown> = this.disk.tables[table as TableName];
    rows.set(key, row);
  }
}

/** Field by field: a record may carry more than is stored. */
const stored = (record: StoredRecord): StoredRecord => ({
  sequence: record.sequence,
  epoch: record.epoch,
  recordedAt: record.recordedAt,
  type: record.type,
  payload: record.payload,
  source: record.source,
  causationId: record.causationId,
  correlationId: record.correlationId,
  principal: record.principal,
  version: record.version,
  hash: record.hash,
});
