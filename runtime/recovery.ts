/**
 * The start of the house, its recovery after a lost commit, and its end. A commit that failed, or may have failed, is a crash without the
 * process's death, on the same path as a start. A control message is never lost by it: it is latched and told first.
 */
import type { Boot, Fetched } from './boot.ts';
import { BOUNDS } from './bounds.ts';
import type { Cell } from './cell.ts';
import type { KeptRecord } from './group.ts';
import type { Lost } from './journal.ts';
import type { Kernel, Recovering } from './kernel.ts';
import { type Letter, letterTo, RELEASE } from './letter.ts';
import type { Hooks, LifeManager } from './lives.ts';
import type { Message } from './message.ts';
import type { Projector } from './projector.ts';
import { CommitError, type Head } from './store.ts';
import { agentsOf } from './supervision.ts';

/** Why the last life of the house ended. */
interface Cause {
  readonly error: CommitError;
  readonly suspect: Letter | undefined;
  readonly turns: number;
}

/** What a start has read. */
interface Found {
  readonly head: Head;
  readonly fetched: Fetched;
  readonly recent: KeptRecord[];
}

export class Recovery implements Recovering {
  lives!: LifeManager;
  private latched: Letter[] = [];
  /** Recoveries since the last commit that succeeded. */
  private attempts = 0;

  constructor(
    private readonly kernel: Kernel,
    private readonly boot: Boot,
    private readonly projector: Projector,
    private readonly hooks: Hooks,
  ) {}

  async start(head: Head): Promise<void> {
    const { state } = this.kernel;
    const found = await this.read(head);
    if (this.kernel.state === state) this.begin(found);
  }

  private async read(head: Head): Promise<Found> {
    await this.projector.load();
    const fetched = await this.boot.fetch();
    return { head, fetched, recent: await this.boot.recent(fetched.stored, head) };
  }

  /** Start order is the roster's order. */
  private begin({ head, fetched, recent }: Found, cause?: Cause): void {
    const { kernel, boot } = this;
    kernel.deadlines.timers.clear();
    for (const cell of kernel.cells) cell.drop();
    boot.all(fetched, head.sequence);
    kernel.journal.start(head, recent);
    kernel.state = 'running';
    for (const cell of this.inOrder()) cell.status = 'running';
    // The first group carries the cursors of agents that are new here, so that none of them can miss a fact from now on.
    kernel.journal.barrier(() => undefined);
    const kept = cause && this.account(cause);
    // Who hears a latched command reads what came before it, and must know by then that it woke up.
    for (const cell of this.inOrder()) if (cell.status === 'running') boot.wake(cell);
    // Nothing may happen before a halt has been heard again, a release turn least of all: whatever message brought it about.
    for (const letter of this.latched.splice(0)) {
      kernel.post.send(letter, { ...kernel.router.of(letter.message.type), isControl: true });
      const cell = kernel.cell(letter.target);
      if (cell) kernel.hearControl(cell);
    }
    for (const cell of this.inOrder()) if (cell.status === 'running') boot.begin(cell);
    for (const { cell, record } of fetched.effects)
      if (cell.status === 'running' && record.sequence !== kept) kernel.effects.start(cell, record, true);
  }

  /**
   * What a recovery says first, and what it does about the message that the database refused. That is a group of its own: what is refused
   * next must not take it along. Returns the sequence whose promise was closed by it.
   */
  private account({ error, suspect, turns }: Cause): number | undefined {
    const { kernel, lives } = this;
    const { refusals } = kernel.executor;
    const [first] = this.inOrder();
    const reason = `${error.fault}: ${error.message}`;
    if (first) kernel.speech.note(first, { type: 'agent.recovered', agent: 'journal', reason });
    if (error.fault !== 'data') return undefined;
    const cell = suspect && this.mayPark(suspect) ? kernel.cell(suspect.target) : undefined;
    if (!suspect || !cell || !refusals.remember(suspect, error)) {
      const careful = refusals.careful(turns);
      if (careful !== undefined) kernel.journal.careful = careful;
      else this.giveUp(`the database refuses what ${suspect?.target ?? 'the house'} writes: ${error.message}`);
      return undefined;
    }
    if (suspect.record) {
      // What it has read before this fact is durable, so that the fact is the first in its lane.
      cell.facts.clear();
      cell.facts.push(suspect.record);
      cell.readThrough = suspect.record.sequence;
    }
    const fired = suspect.fired && cell.entity(suspect.entity!)?.deadlines?.get(suspect.fired.sendId);
    if (fired) suspect.fired = { sendId: suspect.fired!.sendId, deadline: fired };
    lives.refused(cell, suspect, error);
    kernel.journal.seal();
    return suspect.source === RELEASE ? suspect.causationSequence : suspect.closes?.sequence;
  }

  /** A control message is never void, and nothing can be said instead of an agent's first words: both come again with the next life. */
  private mayPark({ source, target, message }: Letter): boolean {
    return !(source === target && message.type === 'resumed') && !this.latched.some((told) => told.message === message);
  }

