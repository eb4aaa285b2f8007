/**
 * Fetches facts for an agent whose lane does not reach to the head: it was away, or too many came at once. They come from memory or from
 * pages of the table, in order and without a gap, and until they are read the agent takes nothing from its mailbox.
 */
import { BOUNDS } from './bounds.ts';
import type { Cell } from './cell.ts';
import type { KeptRecord } from './group.ts';
import type { Kernel } from './kernel.ts';
import type { Message, MessageCatalog } from './message.ts';
import type { StoredRecord } from './store.ts';
import { readTable } from './table-reads.ts';

/** A stored record with its message, brought up to the present version. */
export function parseRecord(catalog: MessageCatalog, stored: StoredRecord): KeptRecord {
  const message = messageOf(catalog, stored);
  return { ...stored, message, fault: faultOf(catalog, message) };
}

/** What the journal says is read as carefully as what comes from outside: it may be older than this build, or changed by hand. */
function faultOf(catalog: MessageCatalog, message: Message): string | undefined {
  const problem = catalog.problem?.(message);
  return problem === undefined ? undefined : `${message.type} in the journal is not what its schema says: ${problem}`;
}

function messageOf(catalog: MessageCatalog, { type, version, payload }: StoredRecord): Message {
  return Object.freeze(catalog.upcast(type, version, JSON.parse(payload) as Message));
}

/** A stored record that perhaps nobody wants: its text is read when its message is asked for. */
export class UnreadRecord implements KeptRecord {
  readonly sequence: number;
  readonly epoch: number;
  readonly recordedAt: number;
  readonly type: string;
  readonly payload: string;
  readonly source: string;
  readonly causationId: number;
  readonly correlationId: string;
  readonly principal: string;
  readonly version: number;
  readonly hash: string;
  private read: Message | undefined;

  constructor(
    private readonly catalog: MessageCatalog,
    stored: StoredRecord,
  ) {
    this.sequence = stored.sequence;
    this.epoch = stored.epoch;
    this.recordedAt = stored.recordedAt;
    this.type = stored.type;
    this.payload = stored.payload;
    this.source = stored.source;
    this.causationId = stored.causationId;
    this.correlationId = stored.correlationId;
    this.principal = stored.principal;
    this.version = stored.version;
    this.hash = stored.hash;
  }

  get message(): Message {
    this.read ??= messageOf(this.catalog, this);
    return this.read;
  }

  get fault(): string | undefined {
    return faultOf(this.catalog, this.message);
  }
}

export class CatchUp {
  constructor(private readonly kernel: Kernel) {}

  /** Fills an empty lane; false while a page is on its way. */
  read(cell: Cell): boolean {
    if (cell.reading) return false;
    const recent = this.kernel.journal.recentAfter(cell.readThrough!);
    if (!recent) {
      this.page(cell);
      return false;
    }
    this.fill(cell, recent);
    return true;
  }

  private fill(cell: Cell, records: readonly KeptRecord[]): void {
    const wanted = new Set(cell.definition.reads);
    cell.readThrough = undefined;
    for (const record of records) {
      if (!wanted.has(record.type)) continue;
      if (cell.facts.length >= BOUNDS.factBacklog) {
        cell.readThrough = record.sequence - 1;
        return;
      }
      cell.facts.push(record);
    }
  }

  private page(cell: Cell): void {
    const { kernel } = this;
    const after = cell.readThrough!;
    cell.reading = true;
    void readTable(kernel, cell, {
      unreadable: 'journal.unreadable',
      ask: () => kernel.store.records(after, BOUNDS.recordsPage),
      take: (page) => {
        cell.reading = false;
        const last = page[page.length - 1];
        if (!last) throw new Error(`Invariant: the journal ends at ${after}, its head says ${kernel.journal.head}`);
        const wanted = new Set(cell.definition.reads);
        // All or none: a record that can't be read must not leave half a page behind.
        const facts = page.filter(({ type }) => wanted.has(type)).map((stored) => parseRecord(kernel.catalog, stored));
        for (const fact of facts) cell.facts.push(fact);
        cell.readThrough = last.sequence;
      },
    });
  }
}
