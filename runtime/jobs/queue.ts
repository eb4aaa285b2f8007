/** How jobs reach workers on other machines. A queue may lose or repeat anything: rows are the record, and a claim decides who runs a job. */

export interface QueueEntry {
  readonly id: string;
  /** Entries with the same id and turn are one entry. */
  readonly turn: string;
  /** The runner before is dead, as far as anybody can see. */
  readonly takeOver: boolean;
}

export interface JobQueue {
  /** Whether it has answered lately. */
  readonly reachable: boolean;
  /** Waits for a queue that is away, as long as it takes; may reject for other reasons. */
  push(entry: QueueEntry, delayMs: number): Promise<void>;
  close(): Promise<void>;
}
