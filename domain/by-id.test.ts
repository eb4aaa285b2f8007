import { expect, it } from 'vitest';
import { withEntry, withoutEntry } from './by-id.ts';

it('a collection is never changed, only made anew', () => {
  const one = withEntry<number>({}, 'a', 1);
  const two = withEntry(one, 'b', 2);
  expect([one, two, withoutEntry(two, 'a')]).toEqual([{ a: 1 }, { a: 1, b: 2 }, { b: 2 }]);
  expect(two).toEqual({ a: 1, b: 2 });
});

it('stays the same when there is nothing to take out', () => {
  const one = withEntry<number>({}, 'a', 1);
  expect(withoutEntry(one, 'b')).toBe(one);
});

it('takes any text as an id', () => {
  const odd = withEntry(withEntry<number>({}, '__proto__', 1), 'constructor', 2);
  expect(Object.keys(odd)).toEqual(['__proto__', 'constructor']);
  expect(JSON.stringify(odd)).toBe('{"__proto__":1,"constructor":2}');
  expect(Object.keys(withoutEntry(odd, '__proto__'))).toEqual(['constructor']);
});
