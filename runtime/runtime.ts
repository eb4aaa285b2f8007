/**
 * The door of the kernel: open it over a roster, a store and ports, then ask and tell. Answers to `ask` leave only when
 * everything they may tell of is durable.
 */
import type { SupervisorSpec } from './agent.ts';
import { AskError } from './asks.ts';
import { Boot } from './boot.ts';
import { BOUNDS } from './bounds.ts';
import { Cell } from './cell.ts';
import { Kernel, type KernelState } from './kernel.ts';
import { letterTo } from './letter.ts';
import { type Hooks, LifeManager } from './lives.ts';
import type { Envelope, JournalRecord, Message, MessageCatalog } from './message.ts';
import type { RuntimePorts } from './ports.ts';
import type { Projector } from './projector.ts';
import { Recovery } from './recovery.ts';
import type { Sender } from './requests.ts';
import { agentChildren, checkEffects } from './roster.ts';
import type { Store } from './store.ts';
import { isStorable } from './text.ts';

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

export interface AskOptions extends Sender {
  readonly deadlineMs?: number;
  /** The asker has gone. */
  readonly signal?: AbortSignal;
}

export class Runtime {
  private readonly kernel: Kernel;
  private readonly boot: Boot;
  private readonly lives: LifeManager;
  private readonly recovery: Recovery;
  private readonly closed: Promise<void>;
  private signalClosed!: () => void;

  constructor(private readonly options: RuntimeOptions) {
    const { roster, catalog, store, ports, projector = noProjector, hooks } = options;
    const children = agentChildren(roster);
    for (const { agent } of children) checkEffects(agent, catalog);
    const cells = children.map((child) => new Cell(child));
    this.kernel = new Kernel(cells, catalog, store, projector, ports);
    const boot = new Boot(this.kernel);
    this.boot = boot;
    const all: Hooks = { rootFailed: () => undefined, down: () => undefined, latched: () => undefined, ...hooks };
    this.recovery = new Recovery(this.kernel, boot, projector, all);
    this.lives = new LifeManager(this.kernel, boot, all, (reason) => this.recovery.giveUp(reason), roster);
    this.recovery.lives = this.lives;
    this.kernel.lives = this.lives;
    this.kernel.recovery = this.recovery;
    this.kernel.router.check();
    this.closed = new Promise((resolve) => {
      this.signalClosed = resolve;
    });
  }

  /**
   * Becomes the writer, moves the epoch, loads what has not ended, goes on. Throws when the store refuses. `before` runs while nothing
   * does: it may ask for the stored state of a durable agent, and publish what those who wake up will see.
   */
  async start(before?: (stateOf: (agent: string) => Promise<unknown>) => Promise<void>): Promise<void> {
    await this.options.store.open(this.options.world);
    if (before) await before((agent) => this.boot.stateOf(agent));
    await this.recovery.start(await this.options.store.takeEpoch());
  }

  /** Resolves with the declared reply once it is durable; rejects with AskError. */
  async ask<R extends Message>(message: Message, options: AskOptions = NO_OPTIONS): Promise<R> {
    if (!isPlain(options)) throw new AskError('refused', 'the sender holds NUL or a lone surrogate');
    const { deadlineMs = BOUNDS.askDeadlineMs, signal } = options;
    return (await this.kernel.requests.ask(message, options, deadlineMs, signal)) as R;
  }

  /** False: refused; nothing has happened. A control message is taken also while the database is away, and told first afterwards. */
  tell(message: Message, sender: Sender = {}): boolean {
    const { kernel } = this;
    if (!isPlain(sender)) return false;
    const route = kernel.router.of(message.type);
    const letter = letterTo(route.receiver?.address ?? '', message, sender);
    if (kernel.state === 'running') return kernel.post.send(letter, route);
    return kernel.state === 'recovering' && route.entry.control === true && this.recovery.latch(letter);
  }

  /** News of a port; false only while the agent can't take any, and then the port tells again. */
  deliver(message: Message): boolean {
    const { kernel } = this;
    const { receiver } = kernel.router.of(message.type);
    if (kernel.state !== 'running' || !receiver) return false;
    return kernel.post.deliver(receiver, letterTo(receiver.address, message));
  }

  /** Market data: the newest of `key` for everybody, a turn for observers. */
  publish(message: Message, key: string): void {
    const { state, post } = this.kernel;
    if (state === 'running' || state === 'starting') post.publish(message, key);
  }

