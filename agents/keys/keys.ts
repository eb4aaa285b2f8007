/**
 * Idempotency keys, each for 24 hours. A key names the entity that its first request was to make, so that a repeat after a crash goes on
 * with the same entity; while the first try runs nobody else goes on with it. Where too many are held, new ones are refused: a key that is
 * forgotten early makes an order twice.
 */
import { deliveredAt } from '../../messages/delivered.ts';
import type { KeyAnswered, KeyClaim, KeyClaimed, KeySettle, KeySettled } from '../../messages/key.ts';
import type { AgentDefinition } from '../../runtime/agent.ts';
import { type After, after, functionLogic } from '../../runtime/logic.ts';
import type { Message } from '../../runtime/message.ts';

export const KEY_HELD_MS = 24 * 60 * 60 * 1_000;
/** In memory, with their answers: those of this life, and those of earlier ones that were asked for. */
const KEYS_HELD_MAX = 500_000;

interface KeyState {
  readonly status: 'new' | 'held' | 'expired';
  readonly bodyHash: string;
  readonly entity: string;
  readonly expiresAt: number;
  /** The first try runs in this process; a restart forgets it, because that try is lost. */
  readonly inFlight: boolean;
  readonly answer?: KeySettle['answer'];
}

/** The key's own deadline. */
type KeyExpired = Message & { readonly type: 'key.expired' };
type KeyMessage = KeyClaim | KeySettle;
type Emit = (message: KeyClaimed | KeySettled | KeyAnswered | After) => void;

const unclaimed: KeyState = { status: 'new', bodyHash: '', entity: '', expiresAt: 0, inFlight: false };

function answerFor({ entity, answer }: KeyState, outcome: KeyAnswered['outcome']): KeyAnswered {
  return { type: 'key.answered', outcome, entity, ...(outcome === 'replay' && answer && { answer }) };
}

function claimFirst(message: KeyClaim, emit: Emit): KeyState {
  const { scope, key, bodyHash, entity } = message;
  const expiresAt = deliveredAt(message) + KEY_HELD_MS;
  emit({ type: 'key.claimed', scope, key, bodyHash, entity });
  emit(after('expiry', KEY_HELD_MS, { type: 'key.expired' }));
  const held: KeyState = { status: 'held', bodyHash, entity, expiresAt, inFlight: true };
  emit(answerFor(held, 'fresh'));
  return held;
}

function claimAgain(state: KeyState, { bodyHash }: KeyClaim, emit: Emit): KeyState {
  if (bodyHash !== state.bodyHash) emit(answerFor(state, 'conflict'));
  else if (state.answer) emit(answerFor(state, 'replay'));
  else if (state.inFlight) emit(answerFor(state, 'in-flight'));
  else {
    emit(answerFor(state, 'fresh'));
    return { ...state, inFlight: true };
  }
  return state;
}

/** The first answer stays; a technical failure leaves the key to be used again, for the same entity. */
function settle(state: KeyState, { scope, key, answer }: KeySettle, emit: Emit): KeyState {
  if (state.answer) {
    emit(answerFor(state, 'replay'));
    return state;
  }
  emit({ type: 'key.settled', scope, key, ...(answer && { answer }) });
  const settled: KeyState = { ...state, inFlight: false, ...(answer && { answer }) };
  emit(answerFor(settled, answer ? 'replay' : 'fresh'));
  return settled;
}

function step(state: KeyState, message: KeyMessage | KeyExpired, emit: Emit): KeyState {
  switch (message.type) {
    case 'key.claim':
      return state.status === 'new' || deliveredAt(message) >= state.expiresAt
        ? claimFirst(message, emit)
        : claimAgain(state, message, emit);
    case 'key.settle':
      return settle(state, message, emit);
    case 'key.expired':
      return { ...state, status: 'expired' };
  }
}

/** Whoever ran the first try is gone with the last process. */
const awake = (stored: unknown): KeyState => ({ ...(stored as KeyState), inFlight: false });

const full = (): readonly KeyAnswered[] => [{ type: 'key.answered', outcome: 'full', entity: '' }];

/** Nobody holds this key: the request may go on, there is just nothing to remember it by. */
const nothingHeld = (message: Message): readonly KeyAnswered[] =>
  message.type === 'key.settle' ? [{ type: 'key.answered', outcome: 'fresh', entity: '' }] : [];

export function keysAgent(heldMax = KEYS_HELD_MAX): AgentDefinition {
  return {
    address: 'keys',
    version: 1,
    logic: functionLogic(unclaimed, step),
    accepts: ['key.claim', 'key.settle'],
    durable: true,
    keyed: {
      key: (message) => `${(message as KeyMessage).scope}\n${(message as KeyMessage).key}`,
      creates: ['key.claim'],
      ended: (state) => (state as KeyState).status === 'expired',
      bound: { entities: heldMax, refused: full },
      unknown: nothingHeld,
      awake,
    },
  };
}
