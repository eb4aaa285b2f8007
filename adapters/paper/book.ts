/**
 * What the paper venue remembers, on disk. Invariant: an answer never leaves before the change it tells is in the log (and
 * synced, unless asked not to); one sync is in flight, and all changes that wait share the next one.
 */
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type CarriedPosition, Holdings } from './holdings.ts';
import type { PaperOrder } from './matching.ts';
import { lineOf, Rewriting } from './rewriting.ts';

export interface PaperBook {
  /** The newest state of each order, in the order of first acceptance. */
  readonly orders: ReadonlyMap<string, PaperOrder>;
  /** What orders that have left the book had made of the positions. */
  carried(): Iterable<CarriedPosition>;
  /** Remembers a change at once; resolves when it is durable. Rejects when it may not be: then the book takes no more. */
  put(state: PaperOrder): Promise<void>;
  /** Resolves when everything remembered so far is durable. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export interface BookOptions {
  readonly path: string;
  /** `none`: survives the death of the process, not the loss of power. */
  readonly sync: 'fdatasync' | 'none';
  /** Ended orders beyond this many leave at the next compaction, oldest first. Open orders never leave. */
  readonly endedMax?: number;
}

const ENDED_MAX = 100_000;
const COMPACT_BEYOND_LINES = 10_000;

/** A book without a disk, for tests and simulated worlds. */
export function memoryBook(): PaperBook {
  const orders = new Map<string, PaperOrder>();
  const settled = Promise.resolve();
  return {
    orders,
    carried: () => [],
    put(state) {
      orders.set(state.order.clientOrderId, state);
      return settled;
    },
    settled: () => settled,
    close: async () => {},
  };
}

export async function openBook(options: BookOptions): Promise<PaperBook> {
  const { path } = options;
  await mkdir(dirname(path), { recursive: true });
  const orders = new Map<string, PaperOrder>();
  const file = await openLog(options);
  try {
    const { lines, carried } = await load(file, path, orders);
    return new BookFile(options, orders, new Holdings(carried), file, lines);
  } catch (error) {
    await file.close();
    throw error;
  }
}

class BookFile implements PaperBook {
  private compactAtLines: number;
  private gathered: PaperOrder[] = [];
  /** The last write that was asked for; once one fails, all later ones fail with it. */
  private last: Promise<void> = Promise.resolve();
  private waiting: Promise<void> | undefined;
  private rewriting: Rewriting | undefined;
  /** Resolves when a compaction has nothing left but its place among the writes. */
  private compacting: Promise<void> | undefined;

  constructor(
    private readonly options: BookOptions,
    readonly orders: Map<string, PaperOrder>,
    /** What the orders that have left had made of the positions. */
    private readonly left: Holdings,
    private file: FileHandle,
    private lines: number,
  ) {
    this.compactAtLines = compactionDue(orders.size);
  }

  carried(): Iterable<CarriedPosition> {
    return this.left.carried();
  }

  put(state: PaperOrder): Promise<void> {
    this.orders.set(state.order.clientOrderId, state);
    this.gathered.push(state);
    return this.nextGroup();
  }

  settled(): Promise<void> {
    return this.last;
  }

  async close(): Promise<void> {
    await this.compacting;
    await this.last.finally(() => this.file.close());
  }

  /** The write that takes everything gathered until it begins. */
  private nextGroup(): Promise<void> {
    if (this.waiting) return this.waiting;
    this.last = this.last.then(() => this.writeGroup());
    this.waiting = this.last;
    return this.waiting;
  }

  private async writeGroup(): Promise<void> {
    this.waiting = undefined;
    const group = this.gathered;
    this.gathered = [];
    const text = group.map(lineOf).join('');
    await this.file.appendFile(text);
    this.lines += group.length;
    this.rewriting?.also(text);
    if (!this.rewriting && this.lines > this.compactAtLines) this.considerCompaction();
  }

