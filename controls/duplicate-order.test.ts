import { describe, expect, it } from 'vitest';
import type { RecentOrder } from './control.ts';
import { duplicateOrder } from './duplicate-order.ts';
import { NOW, sampleContext } from './testing/sample.ts';

const earlier: RecentOrder = { at: NOW - 1, symbol: 'AAPL', side: 'buy', quantity: '100.0', price: '100' };
const after = (...recent: RecentOrder[]) => duplicateOrder.decide(sampleContext({}, { recent }));

describe('duplicate-order', () => {
  it('lets as many repeats pass as are allowed and refuses one more', () => {
    expect(after(earlier)).toBeUndefined();
    expect(after(earlier, earlier)).toMatchObject({
      code: 'DUPLICATE_ORDER',
      class: 'duplicate',
      numbers: { repeats: '2', limit: '1' },
    });
  });

  it('takes an order that differs in anything for another one', () => {
    const different: Partial<RecentOrder>[] = [
      { symbol: 'MSFT' },
      { side: 'sell' },
      { quantity: '101' },
      { price: '99' },
    ];
    for (const change of different) expect(after(earlier, { ...earlier, ...change })).toBeUndefined();
  });

  it('forgets what is as old as the window', () => {
    expect(after(earlier, { ...earlier, at: NOW - 1_000 })).toBeUndefined();
    expect(after(earlier, { ...earlier, at: NOW - 999 })?.code).toBe('DUPLICATE_ORDER');
  });

  it('refuses without a configured limit or without knowledge', () => {
    expect(duplicateOrder.decide(sampleContext({ limits: undefined }))?.code).toBe('NO_LIMIT_CONFIGURED');
    const { recent: _unknown, ...context } = sampleContext();
    expect(duplicateOrder.decide(context)?.code).toBe('GATE_UNAVAILABLE');
  });
});
