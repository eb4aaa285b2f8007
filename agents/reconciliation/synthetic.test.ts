import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exact } from '../../domain/decimal.ts';
import { applyFill, FLAT, type Position } from '../../domain/position.ts';
import type { PositionDifference } from '../../messages/reconciliation.ts';
import { syntheticFills, turns } from './synthetic.ts';

const between = (own: [string, string], venue: [string, string]): PositionDifference => ({
  ...{ accountId: 'a', symbol: 'AAPL', ownQuantity: own[0], ownAveragePrice: own[1] },
  ...{ venueQuantity: venue[0], venueAveragePrice: venue[1] },
});

describe('synthetic fills', () => {
  it('add what is missing at the price that makes the average the venue’s', () => {
    expect(syntheticFills(between(['100', '10'], ['150', '12']))).toEqual([
      { side: 'buy', quantity: '50', price: '16' },
    ]);
    expect(syntheticFills(between(['-100', '10'], ['-200', '9']))).toEqual([
      { side: 'sell', quantity: '100', price: '8' },
    ]);
  });

  it('take off what is too much at our own average: no profit is invented', () => {
    expect(syntheticFills(between(['100', '10'], ['40', '11']))).toEqual([
      { side: 'sell', quantity: '60', price: '10' },
    ]);
    expect(syntheticFills(between(['-5', '10'], ['0', '0']))).toEqual([{ side: 'buy', quantity: '5', price: '10' }]);
  });

  it('close and open anew when long became short', () => {
    const difference = between(['100', '10'], ['-50', '12']);
    expect(turns(difference)).toBe(true);
    expect(syntheticFills(difference)).toEqual([
      { side: 'sell', quantity: '100', price: '10' },
      { side: 'sell', quantity: '50', price: '12' },
    ]);
    expect(turns(between(['100', '10'], ['50', '12']))).toBe(false);
  });

  it('use the venue’s average where no positive price explains it', () => {
    expect(syntheticFills(between(['100', '10'], ['110', '1']))).toEqual([{ side: 'buy', quantity: '10', price: '1' }]);
  });

  it('always lead from our quantity to the venue’s, and never realise anything', () => {
    const quantity = fc.integer({ min: -1_000, max: 1_000 }).map(String);
    const price = fc.integer({ min: 1, max: 100_000 }).map((cents) => exact(cents).dividedBy(100).toFixed());
    fc.assert(
      fc.property(quantity, price, quantity, price, (own, ownPrice, venue, venuePrice) => {
        fc.pre(own !== venue);
        let position: Omit<Position, 'averagePrice'> = FLAT;
        if (own !== '0') {
          const side = own.startsWith('-') ? ('sell' as const) : ('buy' as const);
          position = applyFill(FLAT, { side, quantity: own.replace('-', ''), price: ownPrice });
        }
        for (const fill of syntheticFills(between([own, own === '0' ? '0' : ownPrice], [venue, venuePrice])))
          position = applyFill(position, fill);
        expect(position.quantity).toBe(venue);
        expect(exact(position.realizedPnl).abs().toNumber()).toBeLessThan(1e-6);
      }),
    );
  });
});
