/**
 * The turning heart: picks ready agents, runs their turns, and carries out what a turn has said. Delivery, time and failure
 * belong here; decisions belong to agents. Nothing is ever sent synchronously from inside a turn.
 */
import { Ask } from './asks.ts';
import { BOUNDS } from './bounds.ts';
import { type Cell, type Deadline, type Entity, type Letter, letterTo } from './cell.ts';
import { DeadLetters } from './dead-letters.ts';
import { type EffectHost, Effects } from './effects.ts';
import { type Effector, Executor } from './executor.ts';
import { Journal, type JournalEvents, type KeptRecord, type Projector } from './journal.ts';
import type { After } from './logic.ts';
import type { JournalRecord, Message, MessageCatalog } from './message.ts';
import type { RuntimePorts } from './ports.ts';
import { Ring } from './ring.ts';
import { Router } from './router.ts';
import type { Store } from './store.ts';
import { Timers } from './timers.ts';

export type KernelState = 'starting' | 'running' | 'recovering' | 'stopping' | 'stopped' | 'failed';

/** What the kernel leaves to the manager of lives. */
export interface Lives {
  crashed(cell: Cell, letter: Letter | undefined, error: unknown): void;
  finished(cell: Cell): void;
  parked(cell: Cell, letter: Letter, error: unknown): void;
  failed: JournalEvents['failed'];
  /** A control message while nobody can take it: kept, and told first after the recovery. */
  latch(letter: Letter): boolean;
}

export interface Sender {
  readonly principal?: string;
  readonly correlationId?: string;
}

export class Kernel implements Effector, EffectHost {
  readonly router: Router;
  readonly journal: Journal;
  readonly effects: Effects;
  readonly deadlines: Timers;
  readonly backoff: Timers;
  readonly deadLetters = new DeadLetters();
  readonly asks = new Set<Ask>();
  readonly listeners = new Set<(record: JournalRecord) => void>();
  readonly watchers = new Set<(message: Message) => void>();
  state: KernelState = 'starting';
  lives!: Lives;
  turns = 0;
  /** Time spent in turns, for operators. */
  busyMs = 0;
  private readonly executor: Executor;
  private readonly ready = new Ring<Cell>();
  private readonly board = new Map<string, Message>();
  private readonly byAddress: ReadonlyMap<string, Cell>;
  private scheduled = false;
  private turnFacts: string[] = [];
  private immediate: { cell: Cell; record: KeptRecord }[] = [];
  private causation = 0;

  constructor(
    readonly cells: readonly Cell[],
    catalog: MessageCatalog,
    store: Store,
    projector: Projector,
    readonly ports: RuntimePorts,
  ) {
    this.router = new Router(catalog, cells);
    this.byAddress = new Map(cells.map((cell) => [cell.address, cell]));
    this.deadlines = new Timers(ports.clock, 'market');
    this.backoff = new Timers(ports.clock, 'monotonic');
    this.executor = new Executor(this, this.deadLetters);
    this.effects = new Effects(this, this.backoff, ports.log);
    const events: JournalEvents = {
      committed: (records) => this.committed(records),
      failed: (error, lost) => this.lives.failed(error, lost),
    };
    this.journal = new Journal(
      store,
      ports.clock,
      projector,
      events,
      cells.filter(({ definition }) => definition.durable),
    );
  }

  cell(address: string): Cell | undefined {
    return this.byAddress.get(address);
  }

  /** False: refused (the lane is full, the agent has stopped, or nobody takes the type). */
  send(letter: Letter): boolean {
    const { entry, receiver } = this.router.of(letter.message.type);
    const cell = this.byAddress.get(letter.target) ?? receiver;
    if (!cell || cell.status === 'stopped' || cell.status === 'down') {
      this.deadLetters.add(letter.target, letter.message, cell ? 'stopped' : 'no receiver');
      letter.ask?.fail('unavailable', `${letter.target} has stopped`);
      return false;
    }
    if (!cell.offer(letter, entry.control === true)) {
      this.deadLetters.add(cell.address, letter.message, 'refused');
      letter.ask?.fail('refused', `${cell.address} has too many messages waiting`);
      if (entry.control) this.lives.crashed(cell, undefined, new Error(`control lane of ${cell.address} overflowed`));
      return false;
    }
    this.enqueue(cell);
    return true;
  }

