/** Every checker on a world in good order, and the price of watching. */
import { expect, test } from 'vitest';
import { findingsOf } from '../testing/history.ts';
import { smallHistory, smallRest } from '../testing/small-world.ts';
import { CHECKERS } from './all.ts';

test.each(CHECKERS.map((make) => [make().name, make] as const))(
  '%s finds nothing in a world in good order',
  (_, make) => {
    const history = smallHistory();
    expect(findingsOf(make(), history, smallRest(history))).toEqual([]);
  },
);

test('names of checkers are unique', () => {
  const names = CHECKERS.map((make) => make().name);
  expect(new Set(names).size).toBe(names.length);
});
