/**
 * What is durable in the in-memory twin: it outlives the store that writes it, as a disk outlives a process. One writer at a time; a
 * simulated crash takes the lock away, and a late commit of the dead writer is refused.
 */
import type { TableName, Tables } from '../../projections/rows.ts';
import type { CursorRow, EffectRow, EntityRow, Head, StoredRecord } from '../../runtime/store.ts';
import type { RunOutputDisk } from './run-outputs.ts';
import type { SeriesDisk } from './series.ts';

export type StoredTables = { readonly [T in TableName]: Map<string, Tables[T]> };

export class MemoryDisk {
  head: Head | undefined;
  /** The table of records: what retention has not moved. */
  readonly records: StoredRecord[] = [];
  readonly archived: StoredRecord[] = [];
  /** By agent, then by entity. */
  readonly rows = new Map<string, Map<string, EntityRow>>();
  readonly cursors = new Map<string, CursorRow>();
  /** By agent, then by sequence. */
  readonly effects = new Map<string, Map<number, EffectRow>>();
  readonly tables: StoredTables = {
    accounts: new Map(),
    traders: new Map(),
    orders: new Map(),
    approvals: new Map(),
    halts: new Map(),
    fills: new Map(),
    ledger: new Map(),
    positions: new Map(),
    usage: new Map(),
    tasks: new Map(),
    runs: new Map(),
  };
  readonly series: SeriesDisk = new Map();
  readonly outputs: RunOutputDisk = new Map();
  private writer: string | undefined;
  private writers = 0;

  /** Gives the lock to a new writer and returns its name. */
  lock(): string {
    if (this.writer !== undefined) throw new Error(`the memory is in use by ${this.writer}`);
    this.writers += 1;
    this.writer = `writer ${this.writers}`;
    return this.writer;
  }

  isHeldBy(writer: string | undefined): boolean {
    return writer !== undefined && this.writer === writer;
  }

  unlock(writer: string | undefined): void {
    if (this.isHeldBy(writer)) this.writer = undefined;
  }

  /** The process that wrote is dead. */
  crash(): void {
    this.writer = undefined;
  }
}
