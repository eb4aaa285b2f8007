/**
 * What a turn is about to do, gathered before any of it happens: each entity's next state and what it says. One plan serves all turns, one
 * after the other, so that a turn leaves no garbage of ours behind; nothing of it is kept beyond its turn.
 */
import { type Entity, entityOf, SHARED } from './entity.ts';
import type { Message, Outbox } from './message.ts';
import type { Route } from './router.ts';

const NOBODY = entityOf(SHARED, undefined);
/** Room that a plan keeps from one turn to the next; a turn that needs more gets it for itself. */
const SAID_KEPT = 64;

/** One entity's part of a turn. */
export class Change implements Outbox {
  entity: Entity = NOBODY;
  next: unknown = undefined;
  born = false;
  ended = false;
  /** How much it has said; beside each message its route (none for a deadline), and for a fact its text. */
  said = 0;
  messages: (Message | undefined)[] = [];
  routes: (Route | undefined)[] = [];
  payloads: (string | undefined)[] = [];

  push(message: Message): void {
    this.messages[this.said] = message;
    this.said += 1;
  }

  get isSomething(): boolean {
    return this.said > 0 || this.born || this.next !== this.entity.state;
  }

  clear(): void {
    this.entity = NOBODY;
    this.next = undefined;
    this.born = false;
    this.ended = false;
    if (this.said > SAID_KEPT) {
      this.messages = [];
      this.routes = [];
      this.payloads = [];
    } else
      for (let index = 0; index < this.said; index += 1) {
        this.messages[index] = undefined;
        this.routes[index] = undefined;
        this.payloads[index] = undefined;
      }
    this.said = 0;
  }
}

export class Plan {
  private readonly changes: Change[] = [];
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
    this.length = 0;
    this.taken = false;
  }
}
