/** The top of a book is the same as that of a plain map, for any changes. */
import { expect, test } from 'vitest';
import { seededRandom } from '../../runtime/simulated/random.ts';
import { BookTop, LEVELS_MAX } from './book-top.ts';

test('is that of all levels that are there, whatever comes and goes', () => {
  const random = seededRandom('book');
  const book = new BookTop();
  const sides = { bid: new Set<number>(), ask: new Set<number>() };
  let told: unknown;
  for (let at = 1; at <= 20_000; at += 1) {
    const isBid = random.next() < 0.5;
    const price = Math.floor(random.next() * 60) + 1;
    const amount = Math.floor(random.next() * 2);
    const side = isBid ? sides.bid : sides.ask;
    if (amount > 0) side.add(price);
    else side.delete(price);
    book.change(at, 0, false, isBid, price, amount);
    const isWhole = sides.bid.size > 0 && sides.ask.size > 0;
    const top = { bid: Math.max(...sides.bid), ask: Math.min(...sides.ask) };
    const isNews = isWhole && JSON.stringify(top) !== JSON.stringify(told);
    expect(book.top()).toEqual(isNews ? { atMs: at, subMsNs: 0, ...top } : undefined);
    if (isNews) told = top;
  }
});

test('keeps the levels nearest to the market when there are too many', () => {
  const book = new BookTop();
  for (let price = 1; price <= LEVELS_MAX + 10; price += 1) book.change(1, 0, false, true, price, 1);
  book.change(1, 0, false, false, LEVELS_MAX + 100, 1);
  expect(book.top()).toMatchObject({ bid: LEVELS_MAX + 10 });
  book.change(2, 0, false, true, 5, 1);
  for (let price = LEVELS_MAX + 10; price > 11; price -= 1) book.change(3, 0, false, true, price, 0);
  expect(book.top()).toMatchObject({ bid: 11 });
  book.change(4, 0, false, true, 11, 0);
  expect(book.top()).toBeUndefined();
});
