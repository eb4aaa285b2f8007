/** I1 on planted overfills. */
import { expect, test } from 'vitest';
import { filled, findingsOf, groupOf, History, leaving, ticket } from '../testing/history.ts';
import { goodVenue, smallHistory, smallRest, venueOrder } from '../testing/small-world.ts';
import { fillsWithinQuantity } from './fills-within-quantity.ts';

test('finds fills beyond the quantity', () => {
  const half = filled({ quantity: '60' }, { leavesQuantity: '40', end: false });
  const more = filled({ quantity: '60' }, { executionId: 'trade-1-2', filledQuantity: '120', leavesQuantity: '-20' });
  const found = findingsOf(fillsWithinQuantity(), new History().say(...leaving(), half, more));
  expect(found).toContain('order trade-1 over 100 has fills of 120');
});

test('counts late fills too', () => {
  const late = filled({ quantity: '1' }, { executionId: 'trade-1-2', late: true, end: false });
  const found = findingsOf(fillsWithinQuantity(), new History().say(...leaving(), filled(), late));
  expect(found).toEqual(['order trade-1 over 100 has fills of 101']);
});

test('finds an execution that is booked twice', () => {
  const part = filled({ quantity: '10' }, { leavesQuantity: '90', end: false });
  const again = { ...part, filledQuantity: '20', leavesQuantity: '80' };
  const found = findingsOf(fillsWithinQuantity(), new History().say(...leaving(), part, again));
  expect(found).toEqual(['execution trade-1-1 is booked twice']);
});

test('finds a venue that fills more than its order', () => {
  const history = smallHistory();
  const fill = { executionId: 'trade-1-1', quantity: '101', price: '150', commission: '1' };
  const venueOrders = goodVenue().set('trade-1', venueOrder(ticket(), { status: 'filled', fills: [fill] }));
  const found = findingsOf(fillsWithinQuantity(), history, smallRest(history, { venueOrders }));
  expect(found).toContain('the venue filled 101 of order trade-1 over 100');
  expect(found).toContain('execution trade-1-1 is booked otherwise than the venue tells it');
});

test('in a healed world misses a fill that only the venue knows', () => {
  const history = new History().say(...leaving());
  const fill = { executionId: 'trade-1-1', quantity: '100', price: '150', commission: '0' };
  const venueOrders = new Map([['trade-1', venueOrder(ticket(), { status: 'filled', fills: [fill] })]]);
  const found = (healed: boolean) => findingsOf(fillsWithinQuantity(), history, history.rest({ venueOrders, healed }));
  expect(found(true)).toEqual(['execution trade-1-1 of the venue is not booked']);
  expect(found(false)).toEqual([]);
});

test('finds an execution that is durable before the venue has it; one that reconciliation made is in no venue', () => {
  const foundAt = (venueOrders: ReturnType<typeof goodVenue>, synthetic?: true): string[] => {
    const told: string[] = [];
    const checker = fillsWithinQuantity();
    const { records } = new History().say(...leaving(), filled({}, { ...(synthetic && { synthetic }) }));
    for (const record of records) checker.onRecord(record, (what) => told.push(what));
    checker.onGroup?.(groupOf(records, { venueOrders }), (what) => told.push(what));
    return told;
  };
  expect(foundAt(goodVenue())).toEqual([]);
  expect(foundAt(new Map())).toEqual(['execution trade-1-1 is booked, and the venue has not told it']);
  expect(foundAt(new Map(), true)).toEqual([]);
});
