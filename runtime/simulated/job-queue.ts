/**
 * The queue of jobs in a simulated world, both ends: it outlives its houses and workers, and misbehaves at seeded rates as a queue may
 * that is never the record. Invariants: entries with one id and turn are one entry while it waits or is in hand, unless a fault repeats
 * it; who has died is told nothing; the loss of the whole queue takes every entry with it.
 */
import type { HandleEntry, JobQueue, QueueEntry, QueueServer } from '../jobs/queue.ts';
import type { Clock, Random } from '../ports.ts';

export interface QueueFaults {
  /** Chance that an entry is taken and never seen again. */
  readonly lostRatio: number;
  /** Chance that it is handed on twice. */
  readonly duplicateRatio: number;
  /** Chance that it comes up to so much later. */
  readonly delayRatio: number;
  readonly delayMaxMs: number;
}

export const NO_QUEUE_FAULTS: QueueFaults = { lostRatio: 0, duplicateRatio: 0, delayRatio: 0, delayMaxMs: 0 };

/** Upper ends of what a world draws. */
const RANGES = { lostRatio: 0.6, duplicateRatio: 0.6, delayRatio: 0.8, delayMaxMs: 20_000 } as const;

/** Rates for one world, each off in a third of the worlds. */
export function drawQueueFaults(random: Random): QueueFaults {
  const rate = (max: number): number => {
    const [happens, how] = [random.next(), random.next()];
    return happens < 1 / 3 ? 0 : how * max;
  };
  return {
    lostRatio: rate(RANGES.lostRatio),
    duplicateRatio: rate(RANGES.duplicateRatio),
    delayRatio: rate(RANGES.delayRatio),
    delayMaxMs: Math.round(rate(RANGES.delayMaxMs)),
  };
}

export const QUEUE_FAULT_KINDS = ['queue-lost', 'queue-duplicate', 'queue-delay', 'queue-away'] as const;
export type QueueFaultKind = (typeof QUEUE_FAULT_KINDS)[number];

export interface SimulatedQueueOptions {
  readonly clock: Pick<Clock, 'monotonic' | 'at'>;
  readonly random: Random;
  readonly faults?: QueueFaults;
}

export interface ServeEntries {
  /** Entries in hand at the same time, at least 1. */
  readonly concurrency: number;
  /** How long a dead server keeps its entries. */
  readonly lockMs: number;
  readonly handle: HandleEntry;
}

export interface SimulatedServer extends QueueServer {
  /** Its process is gone: what it had in hand is given to another, once its lock has run out. */
  die(): void;
}

/** One that waits. */
interface Waiting {
  readonly key: string;
  readonly id: string;
  readonly takeOver: boolean;
  readonly dueMs: number;
}

const TRAVEL_MIN_MS = 1;
const TRAVEL_SPREAD_MS = 4;
const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

class Server implements SimulatedServer {
  /** What the queue knows to be with it: nothing, once all is lost. */
  readonly inHand = new Map<string, Waiting>();
  isDead = false;
  private busy = 0;
  private isClosed = false;
  private left: (() => void) | undefined;

  constructor(
    readonly options: ServeEntries,
    private readonly queue: { readonly reachable: boolean },
    private readonly died: (server: Server) => void,
  ) {}

  get reachable(): boolean {
    return this.queue.reachable;
  }

  get hasRoom(): boolean {
    return !this.isDead && !this.isClosed && this.busy < this.options.concurrency;
  }

  begin(entry: Waiting): void {
    this.busy += 1;
    this.inHand.set(entry.key, entry);
  }

  done(entry: Waiting): void {
    this.busy -= 1;
    if (this.inHand.get(entry.key) === entry) this.inHand.delete(entry.key);
    if (this.busy === 0) this.left?.();
  }

  close(): Promise<void> {
    this.isClosed = true;
    if (this.busy === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.left = resolve;
    });
  }

  die(): void {
    if (this.isDead) return;
    this.isDead = true;
    this.died(this);
  }
}

export class SimulatedQueue {
  readonly faultCounts: Record<QueueFaultKind, number> = {
    ...{ 'queue-lost': 0, 'queue-duplicate': 0, 'queue-delay': 0, 'queue-away': 0 },
  };
  private readonly waiting: Waiting[] = [];
  private readonly servers = new Set<Server>();
  private faults: QueueFaults;
  private awayUntilMs = Number.NEGATIVE_INFINITY;
  /** Counts what was lost as a whole: an entry of before is nobody's any more. */
  private losses = 0;

  constructor(private readonly options: SimulatedQueueOptions) {
    this.faults = options.faults ?? NO_QUEUE_FAULTS;
  }

