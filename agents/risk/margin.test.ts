import { describe, expect, it } from 'vitest';
import { FLAT } from '../../domain/position.ts';
import { type Book, EMPTY, valued } from './book.ts';
import { tiedMargin } from './margin.ts';

const order = (symbol: string, side: 'buy' | 'sell', leavesQuantity: string, price: string) =>
  valued({ symbol, side, leavesQuantity, price, exit: false });
const held = (symbol: string, quantity: string, cost: string): Book => ({
  ...EMPTY,
  positions: { [symbol]: { ...FLAT, quantity, cost } },
});

describe('the margin that is tied up', () => {
  it('is an amount a contract of the largest position that fills can lead to', () => {
    const long = held('NQ', '2', '840000');
    expect(tiedMargin(long, 'o-1', order('NQ', 'buy', '1', '21000'))).toEqual({ before: '39600', withOrder: '59400' });
    expect(tiedMargin(long, 'o-1', order('NQ', 'sell', '2', '21000'))).toEqual({ before: '39600', withOrder: '39600' });
    expect(tiedMargin(long, 'o-1', order('NQ', 'sell', '5', '21000'))).toEqual({ before: '39600', withOrder: '59400' });
  });

  it('is a part of the value of everything else, and adds up over symbols, working orders among them', () => {
    const book: Book = {
      ...held('AAPL', '-10', '-1500'),
      reservations: { 'o-0': order('EURUSD', 'buy', '1000', '1.1') },
    };
    const { before, withOrder } = tiedMargin(book, 'o-1', order('MNQ', 'sell', '1', '21000'));
    expect([before, withOrder]).toEqual(['786.63', '2766.63']);
  });

  it('is all that it is worth where nobody knows the instrument', () => {
    expect(tiedMargin(EMPTY, 'o-1', order('TULIPS', 'buy', '3', '7'))).toEqual({ before: '0', withOrder: '21' });
  });
});
