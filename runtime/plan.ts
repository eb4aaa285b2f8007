/**
 * What a turn is about to do, gathered before any of it happens: each entity's next state and what it says. One plan serves all turns, one
 * after the other, so that a turn leaves no garbage of ours behind; nothing of it is kept beyond its turn.
 */
import { type Entity, entityOf, SHARED } from './entity.ts';
import type { Message, Outbox } from './message.ts';
import type { Route } from './router.ts';

const NOBODY = entityOf(SHARED, undefined);
const NOTHING: Message = { type: '' };
/** Room that a plan keeps from one turn to the next; what a turn needs beyond it is given back. */
const SAID_KEPT = 64;
const CHANGES_KEPT = 1_024;

/** A message that a turn says: where it goes (nowhere: a deadline), and the text of a fact. */
class Utterance {
  message: Message = NOTHING;
  route: Route | undefined = undefined;
  payload: string | undefined = undefined;
}

/** One entity's part of a turn. */
export class Change implements Outbox {
  entity: Entity = NOBODY;
  next: unknown = undefined;
  born = false;
  ended = false;
  said = 0;
  /** Begins with one: an array that was empty once is of another kind to the engine, in every new house again. */
  private readonly utterances: Utterance[] = [new Utterance()];

  push(message: Message): void {
    if (this.said === this.utterances.length) this.utterances.push(new Utterance());
    this.utterances[this.said]!.message = message;
    this.said += 1;
  }

  at(index: number): Utterance {
    return this.utterances[index]!;
  }

  get isSomething(): boolean {
    return this.said > 0 || this.born || this.next !== this.entity.state;
  }

  clear(): void {
    this.entity = NOBODY;
    this.next = undefined;
    this.born = false;
    this.ended = false;
    if (this.said > SAID_KEPT) this.utterances.length = SAID_KEPT;
    for (let index = Math.min(this.said, SAID_KEPT) - 1; index >= 0; index -= 1) {
      const utterance = this.utterances[index]!;
      utterance.message = NOTHING;
      utterance.route = undefined;
      utterance.payload = undefined;
    }
    this.said = 0;
  }
}

export class Plan {
  private readonly changes: Change[] = [new Change()];
  length = 0;
  taken = false;

  at(index: number): Change {
    return this.changes[index]!;
  }

  /** A part that changes nothing yet. */
  add(entity: Entity): Change {
    if (this.length === this.changes.length) this.changes.push(new Change());
    const change = this.changes[this.length]!;
    this.length += 1;
    change.entity = entity;
    change.next = entity.state;
    return change;
  }

  /** The first entity that the turn was for; an agent's shared part is none. */
  entity(isKeyed: boolean): Entity | undefined {
    for (let index = 0; index < this.length; index += 1) {
      const { entity } = this.changes[index]!;
      if (!isKeyed || entity.key !== SHARED) return entity;
    }
    return undefined;
  }

  dropLast(): void {
    this.length -= 1;
    this.changes[this.length]!.clear();
  }

  clear(): void {
    for (let index = 0; index < this.length; index += 1) this.changes[index]!.clear();
    if (this.length > CHANGES_KEPT) this.changes.length = CHANGES_KEPT;
    this.length = 0;
    this.taken = false;
  }
}
