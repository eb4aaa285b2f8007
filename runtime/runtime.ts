/**
 * The door of the kernel: open it over a roster, a store and ports, then ask and tell. Answers to `ask` leave only when
 * everything they may tell of is durable.
 */
import { agentChildren } from './roster.ts';
import type { SupervisorSpec } from './agent.ts';
import { Boot } from './boot.ts';
import { BOUNDS } from './bounds.ts';
import { Cell, letterTo } from './cell.ts';
import type { Projector } from './journal.ts';
import { Kernel, type KernelState, type Sender } from './kernel.ts';
import { type Hooks, LifeManager } from './lives.ts';
import type { JournalRecord, Message, MessageCatalog } from './message.ts';
import type { RuntimePorts } from './ports.ts';
import type { Store } from './store.ts';
import { DEFAULT_SHUTDOWN_MS } from './supervision.ts';

export interface RuntimeOptions {
  readonly roster: SupervisorSpec;
  readonly catalog: MessageCatalog;
  readonly store: Store;
  /** `live`, `simulated:<seed>` or `replay:<file hash>`; a store of another world refuses. */
  readonly world: string;
  readonly ports: RuntimePorts;
  readonly projector?: Projector;
  readonly hooks?: Partial<Hooks>;
}

export interface AgentStats {
  readonly address: string;
  readonly status: Cell['status'];
  readonly mailbox: number;
  readonly facts: number;
  readonly entities: number;
  readonly turns: number;
  readonly restarts: number;
}

const noProjector: Projector = {
  apply: () => [],
  publish: () => undefined,
  discard: () => undefined,
  load: async () => undefined,
};

export class Runtime {
  private readonly kernel: Kernel;
  private readonly lives: LifeManager;
  private readonly boot: Boot;

  constructor(private readonly options: RuntimeOptions) {
    const { roster, catalog, store, ports, projector = noProjector, hooks } = options;
    const cells = agentChildren(roster).map(
      ({ agent, shutdownMs }) => new Cell(agent, shutdownMs ?? DEFAULT_SHUTDOWN_MS),
    );
    this.kernel = new Kernel(cells, catalog, store, projector, ports);
    this.boot = new Boot(this.kernel, store, catalog);
    const all: Hooks = { rootFailed: () => undefined, down: () => undefined, latched: () => undefined, ...hooks };
    this.lives = new LifeManager(this.kernel, this.boot, store, projector, all, roster);
    this.kernel.lives = this.lives;
    this.kernel.router.check();
  }

  /** Becomes the writer, moves the epoch, loads what has not ended, goes on. Throws when the store refuses. */
  async start(): Promise<void> {
    await this.options.store.open(this.options.world);
    await this.lives.start(await this.options.store.takeEpoch());
  }

  /** Resolves with the declared reply once it is durable; rejects with AskError. */
  ask<R extends Message>(message: Message, sender: Sender & { readonly deadlineMs?: number } = {}): Promise<R> {
    return this.kernel.ask(message, sender, sender.deadlineMs ?? BOUNDS.askDeadlineMs) as Promise<R>;
  }

  /** False: refused; nothing has happened. */
  tell(message: Message, sender: Sender = {}): boolean {
    return this.kernel.state === 'running' && this.kernel.send(letterTo(this.receiver(message.type), message, sender));
  }

  /** News of a port that must not be refused; false only while the house can't take any, and then the port tells again. */
  deliver(message: Message): boolean {
    const cell = this.kernel.cell(this.receiver(message.type));
    if (this.kernel.state !== 'running' || !cell) return false;
    this.kernel.push(cell, letterTo(cell.address, message));
    return true;
  }

  /** Market data: the newest of `key` for everybody, a turn for observers. */
  publish(message: Message, key: string): void {
    if (this.kernel.state === 'running') this.kernel.publish(message, key);
  }

  latest(type: string, key: string): Message | undefined {
    return this.kernel.latest(type, key);
  }

  /** Records in order, each after its commit and after its rows are visible. Returns an unsubscribe function. */
  onCommitted(listener: (record: JournalRecord) => void): () => void {
    this.kernel.listeners.add(listener);
    return () => this.kernel.listeners.delete(listener);
  }