  /** A log that would stay as long as it is, or half as long, is not written again. */
  private considerCompaction(): void {
    const { endedMax = ENDED_MAX } = this.options;
    const ended = countEnded(this.orders);
    this.compactAtLines = compactionDue(this.orders.size - Math.max(0, ended - endedMax));
    if (this.lines > this.compactAtLines) this.beginCompaction(endedMax);
  }

  /**
   * What was put but not yet written is in `orders`, so it is written here and once more behind it, to no harm: such an order never
   * leaves in the same step, or its fills would be counted twice.
   */
  private beginCompaction(endedMax: number): void {
    const unwritten = new Set(this.gathered.map(({ order }) => order.clientOrderId));
    for (const state of forgetEnded(this.orders, endedMax, unwritten)) this.left.book(state);
    const carried = [...this.left.carried()].map((position) => `${JSON.stringify({ carried: position })}\n`);
    const rewriting = new Rewriting(this.options.path, carried.join(''), [...this.orders.values()]);
    this.rewriting = rewriting;
    this.lines = this.orders.size;
    const finish = (): void => {
      this.last = this.last.then(() => this.finishCompaction(rewriting));
      // A put that follows hears of it.
      this.last.catch(() => {});
    };
    this.compacting = rewriting.nearlyDone().then(finish, finish);
  }

  /** One of the writes, so that none is under way. */
  private async finishCompaction(rewriting: Rewriting): Promise<void> {
    await rewriting.finish();
    await this.file.close();
    this.file = await openLog(this.options);
    this.rewriting = undefined;
    this.compactAtLines = compactionDue(this.orders.size);
  }
}

/** At how many lines a log is most likely worth being written again, when so many orders would stay. */
const compactionDue = (kept: number): number => 2 * kept + COMPACT_BEYOND_LINES;

/** Opened so that a write ends when its data are on the disk: one way through the thread pool instead of two, for a write and then for its sync. */
function openLog({ path, sync }: BookOptions): Promise<FileHandle> {
  const { O_APPEND, O_CREAT, O_RDWR, O_DSYNC } = constants;
  return open(path, O_APPEND | O_CREAT | O_RDWR | (sync === 'fdatasync' ? O_DSYNC : 0));
}

interface Loaded {
  readonly lines: number;
  readonly carried: readonly CarriedPosition[];
}

/** Reads the log; a torn last line (a write that was cut) is cut off, any other unreadable line refuses the start. */
async function load(file: FileHandle, path: string, orders: Map<string, PaperOrder>): Promise<Loaded> {
  const content = await file.readFile('utf8');
  const end = content.lastIndexOf('\n') + 1;
  if (end < content.length) await file.truncate(Buffer.byteLength(content.slice(0, end)));
  const lines = content.slice(0, end).split('\n').slice(0, -1);
  const carried: CarriedPosition[] = [];
  for (const [index, line] of lines.entries()) {
    try {
      const entry = JSON.parse(line) as PaperOrder | { readonly carried: CarriedPosition };
      if ('carried' in entry) carried.push(entry.carried);
      else orders.set(entry.order.clientOrderId, entry);
    } catch (error) {
      throw new Error(`paper book ${path}: line ${index + 1} is not an order`, { cause: error });
    }
  }
  return { lines: lines.length, carried };
}

function countEnded(orders: ReadonlyMap<string, PaperOrder>): number {
  let ended = 0;
  for (const { status } of orders.values()) if (status !== 'accepted') ended += 1;
  return ended;
}

/** Which ended orders leave, oldest first; those in `kept` never do. */
function forgetEnded(orders: Map<string, PaperOrder>, endedMax: number, kept: ReadonlySet<string>): PaperOrder[] {
  const left: PaperOrder[] = [];
  let ended = countEnded(orders);
  for (const [id, state] of orders) {
    if (ended <= endedMax) return left;
    if (state.status === 'accepted' || kept.has(id)) continue;
    orders.delete(id);
    left.push(state);
    ended -= 1;
  }
  return left;
}
