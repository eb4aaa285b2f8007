/**
 * An envelope on its way, with what only the kernel needs. A message has the time of the delivery that is under way, so that a turn never
 * looks back: one that was kept, or is tried again, gets a new one. A fact keeps the time of its record.
 */
import type { Ask } from './asks.ts';
import type { Timer } from './due-queue.ts';
import type { Envelope, JournalRecord, Message } from './message.ts';
import type { EffectRow } from './store.ts';

export interface Deadline {
  readonly due: number;
  readonly message: Message;
  /** Only of one that is not part of the durable state: the longest that it waits, also when the clock is put back meanwhile. */
  readonly waitMs: number | undefined;
  readonly timer: Timer;
}

export interface Letter extends Envelope {
  ask: Ask | undefined;
  /** The effect whose outcome this is. */
  closes: EffectRow | undefined;
  /** The record when the message is a fact: then `at` stays what it was. */
  readonly record: JournalRecord | undefined;
  /** Goes to this entity whatever the message says. */
  entity: string | undefined;
  /** The deadline that fired; void when the entity has set or cancelled it since. */
  fired: { readonly sendId: string; readonly deadline: Deadline } | undefined;
  crashes: number;
}

/** Source of the turn that releases an effect: it is tried again with its effect, never as a letter. */
export const RELEASE = 'release';
/** Source of what an agent hears instead of a parked outcome: parked itself it is not replaced again. */
export const INSTEAD = 'instead';

const OUTSIDE = { source: 'outside', principal: 'system' } as const;
export const isFromOutside = ({ source }: Letter): boolean => source === OUTSIDE.source;
/** Ids of letters never leave the process. */
let letterIds = 0;

/** Made in one piece: this is what a message costs in memory. */
export function letterOf(
  source: string,
  target: string,
  message: Message,
  correlationId: string,
  principal: string,
  causationSequence: number,
  record?: JournalRecord,
): Letter {
  letterIds += 1;
  return {
    id: letterIds,
    source,
    target,
    message,
    correlationId,
    causationSequence,
    principal,
    ask: undefined,
    closes: undefined,
    record,
    entity: undefined,
    fired: undefined,
    crashes: 0,
  };
}

type Particulars = Partial<
  Pick<Letter, 'source' | 'correlationId' | 'causationSequence' | 'principal' | 'ask' | 'closes' | 'entity' | 'fired'>
>;

/** The same with what is the case only now and then. */
export function letterTo(target: string, message: Message, from: Particulars = OUTSIDE): Letter {
  const { source = OUTSIDE.source, correlationId = '', principal = OUTSIDE.principal, causationSequence = 0 } = from;
  const letter = letterOf(source, target, message, correlationId, principal, causationSequence);
  letter.ask = from.ask;
  letter.closes = from.closes;
  letter.entity = from.entity;
  letter.fired = from.fired;
  return letter;
}

/** The name of what a restart brings back from its row instead of its letter, a deadline or a release: its crashes are counted by it. */
export const nameInRows = ({ fired, source, entity, causationSequence }: Letter): string | undefined => {
  if (fired) return `${entity} ${fired.sendId}`;
  return source === RELEASE ? `${RELEASE} ${causationSequence}` : undefined;
};
