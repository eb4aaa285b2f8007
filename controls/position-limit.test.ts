import { describe, expect, it } from 'vitest';
import type { OrderTicket } from '../messages/common.ts';
import type { Exposure } from './control.ts';
import { positionLimit } from './position-limit.ts';
import { sampleContext, sampleExposure } from './testing/sample.ts';

const order = (ticket: Partial<OrderTicket>, exposure: Partial<Exposure> = {}) =>
  positionLimit.decide(sampleContext({ ticket }, { exposure: sampleExposure(exposure) }));

describe('position-limit', () => {
  it('counts the position and what works on the same side', () => {
    const held = { position: '600', workingBuy: '300' };
    expect(order({ quantity: '100' }, held)).toBeUndefined();
    expect(order({ quantity: '100.1' }, held)).toMatchObject({
      code: 'POSITION_LIMIT',
      numbers: { resulting: '1000.1', limit: '1000' },
    });
  });

  it('holds for short positions too', () => {
    const held = { position: '-600', workingSell: '300' };
    expect(order({ side: 'sell', quantity: '100' }, held)).toBeUndefined();
    expect(order({ side: 'sell', quantity: '101' }, held)?.code).toBe('POSITION_LIMIT');
  });

  it('lets an order pass that reduces a position above the limit', () => {
    expect(order({ side: 'sell', quantity: '100' }, { position: '5000' })).toBeUndefined();
  });

  it('refuses without a configured limit and without a known position', () => {
    expect(order({ symbol: 'EURUSD' })?.code).toBe('NO_LIMIT_CONFIGURED');
    const { exposure: _unknown, ...context } = sampleContext();
    expect(positionLimit.decide(context)?.code).toBe('GATE_UNAVAILABLE');
  });
});