  /** What is only shown: tokens, progress. */
  onShown(watcher: (message: Message) => void): () => void {
    this.kernel.watchers.add(watcher);
    return () => this.kernel.watchers.delete(watcher);
  }

  get state(): KernelState {
    return this.kernel.state;
  }

  get head(): number {
    return this.kernel.journal.head;
  }

  get watermark(): number {
    return this.kernel.journal.watermark;
  }

  /** Nothing is waiting, running or uncommitted; deadlines may be set. */
  get idle(): boolean {
    const { kernel } = this;
    return (
      kernel.journal.idle &&
      kernel.effects.running === 0 &&
      kernel.cells.every((cell) => cell.status !== 'running' || !cell.hasWork())
    );
  }

  stats(): {
    readonly agents: readonly AgentStats[];
    readonly groups: number;
    readonly turns: number;
    readonly busyMs: number;
    readonly deadLetters: ReadonlyMap<string, number>;
    readonly timers: number;
    readonly asks: number;
    readonly effects: number;
  } {
    const { cells, journal, turns, deadLetters, deadlines, asks, effects } = this.kernel;
    return {
      agents: cells.map((cell) => ({
        address: cell.address,
        status: cell.status,
        mailbox: cell.mailbox.length + cell.control.length,
        facts: cell.facts.length,
        entities: cell.entities.size,
        turns: cell.turns,
        restarts: cell.restarts,
      })),
      groups: journal.groups,
      turns,
      busyMs: this.kernel.busyMs,
      deadLetters: deadLetters.counts,
      timers: deadlines.live,
      asks: asks.size,
      effects: effects.running,
    };
  }

  /** State of one entity as its agent holds it, for invariants and operators; never to be changed. */
  peek(agent: string, entity?: string): unknown {
    const cell = this.kernel.cell(agent);
    return entity === undefined ? cell?.single.state : cell?.entities.get(entity)?.state;
  }

  entities(agent: string): readonly string[] {
    return [...(this.kernel.cell(agent)?.entities.keys() ?? [])];
  }

  /** Resolves once nothing waits, runs, or is uncommitted. */
  async settled(): Promise<void> {
    while (!this.idle && this.kernel.state === 'running') await this.options.ports.scheduler.pause();
  }

  /** Records a fact of the house itself when nobody else can any more (the root has given up); resolves once it is durable. */
  lastWords(fact: Message): Promise<void> {
    const { kernel } = this;
    const message = { ...fact, at: kernel.ports.clock.marketNow() };
    kernel.record(kernel.cells[0]!, message, JSON.stringify(message), undefined);
    return new Promise((resolve, reject) => {
      kernel.journal.hold(resolve, () => reject(new Error('the last words were lost')));
      kernel.journal.flush();
    });
  }

  /** A named person lets an agent that stayed down try its fact again, or skip it. */
  revisit(agent: string, how: 'retry' | 'skip'): boolean {
    return this.lives.revisit(agent, how);
  }

  /** Refuses new requests, finishes what is under way up to `deadlineMs`, commits, releases the store. */
  async stop(deadlineMs: number): Promise<void> {
    const { kernel } = this;
    if (kernel.state === 'running') kernel.state = 'stopping';
    const until = kernel.ports.clock.monotonic() + deadlineMs;
    while (!this.idle && kernel.ports.clock.monotonic() < until && kernel.state === 'stopping') {
      await new Promise<void>((resolve) => kernel.backoff.set(kernel.backoff.now() + 5, resolve));
    }
    this.close();
    await this.options.store.close();
  }

  /** Drops everything at once, as the death of the process would; the store stays as it is. */
  close(): void {
    const { kernel } = this;
    kernel.state = 'stopped';
    for (const cell of kernel.cells) {
      cell.status = 'stopped';
      cell.drop();
    }
    kernel.journal.abandon();
    kernel.deadlines.clear();
    kernel.backoff.clear();
    for (const ask of [...kernel.asks]) ask.fail('unavailable', 'the house has stopped');
  }

  private receiver(type: string): string {
    return this.kernel.router.of(type).receiver?.address ?? '';
  }
}
