/** I8 on journals that were changed after the fact. */
import { expect, test } from 'vitest';
import { findingsOf, History, leaving } from '../testing/history.ts';
import { chainUnbroken } from './chain-unbroken.ts';

const { records } = new History().say(...leaving(), ...leaving({ orderId: 'trade-2' }));
const told = (changed: typeof records) => findingsOf(chainUnbroken(), { records: changed });
const change = (index: number, changes: object) =>
  records.map((record, at) => (at === index ? { ...record, ...changes } : record));

test('an untouched journal is whole', () => {
  expect(told(records)).toEqual([]);
});

test.each([
  ['payload', '{}'],
  ['principal', 'other'],
  ['recordedAt', 0],
  ['type', 'x'],
  ['source', 'x'],
  ['correlationId', 'x'],
])('finds a changed %s at its record', (field, value) => {
  expect(told(change(2, { [field]: value }))).toEqual(['the hash of record 3 does not cover it']);
});

test('finds a record that was taken out, and an epoch that steps back', () => {
  expect(told(records.filter((_, index) => index !== 2))).toEqual(['record 4 follows 2']);
  expect(told(change(0, { epoch: 2 }))).toContain('record 2 is of epoch 1, the one before of 2');
});

test('finds what is stored otherwise than it was committed', () => {
  const history = new History().say(...leaving());
  const changed = history.records.map((record, index) => (index === 1 ? { ...record, payload: '{}' } : record));
  expect(findingsOf(chainUnbroken(), history, history.rest({ records: changed }))).toEqual([
    'stored: record 2 is not the one that was committed',
  ]);
  expect(findingsOf(chainUnbroken(), history, history.rest({ records: changed.slice(0, 1) }))).toEqual([
    'stored: 1 records, 3 were committed',
  ]);
});

test('what an earlier look was shown need not be shown again, and nothing behind it is missed', () => {
  const history = new History().say(...leaving());
  const behind = (recordsAfter: number, shown: typeof records) =>
    findingsOf(chainUnbroken(), history, history.rest({ healed: false, recordsAfter, records: shown }));
  const [, second, third] = history.records;
  expect(behind(1, [second!, third!])).toEqual([]);
  expect(behind(1, [second!])).toEqual(['stored: 2 records, 3 were committed']);
  expect(behind(1, [third!])[0]).toBe('stored: record 3 is not the one that was committed');
  expect(behind(2, [{ ...third!, principal: 'other' }])).toEqual([
    'stored: record 3 is not the one that was committed',
  ]);
});

test('every field that is stored is compared', () => {
  const history = new History().say(...leaving());
  const [first, ...others] = history.records;
  const { message, landedAt, ...stored } = first!;
  for (const field of Object.keys(stored)) {
    const shown = [{ ...stored, [field]: 'x' }, ...others];
    expect(findingsOf(chainUnbroken(), history, history.rest({ records: shown })), field).toHaveLength(1);
  }
});
