/** An envelope on its way, with what only the kernel needs. A message gets its time when it is first delivered, and never another. */
import type { Ask } from './asks.ts';
import type { Envelope, JournalRecord, Message } from './message.ts';
import type { EffectRow } from './store.ts';
import type { Timer } from './timers.ts';

export interface Deadline {
  readonly due: number;
  readonly message: Message;
  /** Not part of the durable state. */
  readonly volatile: boolean;
  readonly timer: Timer;
}

export interface Letter extends Envelope {
  ask: Ask | undefined;
  /** The effect whose outcome this is. */
  readonly closes: EffectRow | undefined;
  /** The record when the message is a fact: then `at` stays what it was. */
  readonly record: JournalRecord | undefined;
  /** Goes to this entity whatever the message says. */
  readonly entity: string | undefined;
  /** The deadline that fired; void when the entity has set or cancelled it since. */
  fired: { readonly sendId: string; readonly deadline: Deadline } | undefined;
  crashes: number;
}

/** Source of the turn that releases an effect: it is tried again with its effect, never as a letter. */
export const RELEASE = 'release';

const OUTSIDE = { source: 'outside', correlationId: '', causationSequence: 0, principal: 'system' } as const;
let letterIds = 0;

/** Ids of letters never leave the process. */
export function letterTo(
  target: string,
  message: Message,
  from: Partial<Omit<Letter, 'id' | 'target' | 'message' | 'crashes'>> = OUTSIDE,
): Letter {
  letterIds += 1;
  return {
    id: letterIds,
    source: from.source ?? OUTSIDE.source,
    target,
    message,
    correlationId: from.correlationId ?? '',
    causationSequence: from.causationSequence ?? 0,
    principal: from.principal ?? OUTSIDE.principal,
    ask: from.ask,
    closes: from.closes,
    record: from.record,
    entity: from.entity,
    fired: from.fired,
    crashes: 0,
  };
}
