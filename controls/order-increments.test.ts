import { describe, expect, it } from 'vitest';
import { SPECIFICATIONS } from '../domain/instruments/specifications.ts';
import type { OrderTicket } from '../messages/common.ts';
import { decide } from './decide.ts';
import { orderIncrements } from './order-increments.ts';
import { sampleContext } from './testing/sample.ts';

const of = (ticket: Partial<OrderTicket>) => orderIncrements.decide(sampleContext({ ticket }));

describe('order-increments', () => {
  it.each([
    ['NQ', '0.123', 'The quantity 0.123 is no multiple of 1, the step of quantities in NQ; the nearest is 1.'],
    ['MNQZ5', '2.5', 'The quantity 2.5 is no multiple of 1, the step of quantities in MNQZ5; the nearest are 2 and 3.'],
    [
      'EURUSD',
      '0.0000000001',
      'The quantity 0.0000000001 is no multiple of 1, the step of quantities in EURUSD; the nearest is 1.',
    ],
    [
      'XAUUSD',
      '1.005',
      'The quantity 1.005 is no multiple of 0.01, the step of quantities in XAUUSD; the nearest are 1 and 1.01.',
    ],
    [
      'BTCUSD',
      '0.000000015',
      'The quantity 0.000000015 is no multiple of 0.00000001, the step of quantities in BTCUSD; the nearest are 0.00000001 and 0.00000002.',
    ],
  ])('refuses %s × %s, and names the nearest', (symbol, quantity, explanation) => {
    expect(of({ symbol, quantity })).toMatchObject({ code: 'QUANTITY_STEP', class: 'terms', explanation });
  });

  it.each([
    ['NQ', '21000.1', '21000 and 21000.25'],
    ['EURUSD', '1.085005', '1.085 and 1.08501'],
    ['AAPL', '150.005', '150 and 150.01'],
    ['AAPL', '0.001', '0.01'],
  ])('refuses a limit for %s at %s, and names the nearest', (symbol, price, nearest) => {
    const denial = of({ symbol, price });
    expect(denial).toMatchObject({ code: 'PRICE_TICK', class: 'terms' });
    expect(denial?.explanation).toMatch(new RegExp(`nearest (is|are) ${nearest}\\.$`));
  });

  it('looks at the stop price of a stop, and at no stated price', () => {
    expect(of({ orderType: 'stop', price: '150.005', stopPrice: '150.01' })).toBeUndefined();
    expect(of({ orderType: 'stop', price: '150', stopPrice: '150.015' })?.explanation).toContain(
      'The stop price 150.015',
    );
    expect(of({ orderType: 'market', price: '150.0051' })).toBeUndefined();
  });

  it.each([
    ['AAPL', '100', '150'],
    ['AAPL', '0.000000001', '150.01'],
    ['NVDA', '500', '500'],
    ['EURUSD', '10000', '1.085'],
    ['XAUUSD', '0.1', '2350.5'],
    ['BTCUSD', '10.5', '65000.01'],
    ['NQ', '1', '21000.25'],
    ['ZN', '3', '112.515625'],
  ])('lets %s × %s at %s pass', (symbol, quantity, price) => expect(of({ symbol, quantity, price })).toBeUndefined());

  it('lets an exit close whatever is held', () => {
    const ticket = { symbol: 'AAPL', quantity: '0.0000000005', price: '100.001', exit: true };
    expect(decide('compliance', sampleContext({ ticket }))).toBeUndefined();
    expect(decide('compliance', sampleContext({ ticket: { ...ticket, exit: false } }))?.code).toBe('QUANTITY_STEP');
  });

  it('leaves what nobody knows to who refuses it', () =>
    expect(of({ symbol: 'ABCD', quantity: '0.5' })).toBeUndefined());

  it('knows a step of every instrument, a power of ten, so that parts in the decimals of a quantity are whole steps', () => {
    for (const { quantityStep } of SPECIFICATIONS) expect(quantityStep).toMatch(/^(1|0\.0*1)$/);
  });
});
