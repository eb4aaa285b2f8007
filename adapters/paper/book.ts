/**
 * What the paper venue remembers, on disk. Invariant: an answer never leaves before the change it tells is in the log (and
 * synced, unless asked not to); one sync is in flight, and all changes that wait share the next one.
 */
import { type FileHandle, mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { PaperOrder } from './matching.ts';

export interface PaperBook {
  /** The newest state of each order, in the order of first acceptance. */
  readonly orders: ReadonlyMap<string, PaperOrder>;
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
  return {
    orders,
    async put(state) {
      orders.set(state.order.clientOrderId, state);
    },
    settled: async () => {},
    close: async () => {},
  };
}

export async function openBook(options: BookOptions): Promise<PaperBook> {
  const { path } = options;
  await mkdir(dirname(path), { recursive: true });
  const orders = new Map<string, PaperOrder>();
  const file = await open(path, 'a+');
  try {
    const lines = await load(file, path, orders);
    return new BookFile(options, orders, file, lines);
  } catch (error) {
    await file.close();
    throw error;
  }
}

class BookFile implements PaperBook {
  private compactAtLines: number;
  private gathered: string[] = [];
  /** The last write that was asked for; once one fails, all later ones fail with it. */
  private last: Promise<void> = Promise.resolve();
  private waiting: Promise<void> | undefined;

  constructor(
    private readonly options: BookOptions,
    readonly orders: Map<string, PaperOrder>,
    private file: FileHandle,
    private lines: number,
  ) {
    this.compactAtLines = 2 * orders.size + COMPACT_BEYOND_LINES;
  }

  put(state: PaperOrder): Promise<void> {
    this.orders.set(state.order.clientOrderId, state);
    this.gathered.push(lineOf(state));
    return this.nextGroup();
  }

  settled(): Promise<void> {
    return this.last;
  }

  async close(): Promise<void> {
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
    await this.file.appendFile(group.join(''));
    if (this.options.sync === 'fdatasync') await this.file.datasync();
    this.lines += group.length;
    if (this.lines > this.compactAtLines) await this.compact();
  }

  /** What was put but not yet written is in `orders`, so it is written here and once more behind it, to no harm. */
  private async compact(): Promise<void> {
    const { path, endedMax = ENDED_MAX } = this.options;
    forgetEnded(this.orders, endedMax);
    const next = await open(`${path}.next`, 'w');
    await next.appendFile([...this.orders.values()].map(lineOf).join(''));
    await next.sync();
    await next.close();
    await rename(`${path}.next`, path);
    await syncFolder(dirname(path));
    await this.file.close();
    this.file = await open(path, 'a+');
    this.lines = this.orders.size;
    this.compactAtLines = 2 * this.lines + COMPACT_BEYOND_LINES;
  }
}

const lineOf = (state: PaperOrder): string => `${JSON.stringify(state)}\n`;

/** Reads the log; a torn last line (a write that was cut) is cut off, any other unreadable line refuses the start. */
async function load(file: FileHandle, path: string, orders: Map<string, PaperOrder>): Promise<number> {
  const content = await file.readFile('utf8');
  const end = content.lastIndexOf('\n') + 1;
  if (end < content.length) await file.truncate(Buffer.byteLength(content.slice(0, end)));
  const lines = content.slice(0, end).split('\n').slice(0, -1);
  for (const [index, line] of lines.entries()) {
    try {
      const state = JSON.parse(line) as PaperOrder;
      orders.set(state.order.clientOrderId, state);
    } catch (error) {
      throw new Error(`paper book ${path}: line ${index + 1} is not an order`, { cause: error });
    }
  }
  return lines.length;
}

function forgetEnded(orders: Map<string, PaperOrder>, endedMax: number): void {
  let ended = 0;
  for (const state of orders.values()) if (state.status !== 'accepted') ended += 1;
  for (const [id, state] of orders) {
    if (ended <= endedMax) return;
    if (state.status === 'accepted') continue;
    orders.delete(id);
    ended -= 1;
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
