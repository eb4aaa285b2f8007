/** Positions: averaging, realising, crossing zero, and exactness over many fills. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exact, text } from './decimal.ts';
import { applyFill, FLAT, type Position, type PositionFill } from './position.ts';

const fill = (side: 'buy' | 'sell', quantity: string, price: string): PositionFill => ({ side, quantity, price });
const after = (...fills: PositionFill[]): Position =>
  fills.reduce<Position>((position, next) => applyFill(position, next), FLAT);

test('buys average their prices', () => {
  expect(after(fill('buy', '10', '100'), fill('buy', '30', '104'))).toEqual({
    quantity: '40',
    cost: '4120',
    averagePrice: '103',
    realizedPnl: '0',
  });
});

test('a sell that reduces a long realises against the average', () => {
  expect(after(fill('buy', '40', '103'), fill('sell', '10', '105'))).toEqual({
    quantity: '30',
    cost: '3090',
    averagePrice: '103',
    realizedPnl: '20',
  });
});

test('a fill that crosses zero closes first and opens the rest at its own price', () => {
  expect(after(fill('buy', '10', '100'), fill('sell', '15', '110'))).toEqual({
    quantity: '-5',
    cost: '-550',
    averagePrice: '110',
    realizedPnl: '100',
  });
});

test('a short gains when it is bought back lower', () => {
  expect(after(fill('sell', '5', '110'), fill('buy', '5', '100'))).toEqual({
    quantity: '0',
    cost: '0',
    averagePrice: '0',
    realizedPnl: '50',
  });
});

test('a contract multiplier scales cost and profit, never the average price', () => {
  const opened = applyFill(FLAT, fill('buy', '2', '21000'), '20');
  expect(opened).toMatchObject({ cost: '840000', averagePrice: '21000' });
  expect(applyFill(opened, fill('sell', '1', '21010'), '20').realizedPnl).toBe('200');
});

test('after any fills, profit is proceeds less cost, and a flat position has no cost to the last digit', () => {
  const fills = fc.array(
    fc.record({
      side: fc.constantFrom('buy' as const, 'sell' as const),
      quantity: fc.integer({ min: 1, max: 999 }).map(String),
      price: fc.integer({ min: 1, max: 99_999 }).map((cents) => text(exact(cents).dividedBy(100))),
    }),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(fills, (all) => {
      const position = after(...all);
      const paid = all.reduce(
        (sum, { side, quantity, price }) =>
          sum.plus(
            exact(quantity)
              .times(price)
              .times(side === 'buy' ? 1 : -1),
          ),
        exact('0'),
      );
      expect(text(paid)).toBe(text(exact(position.cost).minus(position.realizedPnl)));
      if (position.quantity === '0') expect(position.cost).toBe('0');
    }),
  );
});

test('what was asked before changes nothing: another side, price, quantity, cost, multiplier or profit gives its own outcome', () => {
  const given = { quantity: '10', cost: '1000', realizedPnl: '7' };
  const asked: PositionFill = { side: 'buy', quantity: '2', price: '110' };
  type Question = readonly [typeof given, PositionFill, string];
  const others: readonly Question[] = [
    [{ ...given, quantity: '11' }, asked, '1'],
    [{ ...given, cost: '1001' }, asked, '1'],
    [{ ...given, realizedPnl: '8' }, asked, '1'],
    [given, { ...asked, side: 'sell' }, '1'],
    [given, { ...asked, quantity: '3' }, '1'],
    [given, { ...asked, price: '111' }, '1'],
    [given, asked, '2'],
  ];
  const before = applyFill(given, asked);
  for (const [position, fill, multiplier] of others) {
    applyFill(FLAT, { side: 'buy', quantity: '1', price: '1' });
    const alone = applyFill(position, fill, multiplier);
    expect(applyFill(given, asked)).toEqual(before);
    expect(applyFill(position, fill, multiplier)).toEqual(alone);
    expect(alone).not.toEqual(before);
  }
});