  failed(error: CommitError, { control, suspect, turns }: Lost): void {
    const { kernel, lives } = this;
    kernel.ports.log.error('journal.commit-failed', { fault: error.fault, reason: error.message });
    if (kernel.state !== 'running' && kernel.state !== 'stopping') {
      kernel.journal.abandon();
      return;
    }
    if (error.fault === 'fenced') {
      this.end(`fenced: ${error.message}`);
      return;
    }
    kernel.state = 'recovering';
    lives.forget();
    this.latchAll([...control, ...kernel.cells.flatMap((cell) => cell.control.clear()), ...this.unanswered()]);
    for (const cell of this.inOrder().reverse()) {
      cell.status = 'starting';
      cell.facts.clear();
      lives.clear(cell);
      for (const letter of cell.mailbox.clear()) letter.ask?.fail('unavailable', 'the house is recovering');
    }
    kernel.deadlines.timers.clear();
    kernel.journal.abandon();
    kernel.requests.failAll('the house is recovering', false);
    void this.recover({ error, suspect, turns });
  }

  private async recover(cause: Cause): Promise<void> {
    const { kernel } = this;
    while (kernel.state === 'recovering') {
      const delayMs = Math.min(BOUNDS.reconnectMinMs * 2 ** (this.attempts - 1), BOUNDS.reconnectMaxMs);
      if (this.attempts > 0) await this.lives.pause(delayMs);
      if (kernel.state !== 'recovering') return;
      this.attempts += 1;
      let found: Found;
      try {
        found = await this.read(await kernel.store.takeEpoch());
      } catch (error) {
        if (error instanceof CommitError && error.fault === 'fenced') this.end(`fenced: ${error.message}`);
        kernel.ports.log.warn('journal.unreachable', { reason: String(error), attempts: this.attempts });
        continue;
      }
      if (kernel.state === 'recovering') this.resume(found, cause);
      return;
    }
  }

  /** What fails from here on is not the database: the next try would fail alike. */
  private resume(found: Found, cause: Cause): void {
    try {
      this.begin(found, cause);
    } catch (error) {
      this.broken(error);
    }
  }

  healthy(): void {
    this.attempts = 0;
  }

  /** A commit was lost, and none has landed since. */
  get isUnproven(): boolean {
    return this.attempts > 0;
  }

  /** Control letters whose turns are done but whose receipts are not given. */
  private unanswered(): Letter[] {
    return [...this.kernel.requests.waiting].flatMap(({ control }) => control ?? []);
  }

  /**
   * Each command once, in the order in which they came; facts, deadlines and outcomes come again by themselves, from their rows, and
   * an agent's query with the command that made it ask.
   */
  private latchAll(letters: readonly Letter[]): void {
    const told = new Set<Message>();
    for (const letter of [...letters].sort((a, b) => a.id - b.id)) {
      if (told.has(letter.message) || letter.record || letter.fired || letter.closes || letter.source === RELEASE)
        continue;
      if (!letter.ask && this.kernel.router.of(letter.message.type).entry.kind === 'query') continue;
      told.add(letter.message);
      this.latch(again(letter));
    }
  }

  latch(letter: Letter): boolean {
    if (this.latched.length >= BOUNDS.controlLane) {
      letter.ask?.fail('refused', 'too many control messages wait for the database');
      return false;
    }
    if (letter.ask) {
      letter.ask.latched = true;
      letter.ask.promised = false;
    }
    this.latched.push(letter);
    this.kernel.guard('hook', (message) => this.hooks.latched(message), letter.message);
    return true;
  }

  /** The root has given up: what has been decided is still committed, nothing else happens. */
  giveUp(reason: string): void {
    const { kernel } = this;
    const [first] = this.inOrder();
    if (first) kernel.speech.note(first, { type: 'runtime.failed', agent: 'root', reason });
    this.stopAll();
    kernel.journal.flush();
    this.finish(reason);
  }

  broken(error: unknown): void {
    const stack = error instanceof Error ? error.stack : undefined;
    this.kernel.ports.log.error('runtime.broken', { reason: String(error), stack });
    this.end(`broken: ${String(error)}`);
  }

  /** Nothing more can be committed. */
  private end(reason: string): void {
    if (this.kernel.state === 'failed' || this.kernel.state === 'stopped') return;
    this.kernel.journal.abandon();
    this.stopAll();
    this.finish(reason);
  }

  private finish(reason: string): void {
    this.kernel.state = 'failed';
    this.kernel.requests.failAll(reason, true);
    this.kernel.guard('hook', (why) => this.hooks.rootFailed(why), reason);
  }

  /** In reverse order of start, at once. */
  stopAll(): void {
    const { lives } = this;
    lives.forget();
    this.latched = [];
    for (const cell of this.inOrder().reverse()) {
      cell.status = 'stopped';
      lives.clear(cell);
      lives.dismiss(cell);
    }
  }

  private inOrder(): Cell[] {
    return agentsOf(this.lives.tree);
  }
}

/** The same message for the next life of the house: what belonged to the last one (a deadline, an effect) is void. */
function again(letter: Letter): Letter {
  const { source, correlationId, causationSequence, principal, ask } = letter;
  return letterTo(letter.target, letter.message, { source, correlationId, causationSequence, principal, ask });
}
