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
import type { Message } from './message.ts';
import { isStorable, isStorableJson } from './text.ts';

/** One entity's part of a turn. */
interface Change {
  readonly entity: Entity;
  readonly next: unknown;
  readonly outputs: readonly Message[];
  readonly born: boolean;
  readonly ended: boolean;
}

interface Stamped {
  readonly message: Message;
  readonly payload: string;
}

export interface Plan {
  readonly changes: readonly Change[];
  readonly facts: readonly Stamped[];
  readonly taken: boolean;
}

export type Taken = 'taken' | 'stashed' | 'dropped';

/** What the kernel does with a turn that has succeeded. */
export interface Effector {
  latest: Latest;
  isFact(type: string): boolean;
  record(cell: Cell, fact: Message, payload: string, letter: Letter): void;
  /** Commands, queries, replies, market data. */
  speak(cell: Cell, entity: Entity, message: Message, letter: Letter): void;
  deadline(cell: Cell, entity: Entity, set: After): void;
  cancel(entity: Entity, sendId: string): void;
  mark(cell: Cell, entity: Entity): void;
  ended(cell: Cell, entity: Entity): void;
}

const NO_MESSAGES: readonly Message[] = [];
const NO_FACTS: readonly Stamped[] = [];

export class Executor {
  constructor(
    private readonly effector: Effector,
    private readonly deadLetters: DeadLetters,
  ) {}

  /** Throws what the logic threw, and then nothing has changed. */
  plan(cell: Cell, letter: Letter, now: number): Plan {
    const message = letter.record ? letter.message : timed(letter.message, now);
    const changes = cell.definition.keyed ? this.keyed(cell, message, letter.entity) : this.whole(cell, message);
    return this.planOf(changes, now);
  }

  /** What a machine says when it starts afresh. */
  planBeginning({ single }: Cell, outputs: readonly Message[], now: number): Plan {
    return this.planOf([{ entity: single, next: single.state, outputs, born: true, ended: false }], now);
  }

  carryOut(cell: Cell, { changes, facts, taken }: Plan, letter: Letter): Taken {
    if (!taken) return this.notTaken(cell, changes, letter);
    let stamped = 0;
    for (const change of changes) stamped = this.apply(cell, change, facts, stamped, letter);
    return 'taken';
  }

  private planOf(changes: readonly Change[], now: number): Plan {
    let taken = false;
    for (const { born, next, entity, outputs } of changes)
      if (born || next !== entity.state || outputs.length > 0) taken = true;
    return { changes, facts: taken ? this.stamp(changes, now) : NO_FACTS, taken };
  }

  private whole(cell: Cell, message: Message): Change[] {
    const { definition, host, single } = cell;
    const prepared = definition.prepare ? definition.prepare(message, undefined, this.effector.latest) : message;
    const outputs: Message[] = [];
    const next = host.step(single.state, prepared, outputs);
    return [{ entity: single, next, outputs, born: false, ended: false }];
  }

  private keyed(cell: Cell, message: Message, entity: string | undefined): Change[] {
    const { definition, sharedHost, single } = cell;
    const keyed = definition.keyed!;
    const changes: Change[] = [];
    let shared = single.state;
    if (sharedHost && (entity === undefined || entity === SHARED)) {
      const outputs: Message[] = [];
      shared = sharedHost.step(single.state, message, outputs);
      if (shared !== single.state || outputs.length > 0) changes.push(partOfShared(cell, shared, outputs));
    }
    const prepared = definition.prepare ? definition.prepare(message, shared, this.effector.latest) : message;
    const scan = keyed.scans?.[prepared.type];
    if (scan) {
      changes.push(partOfShared(cell, shared, scan(prepared, cell.states)));
      return changes;
    }
    const key = entity ?? keyed.key(prepared);
    if (key !== undefined && key !== SHARED) changes.push(this.one(cell, key, prepared, shared));
    const others = keyed.fanOut?.(prepared, cell.states);
    if (!others?.length) return changes;
    for (const other of new Set(others)) if (other !== key) changes.push(this.one(cell, other, prepared, shared));
    return changes;
  }

