/**
 * What an agent needs from a table before it goes on. A database that is away is asked again, later each time; an answer for an earlier life
 * of the agent is nobody's; one that the agent can't take in is a crash of its own.
 */
import { BOUNDS } from './bounds.ts';
import type { Cell } from './cell.ts';
import type { Kernel } from './kernel.ts';

export interface TableRead<T> {
  /** What the log says of a database that refuses it. */
  readonly unreadable: string;
  ask(): Promise<T>;
  take(answer: T): void;
}

export async function readTable<T>(
  kernel: Kernel,
  cell: Cell,
  read: TableRead<T>,
  retryMs: number = BOUNDS.reconnectMinMs,
): Promise<void> {
  const { life } = cell;
  let answer: T;
  try {
    answer = await read.ask();
  } catch (error) {
    kernel.ports.log.warn(read.unreadable, { agent: cell.address, reason: String(error), retryMs });
    kernel.backoff.set(kernel.backoff.now() + retryMs, () => {
      if (cell.life === life) void readTable(kernel, cell, read, Math.min(retryMs * 2, BOUNDS.reconnectMaxMs));
    });
    return;
  }
  if (cell.life !== life || cell.status !== 'running') return;
  try {
    read.take(answer);
  } catch (error) {
    kernel.lives.crashed(cell, undefined, error);
  }
  kernel.enqueue(cell);
}
