/** Whole ticks and their texts agree with exact decimals. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exact, text } from '../domain/decimal.ts';
import { tickGrid } from './tick-grid.ts';

test('the text of whole ticks is the exact product, for any tick size', () => {
  const sizes = fc.constantFrom('0.00001', '0.01', '0.25', '1', '0.5', '5');
  fc.assert(
    fc.property(sizes, fc.integer({ min: -10_000_000, max: 10_000_000 }), (size, ticks) => {
      const grid = tickGrid(size);
      expect(grid.text(ticks)).toBe(text(exact(ticks).times(size)));
      expect(grid.price(ticks)).toBe(Number(grid.text(ticks)));
      expect(grid.ticks(grid.price(ticks)) + 0).toBe(ticks + 0);
    }),
  );
});

test('a price off the tick goes to the nearest one', () => {
  expect(tickGrid('0.25').text(tickGrid('0.25').ticks(21000.1))).toBe('21000');
  expect(tickGrid('0.01').text(tickGrid('0.01').ticks(1291.677))).toBe('1291.68');
});

test('a tick size that is no step is refused', () => {
  expect(() => tickGrid('0')).toThrow(RangeError);
});