  /** For what must not be refused because the kernel itself has promised it: outcomes, deadlines, news of venues. */
  push(cell: Cell, letter: Letter): void {
    if (cell.status === 'stopped') return this.deadLetters.add(cell.address, letter.message, 'stopped');
    cell.mailbox.push(letter);
    this.enqueue(cell);
  }

  ask(message: Message, sender: Sender, deadlineMs: number): Promise<Message> {
    const { entry, receiver } = this.router.of(message.type);
    let ask!: Ask;
    const promise = new Promise<Message>((resolve, reject) => {
      ask = new Ask(entry.reply ?? '', resolve, reject, (settled) => {
        this.asks.delete(settled);
        if (settled.timer) this.backoff.cancel(settled.timer);
      });
    });
    const letter = letterTo(receiver?.address ?? '', message, { ...sender, ask });
    if (this.state !== 'running') {
      if (!(entry.control && this.state === 'recovering' && this.lives.latch(letter)))
        ask.fail('unavailable', `the house is ${this.state}`);
      else this.watch(ask, message.type, deadlineMs);
    } else if (!entry.control && this.journal.uncommitted > BOUNDS.uncommittedRecords) {
      ask.fail('refused', 'too much is waiting for the database');
    } else {
      this.watch(ask, message.type, deadlineMs);
      this.send(letter);
    }
    return promise;
  }

  private watch(ask: Ask, type: string, deadlineMs: number): void {
    this.asks.add(ask);
    ask.timer = this.backoff.set(this.backoff.now() + deadlineMs, () =>
      ask.fail('timeout', `no answer to ${type} within ${deadlineMs} ms`),
    );
  }

  /** The newest of a type and key, for everybody; a turn for those who observe it. */
  publish(message: Message, key: string): void {
    const name = `${message.type} ${key}`;
    message.at ??= this.ports.clock.marketNow();
    this.board.set(name, message);
    for (const { cell, newest } of this.router.of(message.type).observers) {
      if (newest) cell.newest.set(name, message);
      else cell.ticks.push(message);
      this.enqueue(cell);
    }
  }

  latest = (type: string, key: string): Message | undefined => this.board.get(`${type} ${key}`);

  enqueue(cell: Cell): void {
    if (cell.queued || cell.status !== 'running') return;
    cell.queued = true;
    this.ready.push(cell);
    this.schedule();
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    this.ports.scheduler.defer(this.drain);
  }

  private readonly drain = (): void => {
    this.scheduled = false;
    const { scheduler, clock } = this.ports;
    const startedAt = clock.monotonic();
    let budget: number = BOUNDS.turnsPerSlice;
    while (this.ready.length > 0 && budget > 0) {
      const cell = this.ready.takeAt(scheduler.pick(this.ready.length))!;
      cell.queued = false;
      const now = clock.marketNow();
      let turns = scheduler.turnsPerPick;
      while (turns > 0 && cell.status === 'running' && this.next(cell, now)) turns -= 1;
      budget -= scheduler.turnsPerPick - turns;
      if (cell.hasWork()) this.enqueue(cell);
    }
    this.busyMs += clock.monotonic() - startedAt;
    if (this.ready.length > 0) this.schedule();
    this.journal.flush();
  };

  /** Takes one piece of work of an agent; false when there is none. */
  private next(cell: Cell, now: number): boolean {
    const waking = cell.waking.shift();
    if (waking) {
      this.turn(cell, waking, now);
      return true;
    }
    if (cell.facts.length > 0) return this.nextFact(cell, now);
    const letter = cell.control.shift() ?? cell.mailbox.shift();
    if (letter) {
      this.turn(cell, letter, now);
      return true;
    }
    let tick = cell.ticks.shift();
    if (!tick) {
      const first = cell.newest.entries().next();
      if (first.done) return false;
      cell.newest.delete(first.value[0]);
      tick = first.value[1];
    }
    this.turn(cell, letterTo(cell.address, { ...tick }), now);
    return true;
  }

