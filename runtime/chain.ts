/**
 * The hash chain of the journal: each record's hash covers its own fields as stored and the hash before it, so that nothing can be
 * changed, taken out or put in without breaking the chain at that sequence.
 */
import * as crypto from 'node:crypto';
import type { StoredRecord } from './store.ts';

/** The hash before the first record. */
export const GENESIS_HASH = '0'.repeat(64);

/** `crypto.hash` is several times cheaper than a Hash object; Node has it from 20.12. */
const sha256: (text: string) => string =
  typeof crypto.hash === 'function'
    ? (text) => crypto.hash('sha256', text, 'hex')
    : (text) => crypto.createHash('sha256').update(text).digest('hex');

export function chainHash(previousHash: string, record: Omit<StoredRecord, 'hash'>): string {
  return sha256(
    `${previousHash}\n${record.sequence}\n${record.epoch}\n${record.recordedAt}\n${record.type}\n${record.source}\n` +
      `${record.causationId}\n${record.correlationId}\n${record.principal}\n${record.version}\n${record.payload}`,
  );
}
