/**
 * Runs turns in two steps. The plan gathers everything: shared part, entity, fan-out, the text of each fact; what throws there never
 * happened. Carrying it out can't fail for a reason of the agent.
 */
import type { Latest } from './agent.ts';
import { BOUNDS } from './bounds.ts';
import type { Cell } from './cell.ts';
import type { DeadLetters } from './dead-letters.ts';
import { type Entity, entityOf, SHARED } from './entity.ts';
import type { Letter } from './letter.ts';
import type { After, CancelAfter } from './logic.ts';
import type { JournalRecord, Message } from './message.ts';
import { type Change, Plan } from './plan.ts';
import type { Clock } from './ports.ts';
import { Refusals } from './refusals.ts';
import type { Route } from './router.ts';
import { isStorable, isStorableJson } from './text.ts';

const NO_MESSAGES: readonly Message[] = [];

export type Taken = 'taken' | 'stashed' | 'dropped';

/** What the kernel does with a turn that has succeeded. */
export interface Effector {
  latest: Latest;
  /** Where a type goes, undefined for a deadline; throws for a type that nobody knows. */
  route(cell: Cell, type: string): Route | undefined;
  /** Throws for a fact that is not what its schema says. */
  check(route: Route, fact: Message): void;
  record(cell: Cell, route: Route, fact: Message, payload: string, letter: Letter): void;
  /** Commands, queries, replies, market data. */
  speak(cell: Cell, entity: Entity, route: Route, message: Message, letter: Letter): void;
  deadline(cell: Cell, entity: Entity, set: After): void;
  cancel(entity: Entity, sendId: string): void;
  mark(cell: Cell, entity: Entity): void;
  ended(cell: Cell, entity: Entity): void;
}

export class Executor {
  /** Of the present turn; turns never overlap. */
  private readonly present = new Plan();
  readonly refusals: Refusals;

  constructor(
    private readonly effector: Effector,
    private readonly deadLetters: DeadLetters,
    clock: Clock,
  ) {
    this.refusals = new Refusals(clock);
  }

  /** Throws what the logic threw, or the database when it refused this letter before, and then nothing has changed. */
  plan(cell: Cell, letter: Letter, now: number): void {
    this.present.clear();
    if (this.refusals.any) this.refusals.check(letter);
    const message = letter.record ? sound(letter.record) : timed(letter.message, now);
    if (cell.isKeyed) this.keyed(cell, message, letter.entity);
    else this.whole(cell, message);
    this.close(cell, now);
  }

  /** What a machine says when it starts afresh. */
  planBeginning(cell: Cell, outputs: readonly Message[], now: number): void {
    this.present.clear();
    const change = this.present.add(cell.single);
    change.born = true;
    for (const message of outputs) change.push(message);
    this.close(cell, now);
  }

  /** Does what was planned last. */
  carryOut(cell: Cell, letter: Letter): Taken {
    const { present } = this;
    let taken: Taken = 'taken';
    if (!present.taken) taken = this.notTaken(cell, letter);
    else for (let index = 0; index < present.length; index += 1) this.apply(cell, present.at(index), letter);
    present.clear();
    return taken;
  }

  private close(cell: Cell, now: number): void {
    const { present } = this;
    for (let index = 0; index < present.length; index += 1) {
      const change = present.at(index);
      if (!change.isSomething) continue;
      present.taken = true;
      if (change.said > 0) this.stamp(cell, change, now);
    }
  }

  private whole(cell: Cell, message: Message): void {
    const { manner, host, single } = cell;
    const prepared = manner.prepare ? manner.prepare(message, undefined, this.effector.latest) : message;
    const change = this.present.add(single);
    change.next = host.step(single.state, prepared, change);
  }

  private keyed(cell: Cell, message: Message, entity: string | undefined): void {
    const { manner } = cell;
    const keyed = manner.keyed!;
    const shared = this.shared(cell, message, entity);
    const prepared = manner.prepare ? manner.prepare(message, shared, this.effector.latest) : message;
    const scan = keyed.scans?.[prepared.type];
    if (scan) {
      this.answer(cell, shared, scan(prepared, cell.states));
      return;
    }
    const key = entity ?? keyed.key(prepared);
    if (key !== undefined && key !== SHARED) this.one(cell, key, prepared, shared);
    const others = keyed.fanOut?.(prepared, cell.states);
    if (!others?.length) return;
    for (const other of new Set(others)) if (other !== key) this.one(cell, other, prepared, shared);
  }

  /** The shared part's step, when the message is for it; returns its next state. */
  private shared({ sharedHost, single }: Cell, message: Message, entity: string | undefined): unknown {
    if (!sharedHost || (entity !== undefined && entity !== SHARED)) return single.state;
    const change = this.present.add(single);
    const next = sharedHost.step(single.state, message, change);
    change.next = next;
    if (!change.isSomething) this.present.dropLast();
    return next;
  }

  /** The shared part says something about its entities, or about one that it does not know. */
  private answer({ single }: Cell, shared: unknown, messages: readonly Message[]): void {
    const change = this.present.add(single);
    change.next = shared;
    for (const message of messages) change.push(message);
  }

