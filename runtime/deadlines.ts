/**
 * Deadlines of entities, in market time. A due time is absolute: one that passed while nobody was there fires at once. One that was set
 * again or cancelled since it fired belongs to an earlier generation and is void. What is kept in memory only is a wait, not a time: a clock
 * that is put back makes none of these longer, or a watch would be blind until the time of before has come again.
 */
import type { Cell } from './cell.ts';
import type { Entity } from './entity.ts';
import type { Kernel } from './kernel.ts';
import { type Deadline, type Letter, letterTo, nameInRows } from './letter.ts';
import type { Message } from './message.ts';
import { Timers } from './timers.ts';

export class Deadlines {
  readonly timers: Timers;

  constructor(private readonly kernel: Kernel) {
    const { clock } = kernel.ports;
    this.timers = new Timers(clock, 'market');
    clock.onPutBack?.(() => this.shorten());
  }

  private shorten(): void {
    const now = this.timers.now();
    for (const cell of this.kernel.cells) {
      for (const entity of [cell.single, ...cell.entities.values()]) {
        for (const [sendId, { due, message, waitMs }] of entity.deadlines ?? [])
          if (waitMs !== undefined && due > now + waitMs) this.arm(cell, entity, sendId, now + waitMs, message, waitMs);
      }
    }
  }

  /** `waitMs`: kept in memory only. */
  arm(cell: Cell, entity: Entity, sendId: string, due: number, message: Message, waitMs?: number): void {
    this.cancel(entity, sendId);
    const { life } = cell;
    const timer = this.timers.set(due, () => {
      if (cell.life !== life) return;
      const fired = { sendId, deadline };
      this.kernel.post.push(cell, letterTo(cell.address, message, { source: 'deadline', entity: entity.key, fired }));
    });
    const deadline: Deadline = { due, message, waitMs, timer };
    entity.deadlines ??= new Map();
    entity.deadlines.set(sendId, deadline);
  }

  cancel(entity: Entity, sendId: string): void {
    const known = entity.deadlines?.get(sendId);
    if (!known) return;
    this.timers.cancel(known.timer);
    entity.deadlines!.delete(sendId);
  }

  cancelAll(entity: Entity): void {
    if (!entity.deadlines) return;
    for (const { timer } of entity.deadlines.values()) this.timers.cancel(timer);
    entity.deadlines = undefined;
  }

  isValid(cell: Cell, { entity, fired }: Letter): boolean {
    return cell.entity(entity!)?.deadlines?.get(fired!.sendId) === fired!.deadline;
  }

  /** Its turn has succeeded, or it has been given up: the row forgets it, and another one of its name begins without its crashes. */
  done(cell: Cell, letter: Letter): void {
    const { entity: key, fired } = letter;
    const entity = cell.entity(key!)!;
    cell.crashesBy?.delete(nameInRows(letter)!);
    entity.deadlines!.delete(fired!.sendId);
    if (fired!.deadline.waitMs === undefined) this.kernel.mark(cell, entity);
  }
}
