/** A runtime over simulated ports for tests: one clock to move, one disk that outlives crashes, and a settle that waits for quiet. */
import type { AgentDefinition, SupervisorSpec } from '../agent.ts';
import { RUNTIME_MESSAGES } from '../lifecycle.ts';
import type { JournalRecord, Message, MessageCatalog, MessageEntry } from '../message.ts';
import { Runtime, type RuntimeOptions } from '../runtime.ts';
import { SimulatedClock } from '../simulated/clock.ts';
import { silentLog } from '../simulated/log.ts';
import { seededIds, seededRandom, seededScheduler } from '../simulated/random.ts';
import { Disk, MemoryStore } from '../simulated/store.ts';

export const catalogOf = (entries: readonly MessageEntry[], checks: WorldOptions['checks'] = {}): MessageCatalog => {
  const all = new Map([...RUNTIME_MESSAGES, ...entries].map((entry) => [entry.type, entry]));
  return {
    entry(type) {
      const entry = all.get(type);
      if (!entry) throw new Error(`unknown message type ${type}`);
      return entry;
    },
    upcast: (_type, _version, payload) => payload,
    ...checks,
  };
};

export const oneForOne = (agents: readonly AgentDefinition[], max = 10): SupervisorSpec => ({
  name: 'root',
  strategy: 'one-for-one',
  intensity: { max, periodMs: 5_000 },
  children: agents.map((agent) => ({ agent })),
});

export interface WorldOptions {
  readonly entries: readonly MessageEntry[];
  readonly roster: SupervisorSpec;
  /** What messages have to be, and whether each fact is held against it. */
  readonly checks?: Pick<MessageCatalog, 'problem' | 'checksEachFact'>;
  readonly seed?: string;
  readonly disk?: Disk;
  readonly clock?: SimulatedClock;
  readonly store?: RuntimeOptions['store'];
  readonly requestsPerDrain?: number;
  readonly hooks?: RuntimeOptions['hooks'];
  readonly projector?: RuntimeOptions['projector'];
}

export class World {
  readonly clock: SimulatedClock;
  readonly disk: Disk;
  readonly runtime: Runtime;
  readonly records: JournalRecord[] = [];

  constructor(options: WorldOptions) {
    this.clock = options.clock ?? new SimulatedClock(1_000_000);
    this.disk = options.disk ?? new Disk();
    const random = seededRandom(options.seed ?? 'test');
    this.runtime = new Runtime({
      roster: options.roster,
      catalog: catalogOf(options.entries, options.checks),
      store: options.store ?? new MemoryStore(this.disk),
      world: 'simulated:test',
      ports: {
        clock: this.clock,
        random: random.fork('kernel'),
        ids: seededIds(random.fork('ids'), () => this.clock.wallNow()),
        scheduler: {
          ...seededScheduler(random.fork('pick')),
          ...(options.requestsPerDrain && { requestsPerDrain: options.requestsPerDrain }),
        },
        log: silentLog,
      },
      ...(options.hooks ? { hooks: options.hooks } : {}),
      ...(options.projector ? { projector: options.projector } : {}),
    });
    this.runtime.onCommitted((record) => this.records.push(record));
  }

  async start(): Promise<this> {
    await this.runtime.start();
    await this.settle();
    return this;
  }

  /** Until nothing moves without the clock. */
  async settle(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Moves the clock timer by timer and settles after each. */
  async advance(ms: number): Promise<void> {
    // What was told just now happens before time moves.
    await this.settle();
    const until = this.clock.marketNow() + ms;
    while (this.clock.step(until)) await this.settle();
    await this.settle();
  }

  types(): string[] {
    return this.records.map(({ message }) => message.type);
  }

  /** Facts of one type. */
  of<M extends Message>(type: M['type']): M[] {
    return this.records.filter(({ message }) => message.type === type).map(({ message }) => message as M);
  }

  /** The process dies: what is not on the disk is gone. */
  crash(): void {
    this.runtime.close();
    this.disk.writer = undefined;
  }
}
