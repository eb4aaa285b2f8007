/** Idempotency keys. A key names the entity that its first request was to make, so that a lost answer can be given again. */
import { z } from 'zod';
import { command, fact, reply } from './define.ts';

/** `scope` is caller, method and path; `bodyHash` of the canonical body; `entity` the id the request would give. */
export const KeyClaim = command(
  'key.claim',
  { scope: z.string(), key: z.string(), bodyHash: z.string(), entity: z.string() },
  { reply: 'key.answered' },
);
export type KeyClaim = z.infer<typeof KeyClaim.schema>;
/**
 * fresh: go on with `entity` (also after a crash that lost the first try). replay: a stored answer, if there is one. full: no further key
 * is held now.
 */
export const KeyAnswered = reply('key.answered', {
  outcome: z.enum(['fresh', 'in-flight', 'replay', 'conflict', 'full']),
  entity: z.string(),
  answer: z.object({ status: z.number(), body: z.string() }).optional(),
});
export type KeyAnswered = z.infer<typeof KeyAnswered.schema>;
/** `answer` absent: the request failed technically (5xx), the key may be used again. */
export const KeySettle = command(
  'key.settle',
  { scope: z.string(), key: z.string(), answer: z.object({ status: z.number(), body: z.string() }).optional() },
  { reply: 'key.answered' },
);
export type KeySettle = z.infer<typeof KeySettle.schema>;
export const KeyClaimed = fact('key.claimed', {
  scope: z.string(),
  key: z.string(),
  bodyHash: z.string(),
  entity: z.string(),
});
export type KeyClaimed = z.infer<typeof KeyClaimed.schema>;
export const KeySettled = fact('key.settled', {
  scope: z.string(),
  key: z.string(),
  answer: z.object({ status: z.number(), body: z.string() }).optional(),
});
export type KeySettled = z.infer<typeof KeySettled.schema>;

export const keyMessages = [KeyClaim, KeyAnswered, KeySettle, KeyClaimed, KeySettled];
