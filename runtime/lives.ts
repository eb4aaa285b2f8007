/**
 * Lives of agents: crashes, restarts, parking, and the recovery of the whole house when a commit is lost. Every decision is a
 * fact; a crash leaves no timer, promise or subscription behind.
 */
import type { AgentChild, SupervisorSpec } from './agent.ts';
import type { Boot } from './boot.ts';
import { BOUNDS } from './bounds.ts';
import { type Cell, type Letter, letterTo } from './cell.ts';
import type { Kernel, Lives } from './kernel.ts';
import type { AgentLifecycle } from './lifecycle.ts';
import type { Projector } from './journal.ts';
import type { CommitError, Head, Store } from './store.ts';
import {
  type AgentNode,
  agentsOf,
  buildTree,
  decide,
  DEFAULT_SHUTDOWN_MS,
  type Node,
  type SupervisorNode,
} from './supervision.ts';
import type { Message } from './message.ts';

/** What the product does about decisions that are not the kernel's. */
export interface Hooks {
  /** The root has given up. */
  rootFailed(reason: string): void;
  /** A reader of facts stays down until a named person retries or skips. */
  down(agent: string, reason: string): void;
  /** A control message came while the database is away. */
  latched(message: Message): void;
}

export class LifeManager implements Lives {
  readonly tree: SupervisorNode;
  private readonly nodes = new Map<Cell, AgentNode>();
  private latchedLetters: Letter[] = [];

  constructor(
    private readonly kernel: Kernel,
    private readonly boot: Boot,
    private readonly store: Store,
    private readonly projector: Projector,
    private readonly hooks: Hooks,
    roster: SupervisorSpec,
  ) {
    this.tree = buildTree(roster, (child: AgentChild) => kernel.cell(child.agent.address)!);
    for (const node of agentsOf(this.tree)) this.nodes.set(node.cell, node);
  }

  /** Start order is the roster's order. */
  async start(head: Head): Promise<void> {
    const { kernel } = this;
    kernel.journal.start(head);
    await this.projector.load();
    const effects = await this.boot.all(kernel.cells, head.sequence);
    for (const { cell } of agentsOf(this.tree)) cell.status = 'running';
    kernel.state = 'running';
    // The first group carries the cursors of agents that are new here, so that none of them can miss a fact from now on.
    kernel.journal.barrier(() => undefined);
    for (const { cell } of agentsOf(this.tree)) this.boot.resume(cell);
    for (const letter of this.latchedLetters.splice(0)) kernel.send(letter);
    for (const { cell, record } of effects) kernel.effects.start(cell, record, true);
    for (const cell of kernel.cells) if (cell.hasWork()) kernel.enqueue(cell);
  }

  crashed(cell: Cell, letter: Letter | undefined, error: unknown): void {
    const node = this.nodes.get(cell)!;
    const reason = error instanceof Error ? error.message : String(error);
    this.kernel.ports.log.error('agent.crashed', {
      agent: cell.address,
      message: letter?.message.type,
      reason,
      stack: error instanceof Error ? error.stack : undefined,
    });
    this.say(cell, {
      type: 'agent.crashed',
      agent: cell.address,
      reason,
      ...(letter ? { messageType: letter.message.type } : {}),
    });
    const poisoned = letter ? this.isPoisoned(cell, letter, reason) : 'no';
    if (poisoned === 'down') return;
    cell.status = 'restarting';
    this.follow(node, true);
  }

  /** Counts crashes by one message. A command is tried again until it is parked; a fact keeps its reader down. */
  private isPoisoned(cell: Cell, letter: Letter, reason: string): 'no' | 'parked' | 'down' {
    if (letter.record) {
      cell.factCrashes += 1;
      if (cell.factCrashes < BOUNDS.poisonCrashes) return 'no';
      cell.status = 'down';
      this.say(cell, {
        type: 'agent.stopped',
        agent: cell.address,
        reason: `${letter.message.type} ${letter.record.sequence} threw ${cell.factCrashes} times: ${reason}`,
      });
      this.hooks.down(cell.address, reason);
      return 'down';
    }
    if (letter.fired) return this.isDeadlinePoisoned(cell, letter, reason);
    letter.crashes += 1;
    if (letter.crashes < BOUNDS.poisonCrashes) {
      (this.kernel.router.of(letter.message.type).entry.control ? cell.control : cell.mailbox).unshift(letter);
      return 'no';
    }
    this.park(cell, letter, reason);
    return 'parked';
  }

