/** Idempotency keys as the keys agent keeps them, for a house of tests. */
import type { KeyClaim, KeySettle } from '../../messages/key.ts';
import type { FakeHouse } from './fake-house.ts';

interface Held {
  readonly bodyHash: string;
  readonly entity: string;
  inFlight: boolean;
  answer?: KeySettle['answer'];
}

/** From now on keys are claimed and settled; by scope and key. */
export function keepKeys(house: FakeHouse) {
  const keys = new Map<string, Held>();
  house.on<KeyClaim>('key.claim', ({ scope, key, bodyHash, entity }) => {
    const held = keys.get(scope + key) ?? { bodyHash, entity, inFlight: false };
    keys.set(scope + key, held);
    const answer = (outcome: string) =>
      ({
        type: 'key.answered',
        outcome,
        entity: held.entity,
        ...(outcome === 'replay' && { answer: held.answer }),
      }) as never;
    if (held.bodyHash !== bodyHash) return answer('conflict');
    if (held.answer) return answer('replay');
    if (held.inFlight) return answer('in-flight');
    held.inFlight = true;
    return answer('fresh');
  });
  house.on<KeySettle>('key.settle', ({ scope, key, answer }) => {
    const held = keys.get(scope + key)!;
    held.inFlight = false;
    if (answer) held.answer = answer;
    return { type: 'key.answered' };
  });
  return keys;
}
