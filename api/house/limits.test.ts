/** With four eyes nobody loosens the limits of his own trading, whatever the loosening looks like; tightening is everybody's. */
import { describe, expect, it } from 'vitest';
import type { LimitsSet, TradingLimits } from '../../messages/limits.ts';
import { FakeHouse } from '../testing/fake-house.ts';
import { traderRow, World } from '../testing/samples.ts';

const equity = { collarRatio: '0.05', orderValueMax: '1000', orderVolumeMax: '10', positionMax: '10' };
const account = { exposureMax: '1000', dailyLossRatioMax: '0.1', drawdownRatioMax: '0.2' };
const LIMITS: TradingLimits = {
  instruments: { 'class:equity': equity, AAPL: { ...equity, positionMax: '5', sessionOnly: true } },
  accounts: { default: account, 'acct-2': { ...account, exposureMax: '500', instruments: ['AAPL'] } },
  orderRate: { max: 10, windowMs: 1_000 },
  duplicate: { max: 2, windowMs: 1_000 },
  repeats: { max: 3, windowMs: 1_000 },
  quoteAgeMaxMs: 5_000,
};
const account2 = LIMITS.accounts['acct-2']!;

/** An admin with a trader on `acct-2`; `version` is that of the limits in force. */
function desk({
  fourEyes = true,
  version = 3,
  limits = LIMITS as TradingLimits | null,
  status = 'active' as const,
} = {}) {
  const house = new FakeHouse({ fourEyes });
  const changed: LimitsSet[] = [];
  house.traders.set('agent-2', traderRow({ id: 'agent-2', userId: 'user-9', accountId: 'acct-2', status }));
  house.on('limits.get', () => ({ type: 'limits.answered', outcome: 'current', version, limits }) as never);
  house.on<LimitsSet>('limits.set', (message) => {
    changed.push(message);
    return { type: 'limits.answered', outcome: 'changed', version: version + 1, limits: message.limits } as never;
  });
  const world = new World(house);
  const put = async (sub: string, over: object, more: object = {}) => {
    const body = { limits: { ...LIMITS, ...over }, reason: 'test', ...more };
    return world.call('PUT', '/api/v1/house/limits', { as: await world.token(sub, 'admin'), body });
  };
  return { put, changed };
}

const LOOSER: readonly (readonly [string, object])[] = [
  ['more exposure of his account', { accounts: { ...LIMITS.accounts, 'acct-2': { ...account2, exposureMax: '501' } } }],
  ['more loss', { accounts: { ...LIMITS.accounts, 'acct-2': { ...account2, dailyLossRatioMax: '0.11' } } }],
  ['leverage', { accounts: { ...LIMITS.accounts, 'acct-2': { ...account2, leverageMax: '2' } } }],
  ['every instrument', { accounts: { ...LIMITS.accounts, 'acct-2': { ...account2, instruments: undefined } } }],
  ['one more', { accounts: { ...LIMITS.accounts, 'acct-2': { ...account2, instruments: ['AAPL', 'NVDA'] } } }],
  ['variance', { accounts: { ...LIMITS.accounts, 'acct-2': { ...account2, varianceAllowed: true } } }],
  ['those of all others in place of his own', { accounts: { default: account } }],
  ['larger orders', { instruments: { ...LIMITS.instruments, 'class:equity': { ...equity, orderValueMax: '1001' } } }],
  ['those of the class in place of an instrument’s', { instruments: { 'class:equity': equity } }],
  ['an instrument that was none', { instruments: { ...LIMITS.instruments, 'class:fx': equity } }],
  ['more orders', { orderRate: { max: 11, windowMs: 1_000 } }],
  ['the same in less time', { duplicate: { max: 2, windowMs: 900 } }],
  ['repeats for ever', { repeats: undefined }],
  ['older quotes', { quoteAgeMaxMs: 5_001 }],
];

describe('with four eyes', () => {
  it.each(LOOSER)('nobody gives himself %s; who does not trade by it may', async (_what, over) => {
    const { put, changed } = desk();
    expect(await put('user-9', over)).toMatchObject({ status: 403 });
    expect(changed).toEqual([]);
    expect(await put('user-123', over)).toMatchObject({ status: 200 });
    expect(changed).toMatchObject([{ by: 'user-123' }]);
  });

  it.each([
    [
      'tightens',
      { accounts: { ...LIMITS.accounts, 'acct-2': { ...account2, exposureMax: '100' } }, quoteAgeMaxMs: 4_000 },
    ],
    ['leaves as they are', {}],
    ['forbids', { instruments: {} }],
    ['loosens for others alone', { accounts: { ...LIMITS.accounts, default: { ...account, exposureMax: '9000' } } }],
  ])('whoever trades %s, at the version that was looked at', async (_what, over) => {
    const { put, changed } = desk();
    expect(await put('user-9', over)).toMatchObject({ status: 200 });
    expect(changed).toMatchObject([{ by: 'user-9', expectedVersion: 3 }]);
    expect(await put('user-9', over, { expectedVersion: 2 })).toMatchObject({ status: 409 });
  });

  it('one instrument in place of its whole class is a tightening, the class in place of one a loosening', async () => {
    const only = (...instruments: string[]) => ({ accounts: { 'acct-2': { ...account2, instruments } } });
    const broad = desk({ limits: { ...LIMITS, ...only('class:equity') } });
    expect(await broad.put('user-9', only('AAPL'))).toMatchObject({ status: 200 });
    expect(await broad.put('user-9', only('AAPL', 'EURUSD'))).toMatchObject({ status: 403 });
    expect(await desk().put('user-9', only('class:equity'))).toMatchObject({ status: 403 });
  });

  it('the first limits are a loosening too: without any nobody trades', async () => {
    expect(await desk({ limits: null, version: 0 }).put('user-9', {})).toMatchObject({ status: 403 });
  });

  it('a trader that is gone trades by no limits', async () => {
    expect(await desk({ status: 'terminated' as never }).put('user-9', { quoteAgeMaxMs: 9_000 })).toMatchObject({
      status: 200,
    });
  });
});

it('without four eyes one person alone may do both', async () => {
  const { put } = desk({ fourEyes: false });
  expect(await put('user-9', { quoteAgeMaxMs: 9_000 })).toMatchObject({ status: 200 });
});
