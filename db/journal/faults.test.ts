/** What a failed commit means, by what the database or the connection said. */
import { expect, test } from 'vitest';
import { DatabaseFault } from '../client/fault.ts';
import { commitError } from './faults.ts';

test.each([
  ['a refused connection', 'ECONNREFUSED', undefined, 'certain'],
  ['a server that starts', '57P03', 'FATAL', 'certain'],
  ['a wrong password', '28P01', 'FATAL', 'certain'],
  ['a full disk', '53100', 'ERROR', 'certain'],
  ['a statement that took too long', '57014', 'ERROR', 'certain'],
  ['a connection that closed', 'CONNECTION_CLOSED', undefined, 'unknown'],
  ['a connection that was reset', 'ECONNRESET', undefined, 'unknown'],
  ['a session that was ended', '57P01', 'FATAL', 'unknown'],
  ['a server that panicked', 'XX000', 'PANIC', 'unknown'],
  ['a value out of range', '22003', 'ERROR', 'data'],
  ['a missing value', '23502', 'ERROR', 'data'],
  ['a key that is longer than an index holds', '54000', 'ERROR', 'data'],
  ['a row that is there twice', '21000', 'ERROR', 'data'],
  ['a head that did not move', '22012', 'ERROR', 'fenced'],
])('%s', (_what, code, severity, fault) => {
  expect(commitError(new DatabaseFault('x', code, severity))).toMatchObject({ fault });
});

test('anything else may have landed', () => {
  expect(commitError(new Error('?')).fault).toBe('unknown');
});
