import { describe, expect, it } from 'vitest';
import type { OrderTicket } from '../messages/common.ts';
import type { Exposure } from './control.ts';
import { exitReduces } from './exit-reduces.ts';
import { sampleContext, sampleExposure } from './testing/sample.ts';

const exit = (ticket: Partial<OrderTicket>, exposure: Partial<Exposure>) =>
  exitReduces.decide(sampleContext({ ticket: { exit: true, ...ticket } }, { exposure: sampleExposure(exposure) }));

describe('exit-reduces', () => {
  it('lets an exit pass that closes exactly the position, long or short', () => {
    expect(exit({ side: 'sell', quantity: '100' }, { position: '100' })).toBeUndefined();
    expect(exit({ side: 'buy', quantity: '0.1' }, { position: '-0.1' })).toBeUndefined();
  });

  it('refuses an exit that would turn the position', () => {
    expect(exit({ side: 'sell', quantity: '100.1' }, { position: '100' })).toMatchObject({
      code: 'NOT_AN_EXIT',
      numbers: { closable: '100', requested: '100.1' },
    });
  });

  it('refuses an exit on the wrong side or of nothing', () => {
    expect(exit({ side: 'buy', quantity: '1' }, { position: '100' })?.code).toBe('NOT_AN_EXIT');
    expect(exit({ side: 'sell', quantity: '1' }, { position: '0' })?.code).toBe('NOT_AN_EXIT');
  });

  it('counts what already works on its side', () => {
    expect(exit({ side: 'sell', quantity: '40' }, { position: '100', workingSell: '60' })).toBeUndefined();
    expect(exit({ side: 'sell', quantity: '41' }, { position: '100', workingSell: '60' })?.code).toBe('NOT_AN_EXIT');
    expect(exit({ side: 'sell', quantity: '100' }, { position: '100', workingBuy: '60' })).toBeUndefined();
    expect(exit({ side: 'sell', quantity: '1' }, { position: '100', workingSell: '150' })?.code).toBe('NOT_AN_EXIT');
  });

  it('has nothing to say about orders that are no exits, and no exit passes without a known position', () => {
    expect(exit({ exit: false, quantity: '1000' }, {})).toBeUndefined();
    const { exposure: _unknown, ...context } = sampleContext({ ticket: { exit: true } });
    expect(exitReduces.decide(context)?.code).toBe('GATE_UNAVAILABLE');
  });
});
