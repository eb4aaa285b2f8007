/**
 * Entities whose rows are still text: a start does not read what nobody asks for. Each wakes when it is asked, or before its first
 * deadline is due, and is then what it would have been had it been awake all along.
 */
import type { Timer } from './due-queue.ts';
import type { Entity } from './entity.ts';
import { wakesAt } from './group.ts';
import type { Kernel } from './kernel.ts';
import type { EntityRow } from './store.ts';

/** Who is due within this time wakes with the first of them, so that looking through all of them is rare. */
const TOGETHER_MS = 60 * 60 * 1_000;

export class Sleepers {
  private readonly rows = new Map<string, EntityRow>();
  private earliest = Number.POSITIVE_INFINITY;
  private alarm: Timer | undefined;

  constructor(
    private readonly kernel: Kernel,
    private readonly rouse: (row: EntityRow) => Entity,
  ) {}

  get size(): number {
    return this.rows.size;
  }

  /** False: this row doesn't say when it has to wake, so that it can't sleep. */
  add(row: EntityRow): boolean {
    const at = wakesAt(row.state!);
    if (at === undefined) return false;
    if (at < this.earliest) this.earliest = at;
    this.rows.set(row.entity, row);
    return true;
  }

  wake(key: string): Entity | undefined {
    const row = this.rows.get(key);
    if (!row) return undefined;
    this.rows.delete(key);
    return this.rouse(row);
  }

  /** Once all are here. */
  watch(): void {
    if (this.rows.size === 0) return;
    const { kernel, earliest } = this;
    this.alarm = kernel.deadlines.timers.set(earliest, () => this.wakeUntil(earliest + TOGETHER_MS));
  }

  /** Their life is over: nobody of them wakes any more. */
  end(): void {
    this.rows.clear();
    if (this.alarm) this.kernel.deadlines.timers.cancel(this.alarm);
  }

  private wakeUntil(until: number): void {
    this.earliest = Number.POSITIVE_INFINITY;
    const due: EntityRow[] = [];
    for (const row of this.rows.values()) {
      const at = wakesAt(row.state!)!;
      if (at <= until) due.push(row);
      else if (at < this.earliest) this.earliest = at;
    }
    for (const { entity } of due) this.wake(entity);
    this.watch();
  }
}
