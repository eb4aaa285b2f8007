import { describe, expect, it } from 'vitest';
import type { KeyAnswered, KeyClaim, KeySettle } from '../../messages/key.ts';
import type { Message } from '../../runtime/message.ts';
import { only, type Stage, stage, types } from '../testing/stage.ts';
import { KEY_HELD_MS, keysAgent } from './keys.ts';

const claim = (over: Partial<KeyClaim> = {}): KeyClaim => ({
  type: 'key.claim',
  scope: 'user-1 POST /trades',
  key: 'k1',
  bodyHash: 'hash-1',
  entity: 'trade-1',
  ...over,
});
const settle = (answer?: KeySettle['answer']): KeySettle => ({
  type: 'key.settle',
  scope: 'user-1 POST /trades',
  key: 'k1',
  ...(answer && { answer }),
});
const created = { status: 201, body: '{}' };
const answerOf = (said: readonly Message[]) => only<KeyAnswered>(said, 'key.answered');

function claimed(): Stage {
  const keys = stage(keysAgent());
  keys.tell(claim());
  return keys;
}

describe('a key', () => {
  it('is recorded with the entity that its first request makes', () => {
    const said = stage(keysAgent()).tell(claim());
    expect(types(said)).toEqual(['key.claimed', 'key.answered']);
    expect(answerOf(said)).toMatchObject({ outcome: 'fresh', entity: 'trade-1' });
  });

  it('is in flight until its first request is settled', () => {
    expect(answerOf(claimed().tell(claim())).outcome).toBe('in-flight');
  });

  it('gives the first answer again, under the first entity', () => {
    const keys = claimed();
    expect(types(keys.tell(settle(created)))).toEqual(['key.settled', 'key.answered']);
    const answer = answerOf(keys.tell(claim({ entity: 'trade-2' })));
    expect(answer).toMatchObject({ outcome: 'replay', entity: 'trade-1', answer: created });
  });

  it('keeps its first answer for good', () => {
    const keys = claimed();
    keys.tell(settle(created));
    expect(types(keys.tell(settle({ status: 400, body: '' })))).toEqual(['key.answered']);
    expect(answerOf(keys.tell(claim())).answer).toEqual(created);
  });

  it('with another body is a conflict, whether in flight or settled', () => {
    const keys = claimed();
    expect(answerOf(keys.tell(claim({ bodyHash: 'other' }))).outcome).toBe('conflict');
    keys.tell(settle(created));
    expect(answerOf(keys.tell(claim({ bodyHash: 'other' }))).outcome).toBe('conflict');
  });

  it('may be used again after a technical failure, for the same entity', () => {
    const keys = claimed();
    keys.tell(settle());
    expect(answerOf(keys.tell(claim({ entity: 'trade-2' })))).toMatchObject({ outcome: 'fresh', entity: 'trade-1' });
    expect(answerOf(keys.tell(claim())).outcome).toBe('in-flight');
  });

  it('goes on with the same entity after a restart lost its first try', () => {
    const keys = claimed();
    expect(keys.restart()).toEqual([]);
    expect(answerOf(keys.tell(claim({ entity: 'trade-2' })))).toMatchObject({ outcome: 'fresh', entity: 'trade-1' });
  });

  it('keeps a settled answer over a restart', () => {
    const keys = claimed();
    keys.tell(settle(created));
    keys.restart();
    expect(answerOf(keys.tell(claim())).outcome).toBe('replay');
  });

  it('belongs to its caller, method and path', () => {
    expect(answerOf(claimed().tell(claim({ scope: 'user-2 POST /trades' }))).outcome).toBe('fresh');
  });

  it('is refused while too many are held, until one of them has ended; those that are held still answer', () => {
    const keys = stage(keysAgent(2));
    keys.tell(claim({ key: 'k1' }));
    keys.advance(1_000);
    keys.tell(claim({ key: 'k2' }));
    const refused = keys.tell(claim({ key: 'k3' }));
    expect(types(refused)).toEqual(['key.answered']);
    expect(answerOf(refused).outcome).toBe('full');
    expect(answerOf(keys.tell(claim({ key: 'k2' }))).outcome).toBe('in-flight');
    keys.advance(KEY_HELD_MS - 1_000);
    expect(answerOf(keys.tell(claim({ key: 'k3' }))).outcome).toBe('fresh');
  });

  it('holds for 24 hours and is then as if it had never been', () => {
    const keys = claimed();
    keys.tell(settle(created));
    keys.advance(KEY_HELD_MS - 1);
    expect(answerOf(keys.tell(claim())).outcome).toBe('replay');
    keys.advance(1);
    expect(keys.entities()).toEqual([]);
    expect(answerOf(keys.tell(settle(created))).outcome).toBe('fresh');
  });
});
