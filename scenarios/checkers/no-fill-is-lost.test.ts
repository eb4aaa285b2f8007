/** A6 on dead letters. */
import { expect, test } from 'vitest';
import { findingsOf, History } from '../testing/history.ts';
import { noFillIsLost } from './no-fill-is-lost.ts';

const found = (...letters: [string, number][]) => {
  const history = new History();
  return findingsOf(noFillIsLost(), history, history.rest({ deadLetters: new Map(letters) }));
};

test('finds a late fill that nobody booked', () => {
  expect(found(['order.book-late-fill not taken', 2])).toEqual([
    '2 times a dead letter: order.book-late-fill not taken',
  ]);
});

test('other dead letters are no lost fills', () => {
  expect(found(['order.answered late answer', 3], ['order.book-late-fill stopped', 1])).toEqual([]);
  expect(found(['order.book-late-fill parked', 1])).toEqual([]);
});