  /** The restart re-arms a deadline from its row, so that it is not kept as a letter; at last it is dropped like a command. */
  private isDeadlinePoisoned(cell: Cell, letter: Letter, reason: string): 'no' | 'parked' {
    const name = `${letter.entity} ${letter.fired!.sendId}`;
    const crashes = (cell.deadlineCrashes.get(name) ?? 0) + 1;
    cell.deadlineCrashes.set(name, crashes);
    if (crashes < BOUNDS.poisonCrashes) {
      const entity = cell.entity(letter.entity!);
      if (entity) (entity.deadlines ??= new Map()).set(letter.fired!.sendId, letter.fired!.deadline);
      return 'no';
    }
    cell.deadlineCrashes.delete(name);
    this.park(cell, letter, reason);
    return 'parked';
  }

  private park(cell: Cell, letter: Letter, reason: string): void {
    this.kernel.deadLetters.add(cell.address, letter.message, 'parked');
    letter.ask?.fail('unavailable', `${cell.address} can't handle ${letter.message.type}`);
    if (letter.closes) this.kernel.journal.fulfil(letter.closes);
    this.say(cell, {
      type: 'agent.parked',
      agent: cell.address,
      messageType: letter.message.type,
      reason,
      ...(letter.entity ? { entity: letter.entity } : {}),
    });
  }

  parked(cell: Cell, letter: Letter, error: unknown): void {
    this.park(cell, letter, String(error));
  }

  finished(cell: Cell): void {
    cell.status = 'restarting';
    this.say(cell, { type: 'agent.stopped', agent: cell.address, reason: 'finished' });
    this.follow(this.nodes.get(cell)!, false);
  }

  private follow(node: AgentNode, crashed: boolean): void {
    const decision = decide(node, crashed, this.kernel.ports.clock.monotonic(), this.kernel.ports.random);
    if (decision.kind === 'leave') {
      node.cell.status = 'stopped';
      this.clear(node.cell);
      return;
    }
    if (decision.kind === 'root-failed') return this.fail(`${node.cell.address} failed too often`, decision.escalated);
    const stop = decision.stop.flatMap((child) => agentsOf(child).reverse());
    const start = decision.start.flatMap(agentsOf);
    for (const { cell } of stop) cell.status = 'restarting';
    void this.restart(stop, start, decision.delayMs, crashed ? node.cell : undefined);
  }

  /** Stops in reverse order of start, waits, starts in order, one after the other. */
  private async restart(
    stop: readonly AgentNode[],
    start: readonly AgentNode[],
    delayMs: number,
    culprit: Cell | undefined,
  ): Promise<void> {
    const lives = new Map<Cell, number>();
    for (const { cell, child } of stop) {
      await this.stop(cell, child.shutdownMs ?? DEFAULT_SHUTDOWN_MS, cell === culprit);
      lives.set(cell, cell.life);
    }
    const kept = new Set(start.map(({ cell }) => cell));
    for (const { cell } of stop) if (!kept.has(cell)) cell.status = 'stopped';
    await this.pause(delayMs);
    for (const node of start) {
      const { cell } = node;
      if (cell.life !== lives.get(cell) || this.kernel.state !== 'running') continue;
      await this.revive(node, delayMs);
    }
  }

  private async revive({ cell }: AgentNode, delayMs: number): Promise<void> {
    const { life } = cell;
    const { kernel } = this;
    try {
      if (cell.definition.durable) {
        await new Promise<void>((done) => kernel.journal.barrier(done));
        if (cell.life !== life) return;
        const effects = await this.boot.one(cell);
        if (cell.life !== life) return;
        this.live(cell, delayMs);
        this.boot.resume(cell);
        for (const { record } of effects) kernel.effects.start(cell, record, true);
      } else {
        this.boot.build(cell, []);
        this.live(cell, delayMs);
      }
    } catch (error) {
      kernel.ports.log.error('agent.restart-failed', { agent: cell.address, reason: String(error) });
      if (cell.life === life) this.crashed(cell, undefined, error);
    }
    if (cell.hasWork()) kernel.enqueue(cell);
  }

  private live(cell: Cell, delayMs: number): void {
    cell.status = 'running';
    cell.restarts += 1;
    this.say(cell, {
      type: 'agent.restarted',
      agent: cell.address,
      reason: 'restarted from its rows',
      restarts: cell.restarts,
      delayMs: Math.round(delayMs),
    });
  }

  /** Ends a life: effects are aborted and get `shutdownMs` to settle, then they are killed (their answers are dead letters). */
  private async stop(cell: Cell, shutdownMs: number, crashed: boolean): Promise<void> {
    const running = [...cell.running];
    this.clear(cell);
    if (crashed || running.length === 0) return;
    const outcome = await Promise.race([
      Promise.allSettled(running).then(() => 'settled'),
      this.pause(shutdownMs).then(() => 'killed'),
    ]);
    if (outcome === 'killed')
      this.say(cell, { type: 'agent.stopped', agent: cell.address, reason: `killed after ${shutdownMs} ms` });
  }

