/**
 * What an agent is to the kernel: XState actor logic, the messages it takes, the facts it reads, what it does outside.
 * A definition is data; nothing in it runs before the kernel delivers a message.
 */
import type { AnyActorLogic, AnyStateMachine } from 'xstate';
import type { JournalRecord, Message } from './message.ts';

/** The newest market message of a type and key (an instrument), or undefined. Read in `prepare` only. */
export type Latest = (type: string, key: string) => Message | undefined;

export interface EffectContext {
  readonly record: JournalRecord;
  /** Fires when the agent crashes or stops; what answers later is a dead letter. */
  readonly signal: AbortSignal;
  /** Shows something that is not a fact (a token of a chat, progress). */
  readonly show: (message: Message) => void;
}

/**
 * A reaction to a committed fact. Runs at least once; resolves with the answer message that goes back to the agent, or with
 * nothing. A rejection is tried again with backoff, then parked.
 */
export interface Effect {
  run(fact: Message, context: EffectContext): Promise<Message | undefined>;
  /** Runs instead of `run` when the request may already have left (an earlier epoch, an aborted try). Absent only when repeatable. */
  resume?(fact: Message, context: EffectContext): Promise<Message | undefined>;
  /** `run` may be repeated without harm, so that `resume` need not exist. */
  readonly repeatable?: true;
  /** A turn of the agent in the same step as the hand-over; `run` follows only when that turn emitted a fact of type `proceedsOn`. */
  /** Does not wait for the commit of its fact: what must never wait (a halt's cancels). Must be harmless when the fact is lost. */
  readonly immediate?: true;
  readonly release?: { message(fact: Message): Message; readonly proceedsOn: string };
}

/** Many entities in one agent: each has a snapshot of its own under its key. */
export interface Keyed {
  /** The entity a message is for; undefined: for the shared part only. */
  key(message: Message): string | undefined;
  /** Types that bring a new entity to life. Others for an unknown entity are given to `unknown`, else are dead letters. */
  readonly creates: readonly string[];
  /** True when the entity has ended and its row leaves. */
  ended(snapshot: unknown): boolean;
  /** Further entities that a message reaches, chosen from the shared part's knowledge. */
  fanOut?(message: Message, entities: ReadonlyMap<string, unknown>): readonly string[];
  /** Queries about many entities: answered from all their states, pure. */
  readonly scans?: Readonly<
    Record<string, (message: Message, entities: ReadonlyMap<string, unknown>) => readonly Message[]>
  >;
  /**
   * The entities of this agent wait for nothing but messages and deadlines: after a start a row stays in its table until its entity is asked or
   * due, and is then this function of what was stored, instead of being told `resumed`. Such an agent has nothing but its mail: it reads no facts,
   * observes nothing, has no effects, no `prepare` that makes another key of a message, and never looks at many entities at once.
   */
  awake?(stored: unknown): unknown;
  /** How many entities it holds in memory at most; what would bring one more to life is answered with this instead. */
  readonly bound?: { readonly entities: number; refused(message: Message): readonly Message[] };
  /** Answers for an entity that is unknown or has ended (a fill for an ended order is booked, a query says not found). */
  unknown?(message: Message): readonly Message[];
}

/** `newest` conflates an instrument; `every` does not; nor does `held`, but only those are for the agent that come while it holds entities. */
export type Observing = 'newest' | 'every' | 'held';

export interface AgentDefinition {
  readonly address: string;
  /** Version of the rows; a row of another version goes through `upgrade` or refuses the start by name. */
  readonly version: number;
  /** A machine, or `fromTransition` logic. Of one entity when `keyed`, of the whole agent otherwise. */
  readonly logic: AnyStateMachine | AnyActorLogic;
  readonly input?: unknown;
  /** Commands, queries and answers of ports. Exactly one agent of a roster accepts a type. */
  readonly accepts: readonly string[];
  /** Facts read by cursor, in order, without gaps. */
  readonly reads?: readonly string[];
  /** Market messages that give this agent a turn. */
  readonly observes?: Readonly<Record<string, Observing>>;
  /** Replies of others that this agent wants; all others are dropped for it. */
  readonly awaits?: readonly string[];
  /** State is rows, the cursor is a row. */
  readonly durable: boolean;
  /** A new durable subscriber starts at the head, unless it says `start`. */
  readonly from?: 'start';
  readonly keyed?: Keyed;
  /** With `keyed`: knowledge that is common to all entities (halts, limits), a `fromTransition` logic over the same messages. */
  readonly shared?: AnyActorLogic;
  /** Enriches a message before a turn (the newest quote, shared knowledge); pure, returns a new message. */
  prepare?(message: Message, shared: unknown, latest: Latest): Message;
  /** Requests that, when a state does not take them, wait at their entity until it gives their declared reply. */
  readonly parks?: readonly string[];
  /** Types kept for later when a state does not take them (bounded), and types that are ignored on purpose. */
  readonly stashes?: readonly string[];
  readonly ignores?: readonly string[];
  readonly effects?: Readonly<Record<string, Effect>>;
  /**
   * What it hears instead of a parked outcome or release of its effects, or of a fact whose effect is parked: an entity waits for that. Undefined: nobody
   * does, and the promise is fulfilled.
   */
  instead?(parked: Message): Message | undefined;
  /** Throws for a row that it can't bring up: the start is refused, with the name of the row. */
  upgrade?(version: number, state: unknown): unknown;
}

export type RestartType = 'permanent' | 'transient' | 'temporary';
export type Strategy = 'one-for-one' | 'one-for-all' | 'rest-for-one';

export interface Backoff {
  readonly minMs: number;
  readonly maxMs: number;
  /** Healthy for this long: the delay starts again at `minMs`. */
  readonly resetAfterMs: number;
}

export interface AgentChild {
  readonly agent: AgentDefinition;
  readonly restart?: RestartType;
  readonly shutdownMs?: number;
  readonly backoff?: Backoff;
}

export interface SupervisorSpec {
  readonly name: string;
  readonly strategy: Strategy;
  /** Exactly `max` restarts within `periodMs` pass; one more escalates. */
  readonly intensity: { readonly max: number; readonly periodMs: number };
  readonly children: readonly (AgentChild | SupervisorSpec)[];
}
