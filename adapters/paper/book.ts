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

export async function openBook({ path, sync, endedMax = ENDED_MAX }: BookOptions): Promise<PaperBook> {
  await mkdir(dirname(path), { recursive: true });
  const orders = new Map<string, PaperOrder>();
  let file = await open(path, 'a+');
  let lines = await load(file, path, orders).catch(async (error: unknown) => {
    await file.close();
    throw error;
  });
  let compactAtLines = 2 * orders.size + COMPACT_BEYOND_LINES;
  let gathered: string[] = [];
  /** The last write that was asked for; once one fails, all later ones fail with it. */
  let last: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | undefined;

  /** What was put but not yet written is in `orders`, so it is written here and once more behind it, to no harm. */
  async function compact(): Promise<void> {
    forgetEnded(orders, endedMax);
    const next = await open(`${path}.next`, 'w');
    await next.appendFile([...orders.values()].map(lineOf).join(''));
    await next.sync();
    await next.close();
    await rename(`${path}.next`, path);
    await syncFolder(dirname(path));
    await file.close();
    file = await open(path, 'a+');
    lines = orders.size;
    compactAtLines = 2 * lines + COMPACT_BEYOND_LINES;
  }

  async function writeGroup(): Promise<void> {
    waiting = undefined;
    const group = gathered;
    gathered = [];
    await file.appendFile(group.join(''));
    if (sync === 'fdatasync') await file.datasync();
    lines += group.length;
    if (lines > compactAtLines) await compact();
  }

  /** The write that takes everything gathered until it begins. */
  function nextGroup(): Promise<void> {
    if (waiting) return waiting;
    last = last.then(writeGroup);
    waiting = last;
    return waiting;
  }

  if (lines > compactAtLines) await compact();
  return {
    orders,
    put(state) {
      orders.set(state.order.clientOrderId, state);
      gathered.push(lineOf(state));
      return nextGroup();
    },
    settled: () => last,
    async close() {
      await last.finally(() => file.close());
    },
  };
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