  get reachable(): boolean {
    return this.now >= this.awayUntilMs;
  }

  /** New rates from now on. */
  setFaults(faults: QueueFaults): void {
    this.faults = faults;
  }

  /** The server of the queue dies with all that it held, and answers again from `untilMs` on; from now on, if that is over already. */
  interrupt(untilMs: number): void {
    this.faultCounts['queue-away'] += 1;
    this.losses += 1;
    this.waiting.length = 0;
    for (const server of this.servers) server.inHand.clear();
    this.awayUntilMs = Math.max(this.awayUntilMs, untilMs);
  }

  /** A house's line; `isDead`: it hears nothing any more. */
  connect(isDead: () => boolean = () => false): JobQueue {
    const queue = this;
    let isClosed = false;
    return {
      get reachable() {
        return queue.reachable;
      },
      push: async (entry, delayMs) => {
        do {
          while (!this.reachable) await this.until(this.awayUntilMs);
          await this.travel();
        } while (!this.reachable);
        if (isDead()) return never<void>();
        if (isClosed) throw new Error('the queue was closed');
        this.take(entry, delayMs);
        await this.travel();
        return isDead() ? never<void>() : undefined;
      },
      async close() {
        isClosed = true;
      },
    };
  }

  /** A worker's line: from now on it is handed entries. */
  serve(options: ServeEntries): SimulatedServer {
    if (!(options.concurrency >= 1)) throw new RangeError('a server has room for at least one entry');
    const server = new Server(options, this, (dead) => this.bury(dead));
    this.servers.add(server);
    this.pump();
    return server;
  }

  private get now(): number {
    return this.options.clock.monotonic();
  }

  /** Every rate draws, so that one rate does not shift the others. */
  private take({ id, turn, takeOver }: QueueEntry, delayMs: number): void {
    const { random } = this.options;
    const [lost, twice, late, long] = [random.next(), random.next(), random.next(), random.next()];
    const { lostRatio, duplicateRatio, delayRatio, delayMaxMs } = this.faults;
    const key = `${id} ${turn}`;
    if (this.isKnown(key)) return;
    if (lost < lostRatio) {
      this.faultCounts['queue-lost'] += 1;
      return;
    }
    const isLate = late < delayRatio && delayMaxMs > 0;
    if (isLate) this.faultCounts['queue-delay'] += 1;
    const dueMs = this.now + delayMs + (isLate ? Math.round(long * delayMaxMs) : 0);
    this.add({ key, id, takeOver, dueMs });
    if (twice >= duplicateRatio) return;
    this.faultCounts['queue-duplicate'] += 1;
    this.add({ key: `${key} again`, id, takeOver, dueMs });
  }

  private isKnown(key: string): boolean {
    return this.waiting.some((entry) => entry.key === key) || [...this.servers].some(({ inHand }) => inHand.has(key));
  }

  private add(entry: Waiting): void {
    this.waiting.push(entry);
    this.later(entry.dueMs, () => this.pump());
  }

  /** What is due, in the order in which it came, to servers in the order in which they did. */
  private pump(): void {
    for (;;) {
      const server = [...this.servers].find(({ hasRoom }) => hasRoom);
      const place = server ? this.waiting.findIndex(({ dueMs }) => dueMs <= this.now) : -1;
      const [entry] = place < 0 ? [] : this.waiting.splice(place, 1);
      if (!server || !entry) return;
      server.begin(entry);
      void this.handOver(server, entry);
    }
  }

  private async handOver(server: Server, entry: Waiting): Promise<void> {
    await this.travel();
    if (server.isDead) return;
    // Whoever fails at an entry is done with it: rows are the record.
    await server.options.handle(entry.id, entry.takeOver).catch(() => undefined);
    if (server.isDead) return;
    server.done(entry);
    this.pump();
  }

  private bury(server: Server): void {
    this.servers.delete(server);
    const { losses } = this;
    const held = [...server.inHand.values()];
    this.later(this.now + server.options.lockMs, () => {
      if (losses !== this.losses) return;
      for (const entry of held) this.add({ ...entry, takeOver: true, dueMs: this.now });
    });
  }

  private travel(): Promise<void> {
    return this.until(this.now + TRAVEL_MIN_MS + Math.floor(this.options.random.next() * TRAVEL_SPREAD_MS));
  }

  private until(dueMs: number): Promise<void> {
    return new Promise((resolve) => this.later(dueMs, resolve));
  }

  private later(dueMs: number, act: () => void): void {
    this.options.clock.at('monotonic', dueMs, act);
  }
}
