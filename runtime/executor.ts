/**
 * Runs turns. A turn gathers everything first and applies it only when every part has succeeded: shared part, entity, fan-out,
 * and the text of each fact. What throws before that point never happened.
 */
import type { Cell, Entity, Letter } from './cell.ts';
import { SHARED } from './cell.ts';
import { BOUNDS } from './bounds.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { After, CancelAfter } from './logic.ts';
import type { Message } from './message.ts';
import type { Latest } from './agent.ts';

/** One entity's part of a turn. */
interface Change {
  readonly entity: Entity;
  readonly next: unknown;
  readonly outputs: readonly Message[];
  readonly born: boolean;
}

interface Stamped {
  readonly message: Message;
  readonly payload: string;
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

const NONE: readonly Message[] = [];
/** NUL or a lone surrogate, as JSON.stringify writes them. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/;

export class Executor {
  constructor(
    private readonly effector: Effector,
    private readonly deadLetters: DeadLetters,
  ) {}

  /** One turn of one agent. Throws what the logic threw, and then nothing has changed. */
  turn(cell: Cell, letter: Letter, now: number): Taken {
    if (!letter.record) letter.message.at = now;
    const changes = cell.definition.keyed ? this.keyed(cell, letter) : this.whole(cell, letter.message);
    const facts = this.stamp(changes, now);
    const taken = changes.some(
      (change) => change.born || change.next !== change.entity.state || change.outputs.length > 0,
    );
    if (!taken) return this.notTaken(cell, changes, letter);
    this.apply(cell, changes, facts, letter);
    return 'taken';
  }

  private whole(cell: Cell, message: Message): Change[] {
    const { definition, host, single } = cell;
    const prepared = definition.prepare ? definition.prepare(message, undefined, this.effector.latest) : message;
    const outputs: Message[] = [];
    const next = host.step(single.state, prepared, outputs);
    return [{ entity: single, next, outputs, born: false }];
  }

  private keyed(cell: Cell, { message, entity }: Letter): Change[] {
    const { definition, sharedHost, single } = cell;
    const keyed = definition.keyed!;
    const changes: Change[] = [];
    let shared = single.state;
    if (sharedHost && (entity === undefined || entity === SHARED)) {
      const outputs: Message[] = [];
      shared = sharedHost.step(single.state, message, outputs);
      if (shared !== single.state || outputs.length > 0)
        changes.push({ entity: single, next: shared, outputs, born: false });
    }
    const prepared = definition.prepare ? definition.prepare(message, shared, this.effector.latest) : message;
    const scan = keyed.scans?.[prepared.type];
    if (scan) {
      changes.push({ entity: single, next: shared, outputs: scan(prepared, cell.states), born: false });
      return changes;
    }
    const key = entity ?? keyed.key(prepared);
    if (key !== undefined && key !== SHARED) changes.push(this.one(cell, key, prepared));
    for (const other of keyed.fanOut?.(prepared, cell.states) ?? []) {
      if (other !== key) changes.push(this.one(cell, other, prepared));
    }
    return changes;
  }

  private one(cell: Cell, key: string, message: Message): Change {
    const { definition, host } = cell;
    const keyed = definition.keyed!;
    const known = cell.entities.get(key);
    const outputs: Message[] = [];
    if (known) return { entity: known, next: host.step(known.state, message, outputs), outputs, born: false };
    if (keyed.creates.includes(message.type)) {
      const state = host.initial({ ...(definition.input as object | undefined), key, at: message.at }, outputs);
      const entity = cell.fresh(key, state);
      return { entity, next: host.step(state, message, outputs), outputs, born: true };
    }
    const answers = keyed.unknown?.(message);
    if (answers && answers.length > 0)
      return { entity: cell.single, next: cell.single.state, outputs: answers, born: false };
    return { entity: cell.single, next: cell.single.state, outputs: NONE, born: false };
  }

  /** Facts get their time and their text. A string that no database can hold fails the turn here, at the message that brought it. */
  private stamp(changes: readonly Change[], now: number): Stamped[] {
    const facts: Stamped[] = [];
    for (const { outputs } of changes) {
      for (const message of outputs) {
        if (!this.effector.isFact(message.type)) continue;
        // A copy: a machine may emit one constant object many times.
        const fact = Object.freeze({ ...message, at: now });
        const payload = JSON.stringify(fact);
        if (payload.includes('\\u') && UNSTORABLE.test(payload))
          throw new Error(`${message.type} holds NUL or a lone surrogate`);
        facts.push({ message: fact, payload });
      }
    }
    return facts;
  }

  private apply(cell: Cell, changes: readonly Change[], facts: readonly Stamped[], letter: Letter): void {
    const { definition } = cell;
    let at = 0;
    for (const { entity, next, outputs, born } of changes) {
      const changed = born || next !== entity.state;
      const deadlines = entity.deadlines?.size ?? 0;
      entity.state = next;
      if (born) cell.entities.set(entity.key, entity);
      let touched = changed;
      for (const message of outputs) {
        if (message.type === '$after') {
          this.effector.deadline(cell, entity, message as After);
          touched ||= !(message as After).volatile;
        } else if (message.type === '$cancel') {
          touched ||= deadlines > 0;
          this.effector.cancel(entity, (message as CancelAfter).sendId);
        } else if (this.effector.isFact(message.type)) {
          this.effector.record(cell, facts[at]!.message, facts[at]!.payload, letter);
          at += 1;
        } else {
          this.effector.speak(cell, entity, message, letter);
        }
      }
      const ended = entity.key !== SHARED && definition.keyed !== undefined && definition.keyed.ended(next);
      if (ended) {
        cell.entities.delete(entity.key);
        this.effector.ended(cell, entity);
      }
      if (touched || ended) this.effector.mark(cell, entity);
      if (changed && entity.stash && !ended) this.unstash(cell, entity);
    }
  }

  private notTaken(cell: Cell, changes: readonly Change[], letter: Letter): Taken {
    const { definition } = cell;
    const { type } = letter.message;
    if (type === 'resumed' || definition.ignores?.includes(type)) return 'dropped';
    const entity = changes.find((change) => change.entity.key !== SHARED)?.entity;
    if (entity && definition.parks?.includes(type)) return 'taken';
    if (entity && definition.stashes?.includes(type)) {
      entity.stash ??= [];
      if (entity.stash.length < BOUNDS.stash) {
        entity.stash.push(letter);
        return 'stashed';
      }
      this.deadLetters.add(cell.address, letter.message, 'stash full');
    } else
      this.deadLetters.add(cell.address, letter.message, definition.keyed && !entity ? 'unknown entity' : 'not taken');
    return 'dropped';
  }

  /** A changed entity sees its kept messages again, before newer ones. */
  private unstash(cell: Cell, entity: Entity): void {
    const kept = entity.stash!;
    entity.stash = undefined;
    for (const letter of kept.reverse()) cell.mailbox.unshift(letter);
  }
}
