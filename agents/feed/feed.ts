/** Remembers how far a replayed file has been read, so that a restart goes on behind it. Invariant: the position never goes back. */
import type { FeedAdvance, FeedAdvanced, FeedAnswered, FeedGet } from '../../messages/market.ts';
import type { AgentDefinition } from '../../runtime/agent.ts';
import { functionLogic } from '../../runtime/logic.ts';

interface FeedState {
  readonly position: number;
}

const logic = functionLogic<FeedState, FeedAdvance | FeedGet>({ position: 0 }, (state, message, emit) => {
  const answer = (position: number): FeedAnswered => ({ type: 'feed.answered', position });
  if (message.type === 'feed.get' || message.position <= state.position) {
    emit(answer(state.position));
    return state;
  }
  const { position } = message;
  const fact: FeedAdvanced = { type: 'feed.advanced', position };
  emit(fact);
  emit(answer(position));
  return { position };
});

export const feedAgent = (): AgentDefinition => ({
  address: 'feed',
  version: 1,
  logic,
  accepts: ['feed.advance', 'feed.get'],
  durable: true,
});
