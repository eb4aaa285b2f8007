import { describe, expect, it } from 'vitest';
import type { OrderTicket } from '../messages/common.ts';
import { selfMatch } from './self-match.ts';
import { sampleContext, sampleExposure } from './testing/sample.ts';

const order = (ticket: Partial<OrderTicket>, opposing: string | undefined) =>
  selfMatch.decide(sampleContext({ ticket }, { exposure: sampleExposure({ opposing }) }));

describe('self-match', () => {
  it('refuses a price that reaches the other side, and lets one pass that does not', () => {
    expect(order({ price: '101' }, '101')).toMatchObject({ code: 'SELF_MATCH', numbers: { opposing: '101' } });
    expect(order({ price: '100.99' }, '101')).toBeUndefined();
    expect(order({ side: 'sell', price: '99' }, '99')?.code).toBe('SELF_MATCH');
    expect(order({ side: 'sell', price: '99.01' }, '99')).toBeUndefined();
  });

  it('says what stands in the way, on which side, and when the order would pass', () => {
    expect(order({ orderType: 'market', price: '150' }, '100.1')?.explanation).toBe(
      'The buy order reaches 100.1, where a sell order of the same account works at 100.1: they could trade with one another. ' +
        'It passes once that one has filled or is cancelled.',
    );
  });

  it('takes a market order as far as the quote, and a stop nowhere', () => {
    expect(order({ orderType: 'market', price: '150' }, '100.11')).toBeUndefined();
    expect(order({ orderType: 'market', price: '150' }, '100.1')?.code).toBe('SELF_MATCH');
    expect(order({ orderType: 'market', side: 'sell' }, '99.9')?.code).toBe('SELF_MATCH');
    expect(order({ orderType: 'stop', stopPrice: '102' }, '90')).toBeUndefined();
  });

  it('lets pass where nothing works on the other side, and refuses what it cannot know', () => {
    expect(order({}, undefined)).toBeUndefined();
    const { exposure: _unknown, ...context } = sampleContext();
    expect(selfMatch.decide(context)?.code).toBe('GATE_UNAVAILABLE');
  });
});