  private one(cell: Cell, key: string, message: Message, shared: unknown): void {
    const { host } = cell;
    const keyed = cell.manner.keyed!;
    const known = cell.keyedEntity(key);
    if (known) {
      const change = this.present.add(known);
      change.next = host.step(known.state, message, change);
      change.ended = change.next !== known.state && keyed.ended(change.next);
      return;
    }
    if (!keyed.creates.includes(message.type)) {
      this.answer(cell, shared, keyed.unknown?.(message) ?? NO_MESSAGES);
      return;
    }
    if (keyed.bound && cell.entities.size >= keyed.bound.entities) {
      this.answer(cell, shared, keyed.bound.refused(message));
      return;
    }
    if (!isStorable(key)) throw new Error(`an entity's key holds NUL or a lone surrogate`);
    const made = entityOf(key, undefined);
    const change = this.present.add(made);
    made.state = host.initial(inputOf(keyed.input, key, message.at), change);
    change.next = host.step(made.state, message, change);
    change.born = true;
    change.ended = keyed.ended(change.next);
  }

  /** Facts get their time and their text. A string that no database can hold fails the turn here, at the message that brought it. */
  private stamp(cell: Cell, change: Change, now: number): void {
    for (let index = 0; index < change.said; index += 1) {
      const utterance = change.at(index);
      const { message } = utterance;
      const route = this.effector.route(cell, message.type);
      utterance.route = route;
      if (!route?.isFact) continue;
      const fact = Object.freeze(timed(message, now));
      if (route.unchecked > 0) this.effector.check(route, fact);
      const payload = JSON.stringify(fact);
      if (!isStorableJson(payload)) throw new Error(`${message.type} holds NUL or a lone surrogate`);
      utterance.message = fact;
      utterance.payload = payload;
    }
  }

  private apply(cell: Cell, change: Change, letter: Letter): void {
    const { entity, next, born, ended } = change;
    const { effector } = this;
    const changed = born || next !== entity.state;
    let touched = changed;
    entity.state = next;
    if (born && entity.key !== SHARED) cell.entities.set(entity.key, entity);
    for (let index = 0; index < change.said; index += 1) {
      const { message, route, payload } = change.at(index);
      if (payload !== undefined) effector.record(cell, route!, message, payload, letter);
      else if (route) effector.speak(cell, entity, route, message, letter);
      else if (message.type === '$after') {
        effector.deadline(cell, entity, message as After);
        touched ||= !(message as After).volatile;
      } else {
        touched ||= (entity.deadlines?.size ?? 0) > 0;
        effector.cancel(entity, (message as CancelAfter).sendId);
      }
    }
    if (ended) {
      entity.ended = true;
      cell.entities.delete(entity.key);
      effector.ended(cell, entity);
    }
    if (touched) effector.mark(cell, entity);
    if (ended) cell.asleep?.left(entity.key);
    if (changed && entity.stash && !ended) unstash(cell, entity);
  }

  private notTaken(cell: Cell, letter: Letter): Taken {
    const { manner } = cell;
    const { type } = letter.message;
    if (type === 'resumed' || manner.ignores?.includes(type)) return 'dropped';
    const found = this.present.entity(cell.isKeyed);
    if (found && manner.parks?.includes(type)) return 'taken';
    if (found && manner.stashes?.includes(type)) {
      found.stash ??= [];
      if (found.stash.length < BOUNDS.stash) {
        // The deadline has fired; what is kept is its message.
        letter.fired = undefined;
        found.stash.push(letter);
        return 'stashed';
      }
      this.deadLetters.add(cell.address, letter.message, 'stash full');
    } else this.deadLetters.add(cell.address, letter.message, cell.isKeyed && !found ? 'unknown entity' : 'not taken');
    return 'dropped';
  }
}

/** The message with its time; only one that has another already (a constant that is said many times), or belongs to somebody else, is copied. */
function timed(message: Message, now: number): Message {
  if (message.at === now) return message;
  if (message.at === undefined)
    try {
      message.at = now;
      return message;
    } catch {
      // A frozen one. To try costs nothing; to ask every message first costs as much as the rest of its turn.
    }
  return { ...message, at: now };
}

/** Given to all, said once: fields behind a spread are added one by one, for each entity again. */
function inputOf(given: unknown, key: string, at: number | undefined): unknown {
  const input: Record<string, unknown> = { key, at };
  for (const name in given as object | undefined)
    if (!(name in input)) input[name] = (given as Record<string, unknown>)[name];
  return input;
}

/** The message of a record that can be taken. */
function sound({ message, fault }: JournalRecord): Message {
  if (fault !== undefined) throw new Error(fault);
  return message;
}

/** A changed entity sees its kept messages again, before newer ones. */
function unstash(cell: Cell, entity: Entity): void {
  const kept = entity.stash!;
  entity.stash = undefined;
  for (const letter of kept.reverse()) cell.offerAgain(letter, false);
}
