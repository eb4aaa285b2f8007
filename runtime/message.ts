/**
 * What agents say to each other. A message is exactly what a machine takes; an envelope adds who, whom and why; a record is
 * a fact as it is remembered. The kernel knows kinds of messages, never their meaning.
 */

/** Every message. `at` is market time in epoch milliseconds; the kernel sets it when it delivers the message. */
export interface Message {
  readonly type: string;
  at?: number | undefined;
}

/** Where a step puts what it says. An array is one too. */
export interface Outbox {
  push(message: Message): unknown;
}

/**
 * command: one receiver, may be answered. query: the same, changes nothing. fact: recorded, read by cursor.
 * reply: goes to the asker. market: conflated or streamed data, never recorded. answer: what a port answers to an effect.
 */
export type MessageKind = 'command' | 'query' | 'fact' | 'reply' | 'market' | 'answer';

export interface MessageEntry {
  readonly type: string;
  readonly kind: MessageKind;
  readonly version: number;
  /** The type of the reply that a command or query declares. */
  readonly reply?: string;
  /** Goes first in mailboxes; as a fact it also closes the group that is being gathered and survives a failed commit. */
  readonly control?: boolean;
}

/** Looks a message type up; throws for a type that is not registered. */
export interface MessageCatalog {
  entry(type: string): MessageEntry;
  /** Brings the parsed payload of an older version up to the present one. */
  upcast(type: string, version: number, payload: Message): Message;
  /** Why a message is not what its schema says, in words; undefined when it is, and for types without a schema. */
  problem?(message: Message): string | undefined;
  /** Simulated worlds: each fact is checked before it is recorded, not only the first ones of its type. */
  readonly checksEachFact?: true;
}

export interface Envelope {
  readonly id: number;
  /** Address of the sending agent, or `outside`. */
  readonly source: string;
  readonly target: string;
  readonly message: Message;
  readonly correlationId: string;
  /** Sequence of the record that caused this, 0 from outside. */
  readonly causationSequence: number;
  /** Market time after which nobody waits for the answer. */
  readonly deadlineAt?: number;
  /** `sub` of the person or service on whose behalf this happens; `system` for the house itself. */
  readonly principal: string;
}

/** A fact as remembered: `message` parsed, everything else as stored. */
export interface JournalRecord {
  readonly sequence: number;
  readonly epoch: number;
  readonly recordedAt: number;
  readonly message: Message;
  readonly source: string;
  readonly causationId: number;
  readonly correlationId: string;
  readonly principal: string;
  readonly version: number;
  readonly hash: string;
  /** Set when it came from the store and its message is not what its schema says: why. Nobody takes such a message. */
  readonly fault?: string | undefined;
}
