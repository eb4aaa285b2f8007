/**
 * Entities whose rows stay in their table: a start reads none of them, however many there are. Each wakes when somebody asks for it, or before
 * its first deadline is due, and is then what it would have been had it been awake all along. While a row is being read its agent takes no mail.
 */
import { BOUNDS } from './bounds.ts';
import type { Cell } from './cell.ts';
import type { Timer } from './due-queue.ts';
import { type Entity, SHARED } from './entity.ts';
import type { Kernel } from './kernel.ts';
import type { Letter } from './letter.ts';
import type { EntityRow } from './store.ts';
import { readTable, type TableRead } from './table-reads.ts';
import { isStorable } from './text.ts';

/** Who is due within this time wakes together, so that the table is seldom asked. */
const TOGETHER_MS = 60 * 60 * 1_000;
/** They wake that much before the first is due. */
const AHEAD_MS = 60_000;
/** Everybody, those too who never say when they have to wake. */
const FROM_THE_FIRST = -1;

/** What a start has read of those who sleep. */
export interface Resting {
  readonly rows: readonly EntityRow[];
  /** Whoever has to wake by then is among the rows. */
  readonly readUntil: number;
  readonly lastWakesAt: number;
}

export const mayRest = ({ definition: { keyed, reads, observes, effects } }: Cell): boolean => {
  if (!keyed?.awake) return false;
  const isMailOnly = !reads?.length && !observes && !effects && !keyed.scans && !keyed.fanOut;
  if (!isMailOnly) throw new Error('Invariant: an agent whose entities may sleep has nothing but its mail');
  return true;
};

/** Those who have to wake first. */
export async function firstOf(cell: Cell, kernel: Kernel, lastWakesAt: number): Promise<Resting> {
  return { ...(await dueAfter(cell, kernel, FROM_THE_FIRST)), lastWakesAt };
}

async function dueAfter(
  { definition }: Cell,
  { store, ports }: Kernel,
  after: number,
): Promise<Omit<Resting, 'lastWakesAt'>> {
  const until = Math.max(after, ports.clock.marketNow()) + TOGETHER_MS;
  const limit = BOUNDS.sleepersPage;
  const { address, version } = definition;
  const rows = await store.due({ agent: address, version, after, until, limit });
  return { rows, readUntil: rows.length < limit ? until : rows.at(-1)!.wakesAt! };
}

export class Sleepers {
  /** A page of the table is on its way. */
  isReading = false;
  private readUntil = FROM_THE_FIRST;
  private lastWakesAt = FROM_THE_FIRST;
  /** They will be due soon. */
  private mustWake = false;
  private alarm: Timer | undefined;
  /** Looked up last: each of them is awake, or has no row of an earlier life. */
  private known: ReadonlySet<string> = new Set();
  /** Ended in this life, and their rows may still be there. */
  private readonly leaving = new Set<string>();

  constructor(
    private readonly kernel: Kernel,
    private readonly cell: Cell,
    private readonly rouse: (row: EntityRow) => Entity,
  ) {}

  begin({ rows, readUntil, lastWakesAt }: Resting): void {
    this.lastWakesAt = lastWakesAt;
    this.wake(rows);
    this.sleepUntil(readUntil);
  }

  /** True: it is not known yet whether the entity of the next letter sleeps. Those of the letters behind are looked up with it. */
  keepsWaiting(): boolean {
    if (this.isReading) return true;
    if (this.isEmpty) return false;
    const { control, mailbox, manner } = this.cell;
    const next = control.peek() ?? mailbox.peek();
    if (!next) return false;
    const asked = new Set<string>();
    const ask = ({ entity, message }: Letter): boolean => {
      const key = entity ?? manner.keyed!.key(message);
      if (key !== undefined && this.maySleep(key)) asked.add(key);
      return asked.size >= BOUNDS.sleepersAsked;
    };
    ask(next);
    if (asked.size === 0) return false;
    mailbox.some(ask);
    const { store } = this.kernel;
    const keys = [...asked];
    this.read({
      ask: () => store.find(this.cell.address, keys),
      take: (rows) => {
        this.known = asked;
        this.wake(rows);
      },
    });
    return true;
  }

  /** It has ended; until that is durable its row says nothing any more. */
  left(key: string): void {
    if (this.isEmpty) return;
    this.leaving.add(key);
    this.kernel.journal.hold(
      () => this.leaving.delete(key),
      () => undefined,
    );
  }

  /** Their life is over: nobody of them wakes any more. */
  end(): void {
    if (this.alarm) this.kernel.deadlines.timers.cancel(this.alarm);
  }

  /** Whoever slept when this life began has woken. */
  private get isEmpty(): boolean {
    return this.readUntil >= this.lastWakesAt;
  }

  /** A key that no table takes has no row, and a question for it would never be answered. */
  private maySleep(key: string): boolean {
    const isKnown = key === SHARED || this.cell.entities.has(key) || this.known.has(key) || this.leaving.has(key);
    return !isKnown && isStorable(key);
  }

  private wake(rows: readonly EntityRow[]): void {
    for (const row of rows) if (!this.cell.entities.has(row.entity)) this.rouse(row);
  }

  private sleepUntil(readUntil: number): void {
    this.readUntil = readUntil;
    if (this.isEmpty) return;
    this.alarm = this.kernel.deadlines.timers.set(readUntil - AHEAD_MS, () => {
      this.mustWake = true;
      this.wakeNext();
    });
  }

  private wakeNext(): void {
    if (!this.mustWake || this.isReading) return;
    this.mustWake = false;
    // Their rows may still be read, though they are gone before the answer comes.
    const gone = new Set(this.leaving);
    this.read({
      ask: () => dueAfter(this.cell, this.kernel, this.readUntil),
      take: ({ rows, readUntil }) => {
        this.wake(rows.filter(({ entity }) => !gone.has(entity)));
        this.sleepUntil(readUntil);
      },
    });
  }

  private read<T>({ ask, take }: Omit<TableRead<T>, 'unreadable'>): void {
    this.isReading = true;
    void readTable(this.kernel, this.cell, {
      ...{ unreadable: 'rows.unreadable', ask },
      take: (answer: T) => {
        this.isReading = false;
        take(answer);
        this.wakeNext();
      },
    });
  }
}