  private nextFact(cell: Cell, now: number): boolean {
    const record = cell.facts.peek()!;
    const { correlationId, principal, message, source, sequence } = record;
    if (
      !this.turn(
        cell,
        letterTo(cell.address, message, { source, correlationId, principal, causationSequence: sequence, record }),
        now,
      )
    )
      return false;
    cell.facts.shift();
    cell.factCrashes = 0;
    return true;
  }

  /** False: it threw, and the manager of lives knows. */
  private turn(cell: Cell, letter: Letter, now: number): boolean {
    this.turns += 1;
    cell.turns += 1;
    this.turnFacts = [];
    this.causation = letter.causationSequence;
    try {
      if (letter.fired && !this.takeDeadline(cell, letter)) return true;
      const taken = this.executor.turn(cell, letter, now);
      if (letter.ask && !letter.ask.settled && !letter.ask.promised && taken !== 'stashed')
        this.park(cell, letter, taken === 'taken');
    } catch (error) {
      this.lives.crashed(cell, letter, error);
      return false;
    }
    if (letter.closes) this.journal.fulfil(letter.closes);
    this.journal.endTurn(letter);
    if (this.immediate.length > 0) {
      for (const { cell: owner, record } of this.immediate.splice(0)) this.effects.start(owner, record, false);
    }
    if (!cell.definition.keyed && cell.host.done(cell.single.state)) this.lives.finished(cell);
    return true;
  }

  /** A request that was taken but not yet answered waits at its entity. */
  private park(cell: Cell, letter: Letter, taken: boolean): void {
    const ask = letter.ask!;
    if (ask.replyType === '' || !taken) return ask.fail('refused', `${letter.message.type} was not taken`);
    const key = letter.entity ?? cell.definition.keyed?.key(letter.message);
    const entity = key === undefined ? cell.single : cell.entity(key);
    if (!entity) return ask.fail('unavailable', `${letter.message.type} has no entity to wait at`);
    entity.asks ??= [];
    entity.asks.push(ask);
  }

  isFact(type: string): boolean {
    return type !== '$after' && type !== '$cancel' && this.router.of(type).entry.kind === 'fact';
  }

  speak(cell: Cell, entity: Entity, message: Message, letter: Letter): void {
    const route = this.router.of(message.type);
    switch (route.entry.kind) {
      case 'reply':
        this.reply(cell, entity, message, letter);
        break;
      case 'market':
        this.publish(message, (message as { symbol?: string }).symbol ?? '');
        break;
      default: {
        const { correlationId, principal } = letter;
        this.send(
          letterTo(route.receiver?.address ?? '', message, {
            source: cell.address,
            correlationId,
            principal,
            causationSequence: this.causation,
          }),
        );
      }
    }
  }

  /** Records a fact and shows it to its readers. */
  record(cell: Cell, message: Message, payload: string, letter: Letter | undefined): void {
    const { entry, readers } = this.router.of(message.type);
    const record = this.journal.append(message, payload, entry, cell.address, letter);
    this.causation = record.sequence;
    this.turnFacts.push(message.type);
    cell.lastFact = record.sequence;
    for (const reader of readers) {
      reader.facts.push(record);
      this.enqueue(reader);
    }
    const effect = cell.definition.effects?.[message.type];
    if (effect) {
      this.journal.promise({ sequence: record.sequence, agent: cell.address });
      if (effect.immediate) this.immediate.push({ cell, record });
    }
  }

  private reply(cell: Cell, entity: Entity, message: Message, letter: Letter): void {
    const waiting = entity.asks?.filter((ask) => ask.replyType === message.type) ?? [];
    if (waiting.length > 0) entity.asks = entity.asks!.filter((ask) => ask.replyType !== message.type);
    if (letter.ask?.replyType === message.type) waiting.push(letter.ask);
    for (const ask of waiting) this.settle(cell, ask, message);
    const asker = this.byAddress.get(letter.source);
    if (asker && !letter.record && this.router.of(message.type).awaiting.has(asker)) {
      const { correlationId, principal } = letter;
      this.send(
        letterTo(asker.address, message, {
          source: cell.address,
          correlationId,
          principal,
          causationSequence: this.causation,
        }),
      );
    }
  }

