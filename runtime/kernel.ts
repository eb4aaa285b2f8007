/**
 * The turning heart: picks ready agents, runs their turns, and carries out what a turn has said. Delivery, time and failure
 * belong here; decisions belong to agents. Nothing is ever sent synchronously from inside a turn.
 */
import { BOUNDS } from './bounds.ts';
import { CatchUp } from './catch-up.ts';
import type { Cell } from './cell.ts';
import { DeadLetters } from './dead-letters.ts';
import { Deadlines } from './deadlines.ts';
import type { Timer } from './due-queue.ts';
import { Effects } from './effects.ts';
import type { Entity } from './entity.ts';
import { Executor } from './executor.ts';
import type { KeptRecord } from './group.ts';
import { HandOver } from './hand-over.ts';
import { Journal, type Lost } from './journal.ts';
import { type Letter, letterOf, letterTo } from './letter.ts';
import type { JournalRecord, Message, MessageCatalog } from './message.ts';
import type { RuntimePorts } from './ports.ts';
import { Post } from './post.ts';
import type { Projector } from './projector.ts';
import { Requests } from './requests.ts';
import { Ring } from './ring.ts';
import { Router } from './router.ts';
import { Speech } from './speech.ts';
import type { CommitError, Store } from './store.ts';
import { Timers } from './timers.ts';
import { TurnTiming } from './turn-timing.ts';

export type KernelState = 'starting' | 'running' | 'recovering' | 'stopping' | 'stopped' | 'failed';

/** What the kernel leaves to the manager of lives. */
export interface Lives {
  crashed(cell: Cell, letter: Letter | undefined, error: unknown): void;
  finished(cell: Cell): void;
  parked(cell: Cell, letter: Letter, error: unknown): void;
}

/** What it leaves to the recovery of the whole house. */
export interface Recovering {
  failed(error: CommitError, lost: Lost): void;
  /** The database answers again. */
  healthy(): void;
  /** A control message while nobody can take it: kept, and told first after the recovery. */
  latch(letter: Letter): boolean;
  /** A bug of the kernel: nothing goes on. */
  broken(error: unknown): void;
}

export class Kernel {
  readonly router: Router;
  readonly journal: Journal;
  readonly effects: Effects;
  readonly deadlines: Deadlines;
  readonly backoff: Timers;
  readonly post: Post;
  readonly requests: Requests;
  readonly speech: Speech;
  readonly catchUp: CatchUp;
  readonly executor: Executor;
  readonly deadLetters = new DeadLetters();
  readonly listeners = new Set<(record: JournalRecord) => void>();
  readonly watchers = new Set<(message: Message) => void>();
  delivered: ((letter: Letter) => void) | undefined;
  state: KernelState = 'starting';
  lives!: Lives;
  recovery!: Recovering;
  turns = 0;
  readonly timing = new TurnTiming();
  private readonly ready = new Ring<Cell>();
  private readonly byAddress: ReadonlyMap<string, Cell>;
  private scheduled = false;
  private inTurn = false;
  private flushTimer: Timer | undefined;
  private readonly failing: { readonly cell: Cell; readonly error: Error }[] = [];

  constructor(
    readonly cells: readonly Cell[],
    readonly catalog: MessageCatalog,
    readonly store: Store,
    projector: Projector,
    readonly ports: RuntimePorts,
  ) {
    this.router = new Router(catalog, cells);
    this.byAddress = new Map(cells.map((cell) => [cell.address, cell]));
    this.backoff = new Timers(ports.clock, 'monotonic');
    this.deadlines = new Deadlines(this);
    this.post = new Post(this);
    this.requests = new Requests(this);
    this.speech = new Speech(this);
    this.catchUp = new CatchUp(this);
    this.executor = new Executor(this.speech, this.deadLetters, ports.clock);
    this.effects = new Effects(new HandOver(this), this.backoff, ports.log);
    this.journal = new Journal(
      store,
      ports.clock,
      projector,
      {
        committed: (records) => this.committed(records),
        failed: (error, lost) => this.recovery.failed(error, lost),
        broken: (error) => this.recovery.broken(error),
        mayWait: (waitMs) => this.waitsForOutcome(waitMs),
      },
      cells.filter((cell) => cell.hasCursor),
    );
  }