  private one(cell: Cell, key: string, message: Message, shared: unknown): Change {
    const { definition, host } = cell;
    const keyed = definition.keyed!;
    const known = cell.entities.get(key);
    const outputs: Message[] = [];
    if (known) {
      const next = host.step(known.state, message, outputs);
      return { entity: known, next, outputs, born: false, ended: next !== known.state && keyed.ended(next) };
    }
    if (!keyed.creates.includes(message.type))
      return partOfShared(cell, shared, keyed.unknown?.(message) ?? NO_MESSAGES);
    if (!isStorable(key)) throw new Error(`an entity's key holds NUL or a lone surrogate`);
    const state = host.initial({ ...(definition.input as object | undefined), key, at: message.at }, outputs);
    const next = host.step(state, message, outputs);
    return { entity: entityOf(key, state), next, outputs, born: true, ended: keyed.ended(next) };
  }

  /** Facts get their time and their text. A string that no database can hold fails the turn here, at the message that brought it. */
  private stamp(changes: readonly Change[], now: number): readonly Stamped[] {
    let facts: Stamped[] | undefined;
    for (const { outputs } of changes) {
      for (const message of outputs) {
        if (!this.effector.isFact(message.type)) continue;
        const fact = Object.freeze(timed(message, now));
        const payload = JSON.stringify(fact);
        if (!isStorableJson(payload)) throw new Error(`${message.type} holds NUL or a lone surrogate`);
        facts ??= [];
        facts.push({ message: fact, payload });
      }
    }
    return facts ?? NO_FACTS;
  }

  /** Returns how many facts have been recorded, those of earlier parts included. */
  private apply(cell: Cell, change: Change, facts: readonly Stamped[], stamped: number, letter: Letter): number {
    const { entity, next, outputs, born, ended } = change;
    const { effector } = this;
    const changed = born || next !== entity.state;
    let touched = changed;
    let at = stamped;
    entity.state = next;
    if (born && entity.key !== SHARED) cell.entities.set(entity.key, entity);
    for (const message of outputs) {
      if (message.type === '$after') {
        effector.deadline(cell, entity, message as After);
        touched ||= !(message as After).volatile;
      } else if (message.type === '$cancel') {
        touched ||= (entity.deadlines?.size ?? 0) > 0;
        effector.cancel(entity, (message as CancelAfter).sendId);
      } else if (effector.isFact(message.type)) {
        effector.record(cell, facts[at]!.message, facts[at]!.payload, letter);
        at += 1;
      } else {
        effector.speak(cell, entity, message, letter);
      }
    }
    if (ended) {
      entity.ended = true;
      cell.entities.delete(entity.key);
      effector.ended(cell, entity);
    }
    if (touched) effector.mark(cell, entity);
    if (changed && entity.stash && !ended) unstash(cell, entity);
    return at;
  }

  private notTaken(cell: Cell, changes: readonly Change[], letter: Letter): Taken {
    const { definition } = cell;
    const { type } = letter.message;
    if (type === 'resumed' || definition.ignores?.includes(type)) return 'dropped';
    const found = changes.find(({ entity }) => !definition.keyed || entity.key !== SHARED)?.entity;
    if (found && definition.parks?.includes(type)) return 'taken';
    if (found && definition.stashes?.includes(type)) {
      found.stash ??= [];
      if (found.stash.length < BOUNDS.stash) {
        // The deadline has fired; what is kept is its message.
        letter.fired = undefined;
        found.stash.push(letter);
        return 'stashed';
      }
      this.deadLetters.add(cell.address, letter.message, 'stash full');
    } else
      this.deadLetters.add(cell.address, letter.message, definition.keyed && !found ? 'unknown entity' : 'not taken');
    return 'dropped';
  }
}

/** The message with its time; only one that has another already (a constant that is said many times), or belongs to somebody else, is copied. */
function timed(message: Message, now: number): Message {
  if (message.at === now) return message;
  if (message.at !== undefined || !Object.isExtensible(message)) return { ...message, at: now };
  message.at = now;
  return message;
}

function partOfShared({ single }: Cell, next: unknown, outputs: readonly Message[]): Change {
  return { entity: single, next, outputs, born: false, ended: false };
}

/** A changed entity sees its kept messages again, before newer ones. */
function unstash(cell: Cell, entity: Entity): void {
  const kept = entity.stash!;
  entity.stash = undefined;
  for (const letter of kept.reverse()) cell.mailbox.unshift(letter);
}