  /** An answer leaves when everything it may tell of is durable. */
  private settle(cell: Cell, ask: Ask, message: Message): void {
    ask.promised = true;
    this.journal.hold(
      () => {
        if (!ask.answer(message)) this.deadLetters.add(cell.address, message, 'late answer');
      },
      () => ask.fail('unavailable', 'the answer was lost before it was durable'),
    );
  }

  deadline(cell: Cell, entity: Entity, { sendId, delayMs, message, volatile }: After): void {
    this.arm(cell, entity, sendId, this.deadlines.now() + delayMs, message, volatile);
  }

  /** Absolute due time: a deadline that passed while nobody was there fires at once. */
  arm(cell: Cell, entity: Entity, sendId: string, due: number, message: Message, volatile = false): void {
    this.cancel(entity, sendId);
    const { life } = cell;
    const timer = this.deadlines.set(due, () => {
      if (cell.life === life)
        this.push(
          cell,
          letterTo(
            cell.address,
            { ...message },
            { source: 'deadline', entity: entity.key, fired: { sendId, deadline } },
          ),
        );
    });
    const deadline: Deadline = { due, message, volatile, timer };
    entity.deadlines ??= new Map();
    entity.deadlines.set(sendId, deadline);
  }

  cancel(entity: Entity, sendId: string): void {
    const known = entity.deadlines?.get(sendId);
    if (!known) return;
    this.deadlines.cancel(known.timer);
    entity.deadlines!.delete(sendId);
  }

  /** A deadline that was set again or cancelled since it fired belongs to an earlier generation: dropped. */
  private takeDeadline(cell: Cell, { entity: key, fired }: Letter): boolean {
    const entity = cell.entity(key!);
    if (!entity || entity.deadlines?.get(fired!.sendId) !== fired!.deadline) return false;
    entity.deadlines.delete(fired!.sendId);
    if (!fired!.deadline.volatile) this.mark(cell, entity);
    return true;
  }

  mark(cell: Cell, entity: Entity): void {
    if (cell.definition.durable) this.journal.mark(cell, entity);
  }

  ended(cell: Cell, entity: Entity): void {
    for (const { timer } of entity.deadlines?.values() ?? []) this.deadlines.cancel(timer);
    entity.deadlines = undefined;
    for (const letter of entity.stash ?? []) this.deadLetters.add(cell.address, letter.message, 'unknown entity');
    for (const ask of entity.asks ?? []) ask.fail('unavailable', `${cell.address} ${entity.key} has ended`);
  }

  private committed(records: readonly KeptRecord[]): void {
    for (const record of records) {
      const cell = this.byAddress.get(record.source);
      const effect = cell?.definition.effects?.[record.type];
      if (cell && effect && !effect.immediate && cell.status === 'running') this.effects.start(cell, record, false);
      for (const listener of this.listeners) listener(record);
    }
  }

  turnNow(cell: Cell, message: Message, record: JournalRecord): readonly string[] | undefined {
    const now = this.ports.clock.marketNow();
    while (cell.facts.length > 0) if (!this.nextFact(cell, now)) return undefined;
    const { correlationId, principal, sequence } = record;
    const done = this.turn(
      cell,
      letterTo(cell.address, message, { source: cell.address, correlationId, principal, causationSequence: sequence }),
      now,
    );
    const facts = this.turnFacts;
    // Facts of a turn outside the drain start their own commit.
    this.schedule();
    return done ? facts : undefined;
  }

  outcome(cell: Cell, record: JournalRecord, message: Message | undefined): void {
    const closes = { sequence: record.sequence, agent: cell.address };
    const { correlationId, principal, sequence } = record;
    if (message)
      return this.push(
        cell,
        letterTo(cell.address, message, {
          source: 'effect',
          correlationId,
          principal,
          causationSequence: sequence,
          closes,
        }),
      );
    this.journal.fulfil(closes);
    this.schedule();
  }

  parked(cell: Cell, record: JournalRecord, error: unknown): void {
    const closes = { sequence: record.sequence, agent: cell.address };
    this.lives.parked(cell, letterTo(cell.address, record.message, { closes }), error);
  }

  lateAnswer(cell: Cell, message: Message): void {
    this.deadLetters.add(cell.address, message, 'late answer');
  }

  show(message: Message): void {
    for (const watcher of this.watchers) watcher(message);
  }
}
