import { describe, expect, it } from 'vitest';
import type { OrderTicket } from '../messages/common.ts';
import { halted } from './halted.ts';
import { reduceOnly } from './reduce-only.ts';
import { sampleContext, sampleExposure, sampleHalt } from './testing/sample.ts';

const reducing = sampleHalt({ scope: 'account', targetId: 'acct-1', mode: 'reduce' });
const order = (ticket: Partial<OrderTicket>, exposure: Parameters<typeof sampleExposure>[0]) =>
  reduceOnly.decide(sampleContext({ ticket }, { reducing, exposure: sampleExposure(exposure) }));

describe('reduce-only', () => {
  it('lets pass what is left to close, not one unit more, long and short', () => {
    const long = { position: '100', workingSell: '60' };
    expect(order({ side: 'sell', quantity: '40' }, long)).toBeUndefined();
    expect(order({ side: 'sell', quantity: '40.1' }, long)).toMatchObject({
      code: 'REDUCING_ONLY',
      class: 'halt',
      numbers: { stopId: 'stop-1', closable: '40' },
    });
    expect(order({ side: 'buy', quantity: '5' }, { position: '-5' })).toBeUndefined();
  });

  it('refuses what increases or opens', () => {
    expect(order({ side: 'buy', quantity: '1' }, { position: '100' })?.code).toBe('REDUCING_ONLY');
    expect(order({ side: 'sell', quantity: '1' }, { position: '0' })?.code).toBe('REDUCING_ONLY');
  });

  it('is nothing for the halt gate, and refuses when the position is not known', () => {
    expect(halted.decide(sampleContext({}, { halts: [reducing] }))).toBeUndefined();
    const { exposure: _unknown, ...context } = sampleContext({}, { reducing });
    expect(reduceOnly.decide(context)?.code).toBe('GATE_UNAVAILABLE');
    expect(reduceOnly.decide(sampleContext())).toBeUndefined();
  });
});
