/** Cash as the venue tells it against our books, as far as one look can tell. */
import { describe, expect, it } from 'vitest';
import type { VenueCash } from '../venue.ts';
import type { OwnOrder, OwnPosition } from './books.ts';
import { judgeCash } from './cash.ts';
import type { Books } from './compare.ts';

const NOW = 1_000_000;
const order = (over: Partial<OwnOrder> = {}): OwnOrder => ({
  ...{ orderId: 'o-1', accountId: 'a', symbol: 'NQ', status: 'working', filledQuantity: '0' },
  ...over,
});
const position = (over: Partial<OwnPosition> = {}): OwnPosition => ({
  ...{ accountId: 'a', symbol: 'NQ', quantity: '1', averagePrice: '21000', changedAt: NOW - 60_000 },
  ...over,
});

interface Setting {
  readonly told?: readonly VenueCash[];
  readonly before?: Partial<Books>;
  readonly after?: Partial<Books>;
  readonly tolerance?: string;
}

const OWN: Readonly<Record<string, string>> = { a: '50000', b: '1000.5' };
function judged({
  told = [{ accountId: 'a', amount: '49990' }],
  before = {},
  after = before,
  tolerance = '1',
}: Setting) {
  const nothing = { orders: [], positions: [] };
  const sides = {
    ...{ before: { ...nothing, ...before }, after: { ...nothing, ...after }, venue: { ...nothing, cash: told } },
    ...{ ended: new Set<string>(), quietBefore: NOW - 2_000 },
  };
  const books = { funds: async (accountId: string) => OWN[accountId] };
  return judgeCash(told, sides, { books, tolerance }, new AbortController().signal);
}
const SKIPPED = { differing: [], judged: 0, skipped: ['a'] };

describe('cash', () => {
  it('differs where it is further apart than the tolerance, whichever side has more', async () => {
    const told = (amount: string) => [{ accountId: 'a', amount }];
    for (const amount of ['50000', '49999', '50001'])
      expect(await judged({ told: told(amount) })).toEqual({ differing: [], judged: 1, skipped: [] });
    for (const amount of ['49998.99', '50001.01', '-50000'])
      expect((await judged({ told: told(amount) })).differing).toEqual([
        { accountId: 'a', ownAmount: '50000', venueAmount: amount },
      ]);
    expect((await judged({ told: told('50000.01'), tolerance: '0' })).differing).toHaveLength(1);
  });

  it('of several accounts is told in order, and of one that nobody has opened here not at all', async () => {
    const told = ['stranger', 'b', 'a'].map((accountId) => ({ accountId, amount: '7' }));
    const { differing, judged: count, skipped } = await judged({ told });
    expect([differing.map(({ accountId }) => accountId), count, skipped]).toEqual([['a', 'b'], 2, ['stranger']]);
  });

  it('is not judged while something moves on its account, and is while only others move', async () => {
    expect(await judged({ before: { positions: [position({ changedAt: NOW - 1_000 })] } })).toEqual(SKIPPED);
    for (const status of ['sending', 'canceling', 'unresolved'])
      expect(await judged({ before: { orders: [order({ status })] } })).toEqual(SKIPPED);
    expect(await judged({ before: { orders: [order()] }, after: {} })).toEqual(SKIPPED);
    expect(await judged({ before: {}, after: { orders: [order()] } })).toEqual(SKIPPED);
    expect(
      await judged({ before: { orders: [order()] }, after: { orders: [order({ filledQuantity: '1' })] } }),
    ).toEqual(SKIPPED);
    const resting = { orders: [order(), order({ orderId: 'o-2', status: 'held' })], positions: [position()] };
    expect((await judged({ before: resting })).judged).toBe(1);
    expect((await judged({ before: { orders: [order({ accountId: 'b', status: 'sending' })] } })).judged).toBe(1);
  });
});
