/** What nobody took: counted by type and reason, the newest kept for a look. A simulation asserts that the list stays explainable. */
import { BOUNDS } from './bounds.ts';
import type { Message } from './message.ts';

export type DeadReason =
  | 'not taken'
  | 'unknown entity'
  | 'no receiver'
  | 'stopped'
  | 'late answer'
  | 'of an earlier life'
  | 'stash full'
  | 'refused'
  | 'parked';

export interface DeadLetter {
  readonly target: string;
  readonly message: Message;
  readonly reason: DeadReason;
}

export class DeadLetters {
  readonly counts = new Map<string, number>();
  readonly recent: DeadLetter[] = [];
  total = 0;

  add(target: string, message: Message, reason: DeadReason): void {
    this.total += 1;
    const key = `${message.type} ${reason}`;
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
    this.recent.push({ target, message, reason });
    if (this.recent.length > BOUNDS.deadLettersKept) this.recent.shift();
  }
}
