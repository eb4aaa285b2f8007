/** Times of files. */
import { expect, test } from 'vitest';
import { parseTime } from './time.ts';

const at = Date.UTC(2019, 11, 16, 14, 30, 0, 3);

test.each([
  '2019-12-16T14:30:00.003Z',
  '2019-12-16T14:30:00.003000000Z',
  '2019-12-16 14:30:00.003',
  '2019.12.16 14:30:00.003',
  '2019/12/16 14:30:00.003000',
  '20191216 143000 0030000',
  '2019-12-16T15:30:00.003+01:00',
  '2019-12-16T09:30:00.003-0500',
  '1576506600.003',
  '1576506600003',
  '1576506600003000',
  '1576506600003000000',
])('%s is understood', (text) => {
  expect(parseTime(text)).toBeCloseTo(at, 3);
});

test('a date alone is its UTC midnight', () => {
  expect(parseTime('1998-01-02')).toBe(Date.UTC(1998, 0, 2));
  expect(parseTime('20191216')).toBe(Date.UTC(2019, 11, 16));
});

test.each(['', 'noon', '2014-02-30', '2014-13-01', '2014-01-01 24:00:00', '2014-01-01 10:61', '1.5'])(
  '"%s" is not a time',
  (text) => {
    expect(parseTime(text)).toBeNaN();
  },
);