  private clear(cell: Cell): void {
    for (const entity of [cell.single, ...cell.entities.values()]) {
      for (const { timer } of entity.deadlines?.values() ?? []) this.kernel.deadlines.cancel(timer);
      for (const ask of entity.asks ?? []) ask.fail('unavailable', `${cell.address} is restarting`);
    }
    cell.drop();
  }

  private pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.kernel.backoff.set(this.kernel.backoff.now() + delayMs, resolve);
    });
  }

  private fail(reason: string, escalated: readonly SupervisorNode[]): void {
    const { cell } = agentsOf(this.tree)[0]!;
    for (const { spec } of escalated)
      this.say(cell, { type: 'agent.escalated', agent: spec.name, reason: 'more restarts than its intensity allows' });
    this.say(cell, { type: 'runtime.failed', agent: 'root', reason });
    this.kernel.journal.flush();
    for (const { cell: other } of agentsOf(this.tree).reverse()) {
      other.status = 'stopped';
      this.clear(other);
    }
    this.kernel.state = 'failed';
    this.hooks.rootFailed(reason);
  }

  say(cell: Cell, fact: AgentLifecycle): void {
    const message = { ...fact, at: this.kernel.ports.clock.marketNow() };
    this.kernel.record(cell, message, JSON.stringify(message), undefined);
    this.kernel.journal.flush();
  }

  latch(letter: Letter): boolean {
    if (letter.ask) {
      letter.ask.latched = true;
      letter.ask.promised = false;
    }
    this.latchedLetters.push(letter);
    this.hooks.latched(letter.message);
    return true;
  }

  /** A commit that failed, or may have failed, is a crash without the process's death. */
  failed(error: CommitError, lost: { control: readonly Letter[]; suspect: Letter | undefined }): void {
    const { kernel } = this;
    kernel.ports.log.error('journal.commit-failed', { fault: error.fault, reason: error.message });
    if (error.fault === 'fenced') return this.fenced(error);
    kernel.state = 'recovering';
    const waiting = kernel.cells
      .flatMap((cell) => cell.control.clear())
      .filter((letter) => letter.message.type.startsWith('trading.'));
    for (const letter of [...lost.control, ...waiting])
      if (kernel.router.of(letter.message.type).entry.kind === 'command')
        this.latch(letterTo(letter.target, letter.message, letter));
    for (const { cell } of agentsOf(this.tree).reverse()) {
      cell.status = 'starting';
      for (const letter of cell.mailbox.clear()) letter.ask?.fail('unavailable', 'the house is recovering');
      cell.facts.clear();
      this.clear(cell);
    }
    kernel.deadlines.clear();
    kernel.journal.abandon();
    for (const ask of [...kernel.asks]) ask.fail('unavailable', 'the house is recovering');
    void this.recover(error, lost.suspect);
  }

  private async recover(error: CommitError, suspect: Letter | undefined): Promise<void> {
    const { kernel } = this;
    for (let delayMs: number = BOUNDS.reconnectMinMs; ; delayMs = Math.min(delayMs * 2, BOUNDS.reconnectMaxMs)) {
      if (kernel.state !== 'recovering') return;
      try {
        const head = await this.store.takeEpoch();
        await this.start(head);
        break;
      } catch (cause) {
        kernel.ports.log.warn('journal.unreachable', { reason: String(cause), retryMs: delayMs });
        await this.pause(delayMs);
      }
    }
    const first = agentsOf(this.tree)[0]!.cell;
    this.say(first, { type: 'agent.recovered', agent: 'journal', reason: `${error.fault}: ${error.message}` });
    if (error.fault !== 'data') return;
    if (suspect) this.park(kernel.cell(suspect.target) ?? first, suspect, error.message);
    else kernel.journal.careful = BOUNDS.carefulTurns;
  }

  private fenced(error: CommitError): void {
    this.kernel.state = 'failed';
    this.kernel.journal.abandon();
    for (const ask of [...this.kernel.asks]) ask.fail('unavailable', 'another process has taken over');
    this.hooks.rootFailed(error.message);
  }

  node(address: string): Node | undefined {
    const cell = this.kernel.cell(address);
    return cell && this.nodes.get(cell);
  }

  /** A named person lets a reader that stayed down try its fact again, or skip it. */
  revisit(address: string, how: 'retry' | 'skip'): boolean {
    const cell = this.kernel.cell(address);
    if (cell?.status !== 'down') return false;
    cell.factCrashes = 0;
    if (how === 'retry') {
      cell.status = 'restarting';
      void this.revive(this.nodes.get(cell)!, 0);
      return true;
    }
    // A turn that threw had no effect, so that the state in memory is whole: it goes on behind the fact, and so does its cursor.
    cell.facts.shift();
    this.kernel.journal.touch(cell);
    this.live(cell, 0);
    this.kernel.enqueue(cell);
    return true;
  }
}
