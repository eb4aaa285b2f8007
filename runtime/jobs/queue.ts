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

/** Resolves when the job needs no worker any more, for whatever reason. `takeOver`: whoever had it before is dead. */
export type HandleEntry = (id: string, takeOver: boolean) => Promise<void>;

/** A worker's end of a queue: it is handed entries, some of them more than once. */
export interface QueueServer {
  /** Whether the queue has answered lately. */
  readonly reachable: boolean;
  /** Takes no more entries, and resolves when those in hand are done. */
  close(): Promise<void>;
}
