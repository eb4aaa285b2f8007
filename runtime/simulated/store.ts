/**
 * The journal port in memory. A `Disk` is what outlives a simulated crash; each opened store is one process's hold of it. A commit
 * lands whole, one promise later; an older epoch's commit is fenced off.
 */
import { GENESIS_HASH } from '../chain.ts';
import {
  CommitError,
  type CursorRow,
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
} from '../store.ts';

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What is durable. */
export class Disk {
  head: Head = { sequence: 0, hash: GENESIS_HASH, epoch: 0, world: '' };
  readonly records: StoredRecord[] = [];
  /** Sequence of the first record that is still here, less one: older ones are in the archive. */
  archived = 0;
  readonly rows = new Map<string, EntityRow>();
  readonly cursors = new Map<string, CursorRow>();
  readonly effects = new Map<string, EffectRow>();
  writer: object | undefined;
}

export class MemoryStore implements Store {
  constructor(readonly disk: Disk) {}

  async open(world: string): Promise<Head> {
    const { disk } = this;
    if (disk.writer) throw new Error('another process is the writer of this disk');
    if (disk.head.world !== '' && disk.head.world !== world)
      throw new Error(`this place belongs to the world ${disk.head.world}, not to ${world}`);
    disk.writer = this;
    disk.head = { ...disk.head, world };
    return disk.head;
  }

  async takeEpoch(): Promise<Head> {
    this.disk.head = { ...this.disk.head, epoch: this.disk.head.epoch + 1 };
    return this.disk.head;
  }

  async commit(group: Group): Promise<void> {
    this.land(group);
  }

  /** The same as a commit, at once. */
  land(group: Group): void {
    const { disk } = this;
    if (group.epoch !== disk.head.epoch || group.previousSequence !== disk.head.sequence)
      throw new CommitError('fenced', `epoch ${group.epoch} has lost the head to epoch ${disk.head.epoch}`);
    for (const record of group.records) disk.records.push(record);
    for (const row of group.rows) {
      const key = `${row.agent}\n${row.entity}`;
      if (row.isRemoved ?? row.state === null) disk.rows.delete(key);
      else disk.rows.set(key, row);
    }
    for (const cursor of group.cursors) disk.cursors.set(cursor.agent, cursor);
    for (const effect of group.opened) disk.effects.set(`${effect.sequence} ${effect.agent}`, effect);
    for (const effect of group.closed) disk.effects.delete(`${effect.sequence} ${effect.agent}`);
    disk.head = { ...disk.head, sequence: group.sequence, hash: group.hash };
  }

  async load(agent?: string, sleeping: readonly Sleeping[] = []): Promise<StoredState> {
    const { disk } = this;
    const of = <T extends { readonly agent: string }>(all: Iterable<T>): T[] =>
      [...all].filter((row) => agent === undefined || row.agent === agent);
    const asleep = new Map<string, number>();
    const rows = of(disk.rows.values()).filter((row) => {
      const sleeps = sleeping.some((each) => isAsleep(row, each));
      if (sleeps) asleep.set(row.agent, Math.max(row.wakesAt!, asleep.get(row.agent) ?? 0));
      return !sleeps;
    });
    return {
      rows: rows.sort((a, b) => byText(a.agent, b.agent) || byText(a.entity, b.entity)),
      ...(sleeping.length > 0 && { asleep: [...asleep].map(([name, lastWakesAt]) => ({ agent: name, lastWakesAt })) }),
      cursors: of(disk.cursors.values()).sort((a, b) => byText(a.agent, b.agent)),
      effects: of(disk.effects.values()).sort((a, b) => a.sequence - b.sequence || byText(a.agent, b.agent)),
    };
  }

  async find(agent: string, entities: readonly string[]): Promise<readonly EntityRow[]> {
    const found = [...new Set(entities)].sort(byText).map((entity) => this.disk.rows.get(`${agent}\n${entity}`));
    return found.filter((row) => row?.wakesAt !== undefined) as readonly EntityRow[];
  }

  async due(asked: DueRows): Promise<readonly EntityRow[]> {
    return earliestDue([...this.disk.rows.values()], asked, byText);
  }

  async records(after: number, limit: number): Promise<readonly StoredRecord[]> {
    const from = Math.max(0, after - this.disk.archived);
    return this.disk.records.slice(from, from + limit);
  }

  async close(): Promise<void> {
    if (this.disk.writer === this) this.disk.writer = undefined;
  }
}
