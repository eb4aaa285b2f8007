/**
 * Remembers how far a replayed file has been read, so that a restart goes on behind it, and what days began with. Invariant: the
 * position never goes back, and waking up changes nothing.
 */
import type { DayOpens, FeedAdvance, FeedAdvanced, FeedAnswered, FeedGet } from '../../messages/market.ts';
import type { AgentDefinition } from '../../runtime/agent.ts';
import type { Resumed } from '../../runtime/lifecycle.ts';
import { functionLogic } from '../../runtime/logic.ts';

export interface FeedState {
  readonly position: number;
  readonly opens: DayOpens;
}

export const FEED_START: FeedState = { position: 0, opens: {} };

type FeedMessage = FeedAdvance | FeedGet | Resumed;

const logic = functionLogic<FeedState, FeedMessage>(FEED_START, (state, message, emit) => {
  const answer = (position: number): FeedAnswered => ({ type: 'feed.answered', position });
  if (message.type === 'resumed') return state;
  if (message.type === 'feed.get' || (message.position <= state.position && !message.opens)) {
    emit(answer(state.position));
    return state;
  }
  const { opens } = message;
  const position = Math.max(state.position, message.position);
  const fact: FeedAdvanced = { type: 'feed.advanced', position, ...(opens && { opens }) };
  emit(fact);
  emit(answer(position));
  return { position, opens: { ...state.opens, ...opens } };
});

/** Rows of version 1 had no opens, and lost the position when they woke up. */
function upgrade(version: number, state: unknown): FeedState {
  if (version !== 1) throw new Error(`no way from version ${version}`);
  const { position } = state as { readonly position?: number };
  return { position: position ?? 0, opens: {} };
}

export const feedAgent = (): AgentDefinition => ({
  address: 'feed',
  version: 2,
  logic,
  accepts: ['feed.advance', 'feed.get'],
  ignores: ['resumed'],
  durable: true,
  upgrade,
});
