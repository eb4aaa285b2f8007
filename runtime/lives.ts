/**
 * Lives of agents: crashes, restarts, stopping. Every decision is a fact; a crash leaves no timer, promise or subscription behind,
 * and the rows of what was done before it are written as they were.
 */
import type { AgentChild, SupervisorSpec } from './agent.ts';
import type { Boot } from './boot.ts';
import { BOUNDS } from './bounds.ts';
import type { Cell } from './cell.ts';
import type { Kernel, Lives } from './kernel.ts';
import type { Letter } from './letter.ts';
import type { AgentLifecycle } from './lifecycle.ts';
import type { Message } from './message.ts';
import { Poison } from './poison.ts';
import { CommitError } from './store.ts';
import { agentsOf, buildTree, DEFAULT_SHUTDOWN_MS, type Decision, decide, type SupervisorNode } from './supervision.ts';

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
  readonly poison: Poison;
  /** Which restart is in charge of an agent; a later one takes over from an earlier one, and a recovery from all. */
  private readonly inCharge = new Map<Cell, object>();

  constructor(
    private readonly kernel: Kernel,
    private readonly boot: Boot,
    private readonly hooks: Hooks,
    /** The root has given up. */
    private readonly giveUp: (reason: string) => void,
    roster: SupervisorSpec,
  ) {
    this.poison = new Poison(kernel);
    this.tree = buildTree(roster, (child: AgentChild) => kernel.cell(child.agent.address)!);
  }

  crashed(cell: Cell, letter: Letter | undefined, error: unknown): void {
    // What fails while it is already being restarted, or in a house that has ended, has failed before.
    if (cell.status !== 'running') return;
    if (letter && error instanceof CommitError) {
      this.refused(cell, letter, error);
      return;
    }
    const { kernel } = this;
    const reason = error instanceof Error ? error.message : String(error);
    const messageType = letter?.message.type;
    const stack = error instanceof Error ? error.stack : undefined;
    kernel.ports.log.error('agent.crashed', { agent: cell.address, message: messageType, reason, stack });
    this.note(cell, { type: 'agent.crashed', reason, ...(messageType ? { messageType } : {}) });
    if (letter && this.poison.verdict(cell, letter, reason) === 'down') {
      this.down(cell, letter, reason);
      return;
    }
    cell.status = 'restarting';
    this.follow(cell, true);
  }

  /** The database does not take what comes of a letter: trying again would bring the same. */
  refused(cell: Cell, letter: Letter, { message }: CommitError): void {
    if (letter.record) this.down(cell, letter, message);
    else this.poison.park(cell, letter, message);
  }

  /** A fact can't be passed over: its reader waits for a named person, and nothing of it goes on. */
  down(cell: Cell, { message, record }: Letter, reason: string): void {
    cell.status = 'down';
    this.note(cell, { type: 'agent.stopped', reason: `${message.type} ${record?.sequence} can't be read: ${reason}` });
    this.clear(cell);
    this.dismiss(cell);
    this.kernel.guard('hook', (why) => this.hooks.down(cell.address, why), reason);
  }

  parked(cell: Cell, letter: Letter, error: unknown): void {
    this.poison.park(cell, letter, String(error));
  }

  /** A machine in its final state: its row leaves, a next life starts afresh. */
  finished(cell: Cell): void {
    cell.status = 'restarting';
    cell.single.ended = true;
    this.kernel.mark(cell, cell.single);
    this.note(cell, { type: 'agent.stopped', reason: 'finished' });
    this.follow(cell, false);
  }

  private follow(cell: Cell, crashed: boolean): void {
    const { kernel } = this;
    this.clear(cell);
    const decision = decide(cell, crashed, kernel.ports.clock.monotonic(), kernel.ports.random);
    if (decision.kind === 'leave') {
      cell.status = 'stopped';
      this.dismiss(cell);
      return;
    }
    for (const supervisor of decision.escalated) {
      const agents = agentsOf(supervisor).map(({ address }) => address);
      const reason = 'more restarts than its intensity allows';
      this.note(cell, { type: 'agent.escalated', reason, agents }, supervisor.spec.name);
    }
    if (decision.kind === 'root-failed') this.giveUp(`${cell.address} failed too often`);
    else void this.restart(decision, cell);
  }

  /** Stops in reverse order of start, waits, starts in order, one after the other. */
  private async restart(decision: Decision & { kind: 'restart' }, culprit: Cell): Promise<void> {
    const charge = {};
    const isMine = (cell: Cell): boolean => this.inCharge.get(cell) === charge;
    const isUp = (cell: Cell): boolean => cell.status !== 'down';
    const stop = decision.stop.flatMap((child) => agentsOf(child).reverse()).filter(isUp);
    const start = decision.start.flatMap(agentsOf).filter(isUp);
    for (const cell of stop) {
      cell.status = 'restarting';
      this.inCharge.set(cell, charge);
    }
    for (const cell of stop)
      if (cell !== culprit && isMine(cell)) await this.stop(cell, cell.child.shutdownMs ?? DEFAULT_SHUTDOWN_MS);
    const staying = new Set(start);
    for (const cell of stop) {
      if (staying.has(cell) || !isMine(cell)) continue;
      cell.status = 'stopped';
      this.dismiss(cell);
    }
    await this.pause(decision.delayMs);
    for (const cell of start) if (isMine(cell)) await this.revive(cell, charge, decision.delayMs);
  }

  private async revive(cell: Cell, charge: object, delayMs: number): Promise<void> {
    const { kernel, boot } = this;
    const isMine = (): boolean => this.inCharge.get(cell) === charge && kernel.state === 'running';
    if (!isMine()) return;
    try {
      if (cell.definition.durable) {
        // Its own last facts and rows first, those of a life that was cut off included.
        await new Promise<void>((done) => kernel.journal.barrier(done));
        if (!isMine()) return;
        const rows = await this.rowsOf(cell, isMine);
        if (!rows || !isMine()) return;
        const effects = boot.one(cell, rows);
        this.live(cell, delayMs);
        boot.resume(cell);
        for (const record of effects) {
          const isAnswered = cell.mailbox.some(({ closes }) => closes?.sequence === record.sequence);
          if (!isAnswered && cell.status === 'running') kernel.effects.start(cell, record, true);
        }
      } else {
        boot.build(cell, []);
        this.live(cell, delayMs);
        boot.resume(cell);
      }
    } catch (error) {
      if (!isMine()) return;
      cell.status = 'running';
      this.crashed(cell, undefined, error);
    }
  }

  /** The database being away is no failure of the agent. */
  private async rowsOf(cell: Cell, isMine: () => boolean): Promise<Awaited<ReturnType<Boot['fetch']>> | undefined> {
    for (let retryMs: number = BOUNDS.reconnectMinMs; isMine(); retryMs = Math.min(retryMs * 2, BOUNDS.reconnectMaxMs))
      try {
        return await this.boot.fetch(cell.address);
      } catch (error) {
        this.kernel.ports.log.warn('rows.unreadable', { agent: cell.address, reason: String(error), retryMs });
        await this.pause(retryMs);
      }
    return undefined;
  }

  private live(cell: Cell, delayMs: number): void {
    this.inCharge.delete(cell);
    cell.status = 'running';
    cell.restarts += 1;
    this.note(cell, {
      type: 'agent.restarted',
      reason: 'restarted from its rows',
      restarts: cell.restarts,
      delayMs: Math.round(delayMs),
    });
    this.kernel.enqueue(cell);
  }

  /** Ends a life: effects are aborted and get `shutdownMs` to settle, then they are killed (their answers are dead letters). */
  private async stop(cell: Cell, shutdownMs: number): Promise<void> {
    const running = cell.isAtWork ? [...cell.work.jobs] : [];
    this.clear(cell);
    if (running.length === 0) return;
    let timer: ReturnType<Kernel['backoff']['set']> | undefined;
    const { backoff } = this.kernel;
    const killed = new Promise<'killed'>((resolve) => {
      timer = backoff.set(backoff.now() + shutdownMs, () => resolve('killed'));
    });
    const outcome = await Promise.race([Promise.allSettled(running), killed]);
    backoff.cancel(timer!);
    if (outcome === 'killed') this.note(cell, { type: 'agent.stopped', reason: `killed after ${shutdownMs} ms` });
  }

  /** Nothing of this life stays; what it had kept for later is told to the next one. */
  clear(cell: Cell): void {
    const { kernel } = this;
    kernel.journal.seal();
    const kept: Letter[] = [];
    for (const entity of [cell.single, ...cell.entities.values()]) {
      kernel.deadlines.cancelAll(entity);
      for (const ask of entity.asks ?? []) ask.fail('unavailable', `${cell.address} is restarting`);
      if (entity.stash) kept.push(...entity.stash);
    }
    if (cell.isAtWork) for (const timer of cell.work.retries) kernel.backoff.cancel(timer);
    cell.drop();
    for (const letter of kept.reverse()) cell.offerAgain(letter, false);
    this.voidRequests(cell);
  }

  /**
   * What this life has asked others for, and their answers, die with it as they would with the process: the next life asks again for what it
   * still waits for. Of two requests for the same the second would be answered when nobody waits any more.
   */
  private voidRequests(cell: Cell): void {
    const { awaits = [] } = cell.definition;
    if (awaits.length === 0) return;
    const { router, cells, deadLetters } = this.kernel;
    const isAnswer = ({ ask, message }: Letter): boolean => !ask && awaits.includes(message.type);
    const isRequest = ({ ask, source, message }: Letter): boolean =>
      !ask && source === cell.address && awaits.includes(router.of(message.type).entry.reply ?? '');
    for (const other of cells) {
      const isVoid = other === cell ? isAnswer : isRequest;
      for (const lane of [other.control, other.mailbox]) {
        if (!lane.some(isVoid)) continue;
        for (const letter of lane.clear())
          if (isVoid(letter)) deadLetters.add(other.address, letter.message, 'of an earlier life');
          else lane.push(letter);
      }
    }
  }

  /** An agent that does not come back leaves nobody waiting. */
  dismiss(cell: Cell): void {
    for (const { ask, message } of [...cell.control.clear(), ...cell.mailbox.clear()]) {
      this.kernel.deadLetters.add(cell.address, message, 'stopped');
      ask?.fail('unavailable', `${cell.address} has stopped`);
    }
  }

  /** A recovery, or the end, takes over from all restarts. */
  forget(): void {
    this.inCharge.clear();
  }

  pause(delayMs: number): Promise<void> {
    const { backoff } = this.kernel;
    return new Promise((resolve) => {
      backoff.set(backoff.now() + delayMs, resolve);
    });
  }

  private note(cell: Cell, fact: Omit<AgentLifecycle, 'agent'>, agent = cell.address): void {
    const told: AgentLifecycle = { ...fact, agent };
    this.kernel.speech.note(cell, told);
  }

  /** A named person lets a reader that stayed down try its fact again, or skip it. */
  revisit(address: string, how: 'retry' | 'skip', by: string): boolean {
    const { kernel } = this;
    const cell = kernel.cell(address);
    if (cell?.status !== 'down' || kernel.state !== 'running') return false;
    cell.factCrashes = 0;
    kernel.executor.refusals.forget(address);
    this.note(cell, { type: 'agent.revisited', reason: how, by });
    if (how === 'skip') {
      cell.facts.shift();
      if (cell.hasCursor) kernel.journal.touch(cell);
      kernel.journal.seal();
    }
    cell.status = 'restarting';
    const charge = {};
    this.inCharge.set(cell, charge);
    void this.revive(cell, charge, 0);
    return true;
  }
}
