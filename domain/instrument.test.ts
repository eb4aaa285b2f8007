/** The registry: every spelling leads to one instrument, and specifications fit together. */
import { describe, expect, it } from 'vitest';
import { exact } from './decimal.ts';
import { findInstrument, INSTRUMENTS, isTradable, notional, tiedUp } from './instrument.ts';
import { SPECIFICATIONS } from './instruments/specifications.ts';

describe('spellings', () => {
  it.each([
    ['EUR_USD', 'EURUSD'],
    ['eur/usd', 'EURUSD'],
    ['XAU_USD', 'XAUUSD'],
    ['gold', 'XAUUSD'],
    ['BTC-USD', 'BTCUSD'],
    ['XBT/USD', 'BTCUSD'],
    ['aapl', 'AAPL'],
    ['MNQZ5', 'MNQZ5'],
    ['NQ 03-20', 'NQH20'],
    ['ESH2026', 'ESH26'],
    ['/GCZ25', 'GCZ25'],
    ['6EM6', '6EM6'],
    ['M2KU26', 'M2KU26'],
  ])('%s is %s', (spelling, symbol) => expect(findInstrument(spelling)?.symbol).toBe(symbol));

  it.each(['', 'EURTRY', 'NQF6', 'GCH26', 'AAPLZ5', 'NQZ', 'NQ 13-25', 'NQZ123', '__proto__'])(
    '%s is none',
    (spelling) => expect(findInstrument(spelling)).toBeUndefined(),
  );

  it('a dated contract has the specification of its series', () => {
    expect(findInstrument('GCZ25')).toMatchObject({ tickSize: '0.1', multiplier: '100', session: 'cme-metals' });
    expect(findInstrument('GCZ25')).toBe(findInstrument('GC 12-25'));
  });
});

describe('specifications', () => {
  it('have each spelling once', () => {
    const spellings = SPECIFICATIONS.flatMap(({ symbol, aliases }) => [symbol, ...aliases]);
    expect(new Set(spellings).size).toBe(spellings.length);
  });

  it.each(SPECIFICATIONS.map((one) => [one.symbol, one] as const))('of %s fit together', (_symbol, one) => {
    expect(exact(one.pipSize).mod(one.tickSize).isZero()).toBe(true);
    expect(exact(one.referencePrice).mod(one.tickSize).isZero()).toBe(true);
    const { initial, maintenance } = tiedUp(one, '1', notional(one, '1', one.referencePrice));
    expect(Number(maintenance)).toBeGreaterThan(0);
    expect(Number(initial)).toBeGreaterThan(Number(maintenance));
    expect(Number(initial)).toBeLessThanOrEqual(Number(notional(one, '1', one.referencePrice)) * 0.5);
    expect(Number(one.multiplier)).toBeGreaterThan(0);
  });

  /** The value of one tick of one contract, as CME Group publishes it. */
  it.each([
    ['NQ', '5'],
    ['MNQ', '0.5'],
    ['ES', '12.5'],
    ['MES', '1.25'],
    ['RTY', '5'],
    ['YM', '5'],
    ['GC', '10'],
    ['MGC', '1'],
    ['SI', '25'],
    ['CL', '10'],
    ['NG', '10'],
    ['6E', '6.25'],
    ['6B', '6.25'],
    ['6A', '5'],
    ['6C', '5'],
    ['6S', '6.25'],
    ['6J', '6.25'],
    ['ZN', '15.625'],
    ['ZB', '31.25'],
  ])('a tick of %s is worth %s dollars', (symbol, dollars) => {
    const instrument = findInstrument(symbol)!;
    expect(notional(instrument, '1', instrument.tickSize)).toBe(dollars);
  });

  it.each([
    ['USDJPY', '0.01'],
    ['EUR_JPY', '0.01'],
    ['EURUSD', '0.0001'],
    ['XAUUSD', '0.1'],
    ['NQ', '0.25'],
    ['AAPL', '0.01'],
    ['BTCUSD', '1'],
  ])('a pip of %s is %s', (symbol, pip) => expect(findInstrument(symbol)?.pipSize).toBe(pip));

  it('quoted in another currency are not for accounts in dollars', () => {
    const foreign = SPECIFICATIONS.filter((one) => !isTradable(one));
    expect([...new Set(foreign.map(({ currency }) => currency))].sort()).toEqual([
      ...['AUD', 'CAD', 'CHF', 'EUR', 'GBP', 'JPY'],
    ]);
    for (const { symbol, currency } of foreign) expect(symbol.slice(3)).toBe(currency);
    expect(INSTRUMENTS.every(isTradable)).toBe(true);
  });

  it.each([
    ['EUR_GBP', 'GBP', '0.0001'],
    ['USD/CHF', 'CHF', '0.0001'],
    ['EURAUD', 'AUD', '0.0001'],
    ['usdcad', 'CAD', '0.0001'],
    ['CHF_JPY', 'JPY', '0.01'],
    ['XAUEUR', 'EUR', '0.1'],
  ])('%s is quoted in %s, with a pip of %s', (spelling, currency, pipSize) =>
    expect(findInstrument(spelling)).toMatchObject({ currency, pipSize }),
  );

  it('of futures have the session of their product', () => {
    expect(['NQZ6', 'GC', 'CLF27', '6E', 'ZB'].map((symbol) => findInstrument(symbol)?.session)).toEqual([
      ...['cme-index', 'cme-metals', 'cme-energy', 'cme-fx', 'cme-rates'],
    ]);
  });

  it('tie up an amount a contract, dated ones too, and a part of the value of everything else', () => {
    const of = (symbol: string, quantity: string, value: string) => {
      const { initial, maintenance } = tiedUp(findInstrument(symbol), quantity, value);
      return [initial, maintenance];
    };
    expect(of('NQZ6', '-2', '-840000')).toEqual(['39600', '36000']);
    expect(of('MNQ', '3', '126000')).toEqual(['5940', '5400']);
    expect(of('NOBODY', '3', '-126')).toEqual(['126', '126']);
    expect(of('EURUSD', '10000', '10850')).toEqual(['361.305', '180.6525']);
    expect(of('AUDUSD', '-10000', '-6500')).toEqual(['325', '162.5']);
    expect(of('AAPL', '10', '1500')).toEqual(['750', '375']);
    expect(of('BTCUSD', '0.1', '6500')).toEqual(['3250', '1625']);
    expect(findInstrument('NQZ6')?.margin.basis).toBe('CME Group, 2025-04');
  });

  it('make a market of the same thirteen as ever', () => expect(INSTRUMENTS).toHaveLength(13));
});
