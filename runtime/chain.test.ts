/** The chain: every field counts, and so does everything before. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { chainHash, GENESIS_HASH } from './chain.ts';

const record = {
  sequence: 1,
  epoch: 2,
  recordedAt: 3,
  type: 'a.b',
  payload: '{"x":"ü"}',
  source: 's',
  causationId: 0,
  correlationId: 'c',
  principal: 'p',
  version: 1,
};

test('a hash is SHA-256 over the hash before and all fields', () => {
  const text = `${GENESIS_HASH}\n1\n2\n3\na.b\ns\n0\nc\np\n1\n{"x":"ü"}`;
  expect(chainHash(GENESIS_HASH, record)).toBe(createHash('sha256').update(text).digest('hex'));
});

test.each(Object.keys(record))('another %s gives another hash', (field) => {
  const value = record[field as keyof typeof record];
  const changed = { ...record, [field]: typeof value === 'number' ? value + 1 : `${value}x` };
  expect(chainHash(GENESIS_HASH, changed)).not.toBe(chainHash(GENESIS_HASH, record));
});

test('another past gives another hash', () => {
  expect(chainHash('f'.repeat(64), record)).not.toBe(chainHash(GENESIS_HASH, record));
});