  cell(address: string): Cell | undefined {
    return this.byAddress.get(address);
  }

  enqueue(cell: Cell): void {
    if (cell.queued || !cell.isRunning) return;
    cell.queued = true;
    this.ready.push(cell);
    this.schedule();
  }

  /** What happens outside a drain (an effect's outcome, a decision of a supervisor) starts its commit with the next one. */
  schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    this.ports.scheduler.defer(this.drain);
  }

  mark(cell: Cell, entity: Entity): void {
    if (cell.manner.isDurable) this.journal.mark(cell, entity);
  }

  /** An agent that can't keep up with what must not be lost fails, but never in the middle of somebody's turn. */
  overflowed(cell: Cell, lane: string): void {
    const error = new Error(`${lane} of ${cell.address} overflowed`);
    if (this.inTurn) this.failing.push({ cell, error });
    else this.lives.crashed(cell, undefined, error);
  }

  private readonly drain = (): void => {
    this.scheduled = false;
    try {
      this.slice();
      this.journal.settle();
    } catch (error) {
      this.recovery.broken(error);
    }
  };

  /** The outcome of an effect under way travels with its release (`order.sent` with the fill): a commit less for each order. */
  private waitsForOutcome(waitMs: number): boolean {
    if (this.effects.running === 0) return false;
    this.flushTimer ??= this.backoff.set(this.backoff.now() + waitMs, () => {
      this.flushTimer = undefined;
      this.journal.flush();
    });
    return true;
  }

  private slice(): void {
    const { scheduler, clock } = this.ports;
    const { turnsPerPick } = scheduler;
    const turnsPerReading = Math.min(turnsPerPick, BOUNDS.turnsPerReading);
    let now = 0;
    let fresh = 0;
    for (let budget: number = BOUNDS.turnsPerSlice; this.ready.length > 0 && budget > 0; ) {
      const cell = this.ready.takeAt(scheduler.pick(this.ready.length))!;
      cell.queued = false;
      let turns = turnsPerPick;
      for (; turns > 0; turns -= 1) {
        if (fresh === 0) {
          now = clock.marketNow();
          fresh = turnsPerReading;
        }
        if (!cell.isRunning || !this.next(cell, now)) break;
        fresh -= 1;
      }
      budget -= turnsPerPick - turns;
      if (cell.hasWork()) this.enqueue(cell);
    }
    if (this.ready.length > 0) this.schedule();
  }

  /** Control letters that must be heard before anything else happens. */
  hearControl(cell: Cell): void {
    const now = this.ports.clock.marketNow();
    while (cell.isRunning && cell.control.length > 0 && this.next(cell, now));
  }

  /** Takes one piece of work of an agent; false when there is none, or none that may be taken now. */
  private next(cell: Cell, now: number): boolean {
    const { lanes } = cell;
    if (lanes) {
      const waking = lanes.waking.shift();
      if (waking) {
        this.turn(cell, waking, now);
        return true;
      }
      if (!this.hasRead(cell)) return false;
      if (lanes.facts.length > 0) return this.nextFact(cell, now) !== undefined;
    }
    const letter = cell.asleep?.keepsWaiting() ? undefined : (cell.control.shift() ?? cell.mailbox.shift());
    if (letter) {
      this.turn(cell, letter, now);
      return true;
    }
    const tick = lanes?.market?.shift();
    if (!tick) return false;
    this.turn(cell, letterTo(cell.address, tick), now);
    return true;
  }

  /** False while facts that the agent has to read first are not in memory; they are being fetched then. */
  private hasRead(cell: Cell): boolean {
    return cell.facts.length > 0 || cell.readThrough === undefined || this.catchUp.read(cell);
  }

  private nextFact(cell: Cell, now: number): readonly string[] | undefined {
    const record = cell.facts.peek()!;
    const { correlationId, principal, message, source, sequence } = record;
    return this.turn(cell, letterOf(source, cell.address, message, correlationId, principal, sequence, record), now);
  }

  /** Types of the facts it emitted; undefined when it threw, and the manager of lives knows. */
  turn(cell: Cell, letter: Letter, now: number): readonly string[] | undefined {
    const beganAt = this.timing.begin(this.ports.clock);
    this.turns += 1;
    cell.turns += 1;
    if (!letter.record) this.delivered?.(letter);
    this.speech.begin(letter, now);
    if (letter.fired && !this.deadlines.isValid(cell, letter)) return this.speech.facts;
    try {
      this.executor.plan(cell, letter, now);
    } catch (error) {
      this.lives.crashed(cell, letter, error);
      return undefined;
    }
    const facts = this.carryOut(cell, letter);
    this.timing.end(cell.address, beganAt, this.ports.clock);
    return facts;
  }

  private carryOut(cell: Cell, letter: Letter): readonly string[] {
    const { journal, speech } = this;
    this.inTurn = true;
    if (letter.fired) this.deadlines.done(cell, letter);
    const taken = this.executor.carryOut(cell, letter);
    if (letter.record) {
      cell.facts.shift();
      cell.factCrashes = 0;
      if (taken === 'taken' && cell.hasCursor) journal.touch(cell);
    }
    if (letter.closes && taken !== 'stashed') journal.fulfil(letter.closes);
    if (letter.ask && taken !== 'stashed') this.requests.park(cell, letter, taken === 'taken');
    this.requests.release();
    journal.endTurn(letter);
    this.inTurn = false;
    const { facts } = speech;
    if (speech.immediate.length > 0)
      for (const { cell: owner, record } of speech.immediate.splice(0)) this.effects.start(owner, record, false);
    if (this.failing.length > 0)
      for (const { cell: other, error } of this.failing.splice(0)) this.lives.crashed(other, undefined, error);
    if (cell.host.canEnd && !cell.isKeyed && cell.isRunning && cell.host.done(cell.single.state))
      this.lives.finished(cell);
    return facts;
  }

  /** What a machine says when it starts afresh, as a turn of its own. */
  begin(cell: Cell, outputs: readonly Message[]): void {
    const now = this.ports.clock.marketNow();
    const letter = letterTo(cell.address, { type: 'resumed' }, { source: cell.address });
    this.speech.begin(letter, now);
    this.executor.planBeginning(cell, outputs, now);
    this.carryOut(cell, letter);
  }

  private committed(records: readonly KeptRecord[]): void {
    this.recovery.healthy();
    if (this.flushTimer) this.backoff.cancel(this.flushTimer);
    this.flushTimer = undefined;
    for (const record of records) {
      const cell = this.byAddress.get(record.source);
      const effect = cell?.manner.effects?.[record.type];
      if (cell && effect && !effect.immediate && cell.status === 'running') this.effects.start(cell, record, false);
      for (const listener of this.listeners) this.guard('listener', listener, record);
    }
  }

  /** What is given to us from outside must not stop the house by throwing. */
  guard<Given>(what: string, call: (given: Given) => void, given: Given): void {
    try {
      call(given);
    } catch (error) {
      this.ports.log.error('runtime.call-failed', { what, reason: String(error) });
    }
  }

  /** Lets an agent read all facts up to the head right now: false when it crashed over one, or some are still on their way. */
  readUp(cell: Cell, now: number): boolean {
    while (this.hasRead(cell) && cell.facts.length > 0) if (!this.nextFact(cell, now)) return false;
    return cell.readThrough === undefined;
  }
}
