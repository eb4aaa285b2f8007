/**
 * What a turn has said goes its way: facts to the journal and their readers, commands to their receiver, replies to askers, deadlines
 * to the clock. Everything here happens in the same synchronous step as the turn.
 */
import type { Cell } from './cell.ts';
import type { Entity } from './entity.ts';
import type { Effector } from './executor.ts';
import type { KeptRecord } from './group.ts';
import type { Kernel } from './kernel.ts';
import { type Letter, letterOf } from './letter.ts';
import type { After } from './logic.ts';
import type { Message } from './message.ts';
import type { Route } from './router.ts';
import { storable } from './text.ts';

const NONE: readonly string[] = [];

export class Speech implements Effector {
  /** Types of the facts of the present turn. */
  facts: readonly string[] = NONE;
  /** Effects that don't wait for the commit of their fact. */
  readonly immediate: { readonly cell: Cell; readonly record: KeptRecord }[] = [];
  private recorded: string[] = [];
  private causation = 0;
  /** A fraction from the start, so that the first time does not change the shape of what every turn uses. */
  private now = Number.NaN;

  constructor(private readonly kernel: Kernel) {}

  begin(letter: Letter, now: number): void {
    this.facts = NONE;
    this.causation = letter.causationSequence;
    this.now = now;
  }

  latest = (type: string, key: string): Message | undefined => this.kernel.post.latest(type, key);

  /** Most agents say the same type again and again. */
  route(cell: Cell, type: string): Route | undefined {
    const { said } = cell;
    if (said !== undefined && said.type === type) return said;
    if (type === '$after' || type === '$cancel') return undefined;
    const route = this.kernel.router.of(type);
    cell.said = route;
    return route;
  }

  /** A bug must not become a memory. Costs two microseconds, a twentieth of a simulated order: live only the first of a type pay that. */
  check(route: Route, fact: Message): void {
    route.unchecked -= 1;
    const problem = this.kernel.catalog.problem?.(fact);
    if (problem !== undefined) throw new Error(`Invariant: ${fact.type} is what its schema says, not ${problem}`);
  }

  record(cell: Cell, route: Route, message: Message, payload: string, letter: Letter): void {
    const { journal } = this.kernel;
    const record = this.append(cell, route, message, payload, letter);
    this.causation = record.sequence;
    if (this.facts === NONE) {
      this.recorded = [];
      this.facts = this.recorded;
    }
    this.recorded.push(message.type);
    const effect = cell.manner.effects?.[message.type];
    if (!effect) return;
    journal.promise({ sequence: record.sequence, agent: cell.address });
    if (effect.immediate) this.immediate.push({ cell, record });
  }

  /** A fact between turns, like a turn that no letter has caused: a decision about an agent. It is told whatever its texts hold. */
  note<M extends Message>(cell: Cell, fact: M): void {
    const { journal, ports } = this.kernel;
    if (journal.stopped) return;
    const told = { ...fact, at: ports.clock.marketNow() };
    const payload = JSON.stringify(told, (_, value: unknown) => (typeof value === 'string' ? storable(value) : value));
    const route = this.kernel.router.of(fact.type);
    this.append(cell, route, Object.freeze(JSON.parse(payload) as Message), payload, undefined);
    journal.endTurn(undefined);
    this.kernel.schedule();
  }

  private append(
    cell: Cell,
    { entry, readers }: Route,
    message: Message,
    payload: string,
    letter: Letter | undefined,
  ): KeptRecord {
    const { kernel } = this;
    const record = kernel.journal.append(message, payload, entry, cell.address, letter);
    for (const reader of readers) {
      reader.offerFact(record);
      kernel.enqueue(reader);
    }
    return record;
  }

  speak(cell: Cell, entity: Entity, route: Route, message: Message, letter: Letter): void {
    const { kernel } = this;
    if (route.isSent) {
      kernel.post.send(this.letter(cell, route.receiver?.address ?? '', message, letter), route);
      return;
    }
    if (route.entry.kind === 'market') {
      kernel.post.publish({ ...message, at: this.now }, (message as { symbol?: string }).symbol ?? '');
      return;
    }
    kernel.requests.reply(cell, entity, message, letter.ask);
    if (route.awaiting.size === 0 || letter.record) return;
    const asker = kernel.cell(letter.source);
    if (asker && route.awaiting.has(asker)) kernel.post.push(asker, this.letter(cell, asker.address, message, letter));
  }

  private letter(cell: Cell, target: string, message: Message, cause: Letter): Letter {
    return letterOf(cell.address, target, message, cause.correlationId, cause.principal, this.causation);
  }

  deadline(cell: Cell, entity: Entity, { sendId, delayMs, message, volatile }: After): void {
    this.kernel.deadlines.arm(cell, entity, sendId, this.now + delayMs, message, volatile && delayMs);
  }

  cancel(entity: Entity, sendId: string): void {
    this.kernel.deadlines.cancel(entity, sendId);
  }

  mark(cell: Cell, entity: Entity): void {
    this.kernel.mark(cell, entity);
  }

  ended(cell: Cell, entity: Entity): void {
    const { kernel } = this;
    kernel.deadlines.cancelAll(entity);
    const reason = `${cell.address} ${entity.key} has ended`;
    for (const { message, ask, closes } of entity.stash ?? []) {
      kernel.deadLetters.add(cell.address, message, 'unknown entity');
      ask?.fail('unavailable', reason);
      if (closes) kernel.journal.fulfil(closes);
    }
    for (const ask of entity.asks ?? []) if (!ask.promised) ask.fail('unavailable', reason);
  }
}
