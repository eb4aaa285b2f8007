import { describe, expect, it } from 'vitest';
import { sampleTicket } from '../../controls/testing/sample.ts';
import type { OrderTicket } from '../../messages/common.ts';
import { filled } from '../testing/requests.ts';
import { type Book, EMPTY, exposureOf, grossExposure, reservationFor, withFill, withReservation } from './book.ts';

const working = (book: Book, orderId: string, side: OrderTicket['side'], quantity: string, amount: string) =>
  withReservation(book, orderId, reservationFor(sampleTicket({ side, quantity }), amount));
const long100 = withFill(EMPTY, filled({ quantity: '100', price: '100' }));
const short100 = withFill(EMPTY, filled({ side: 'sell', quantity: '100', price: '100' }));

describe('the gross exposure', () => {
  it('counts what is held at cost and what works at its price', () => {
    expect(grossExposure(working(long100, 'a', 'buy', '10', '1100'))).toBe('11100');
  });

  it('counts the larger of what buys and what sells may lead to, not both', () => {
    const both = working(working(EMPTY, 'a', 'buy', '10', '1000'), 'b', 'sell', '20', '2100');
    expect(grossExposure(both)).toBe('2100');
  });

  it('counts of a crossing order only what opens, at the highest price', () => {
    expect(grossExposure(working(long100, 'a', 'sell', '150', '15000'))).toBe('10000');
    expect(grossExposure(working(long100, 'a', 'sell', '300', '30000'))).toBe('20000');
    const covering = working(working(short100, 'a', 'buy', '100', '9000'), 'b', 'buy', '100', '12000');
    expect(grossExposure(covering)).toBe('12000');
  });

  it('knows the multiplier of a future', () => {
    const ticket = sampleTicket({ symbol: 'MNQZ5', quantity: '2', price: '21000' });
    const reservation = reservationFor(ticket, '84000');
    expect(reservation).toMatchObject({ price: '21000', amount: '84000' });
    expect(exposureOf(EMPTY, 'a', reservation)).toMatchObject({ gross: '0', grossWithOrder: '84000' });
  });

  it('never counts an amount too low that has no finite price', () => {
    const reservation = reservationFor(sampleTicket({ quantity: '3' }), '100');
    expect(Number(reservation.amount)).toBeGreaterThanOrEqual(100);
    expect(Number(reservation.amount)).toBeCloseTo(100, 9);
  });
});
