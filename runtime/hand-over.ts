/**
 * Between an effect and its agent: the release turn in the same step as the hand-over, and the way back of the outcome, which
 * closes the promise only with the commit of its own turn.
 */
import type { Cell } from './cell.ts';
import type { EffectHost, Released } from './effects.ts';
import type { Kernel } from './kernel.ts';
import { letterTo, RELEASE } from './letter.ts';
import type { JournalRecord, Message } from './message.ts';

/** What it is to hear may be a stop that has already been in force: nothing leaves until it is back and has taken it. */
const isOwedControl = ({ status, control }: Cell): boolean => status === 'restarting' && control.length > 0;

export class HandOver implements EffectHost {
  constructor(private readonly kernel: Kernel) {}

  release(cell: Cell, message: Message, record: JournalRecord): Released {
    const { kernel } = this;
    if (kernel.cells.some(isOwedControl)) return 'behind';
    const now = kernel.ports.clock.marketNow();
    if (!kernel.readUp(cell, now)) return cell.status === 'running' ? 'behind' : 'crashed';
    const { correlationId, principal, sequence } = record;
    const from = { source: RELEASE, correlationId, principal, causationSequence: sequence };
    const facts = kernel.turn(cell, letterTo(cell.address, message, from), now);
    if (cell.hasWork()) kernel.enqueue(cell);
    kernel.schedule();
    return facts ?? 'crashed';
  }

  outcome(cell: Cell, record: JournalRecord, message: Message | undefined): void {
    const { kernel } = this;
    const { correlationId, principal, sequence } = record;
    const closes = { sequence, agent: cell.address };
    if (message) {
      const from = { source: 'effect', correlationId, principal, causationSequence: sequence, closes };
      kernel.post.push(cell, letterTo(cell.address, message, from));
      return;
    }
    kernel.journal.fulfil(closes);
    kernel.schedule();
  }

  parked(cell: Cell, record: JournalRecord, error: unknown): void {
    const closes = { sequence: record.sequence, agent: cell.address };
    this.kernel.lives.parked(cell, letterTo(cell.address, record.message, { closes }), error);
  }

  lateAnswer(cell: Cell, message: Message): void {
    this.kernel.deadLetters.add(cell.address, message, 'late answer');
  }

  show(message: Message): void {
    const { kernel } = this;
    for (const watcher of kernel.watchers) kernel.guard('watcher', watcher, message);
  }
}