  latest(type: string, key: string): Message | undefined {
    return this.kernel.post.latest(type, key);
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

  /** Every message but facts as it reaches an agent, or leaves one for outside. For who looks on: nothing waits for it, and it must not throw. */
  onDelivered(look: (envelope: Envelope) => void): void {
    this.kernel.delivered = look;
  }

  /** How long turns take, in milliseconds: of `BOUNDS.turnsPerTiming` turns one is told. For who looks on, as above. */
  onTurnTimed(look: (agent: string, ms: number) => void): void {
    this.kernel.timing.look = look;
  }

  get state(): KernelState {
    return this.kernel.state;
  }

  /** Does what happens become durable? From a lost commit on it is unknown until one has landed, also while agents run again. */
  get commitsLand(): boolean {
    return this.state === 'running' && !this.recovery.isUnproven;
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
      kernel.cells.every((cell) => cell.status !== 'running' || !(cell.hasWork() || cell.reading))
    );
  }

  stats(): {
    readonly agents: readonly AgentStats[];
    readonly groups: number;
    readonly turns: number;
    readonly deadLetters: ReadonlyMap<string, number>;
    readonly timers: number;
    readonly asks: number;
    readonly effects: number;
  } {
    const { cells, journal, turns, deadLetters, deadlines, requests, effects } = this.kernel;
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
      deadLetters: deadLetters.counts,
      timers: deadlines.timers.live,
      asks: requests.waiting.size,
      effects: effects.running,
    };
  }

  /** State of one entity as its agent holds it, for invariants and operators; never to be changed. */
  peek(agent: string, entity?: string): unknown {
    const cell = this.kernel.cell(agent);
    return entity === undefined ? cell?.single.state : cell?.entity(entity)?.state;
  }

  entities(agent: string): readonly string[] {
    return [...(this.kernel.cell(agent)?.entities.keys() ?? [])];
  }

  /** Resolves once nothing waits, runs, or is uncommitted. */
  async settled(): Promise<void> {
    while (!this.idle && this.kernel.state === 'running') await this.options.ports.scheduler.pause();
  }

  /** Resolves once everything recorded so far is durable; rejects when it is lost, or when nothing can be recorded. */
  durable(): Promise<void> {
    const { journal } = this.kernel;
    return new Promise((resolve, reject) => {
      const lost = (): void => reject(new AskError('unavailable', 'what was recorded last is lost'));
      if (journal.stopped) lost();
      else journal.hold(resolve, lost);
    });
  }

  /** Records a fact of the house itself when nobody else can any more (the root has given up); resolves once it is durable. */
  lastWords(fact: Message): Promise<void> {
    const { journal, cells, speech } = this.kernel;
    return new Promise((resolve, reject) => {
      const lost = (): void => reject(new Error('the last words were lost'));
      if (journal.stopped) return lost();
      speech.note(cells[0]!, fact);
      journal.hold(resolve, lost);
      journal.flush();
    });
  }

  /** A named person lets an agent that stayed down try its fact again, or skip it. */
  revisit(agent: string, how: 'retry' | 'skip', by: string): boolean {
    return this.lives.revisit(agent, how, by);
  }

  /** Refuses new requests, finishes what is under way up to `deadlineMs`, commits, releases the store. */
  async stop(deadlineMs: number): Promise<void> {
    const { kernel } = this;
    if (kernel.state === 'running') kernel.state = 'stopping';
    const until = kernel.ports.clock.monotonic() + deadlineMs;
    while (!this.idle && kernel.ports.clock.monotonic() < until && kernel.state === 'stopping') {
      const tick = new Promise<void>((resolve) => kernel.backoff.set(kernel.backoff.now() + 5, resolve));
      await Promise.race([tick, this.closed]);
    }
    this.close();
    await this.options.store.close();
  }

  /** Drops everything at once, as the death of the process would; the store stays as it is. */
  close(): void {
    const { kernel } = this;
    kernel.state = 'stopped';
    kernel.journal.abandon();
    this.recovery.stopAll();
    kernel.deadlines.timers.clear();
    kernel.requests.failAll('the house has stopped', true);
    kernel.backoff.clear();
    this.signalClosed();
  }
}

const NO_OPTIONS: AskOptions = {};

const isPlain = ({ principal, correlationId }: Sender): boolean =>
  (principal === undefined || isStorable(principal)) && (correlationId === undefined || isStorable(correlationId));
