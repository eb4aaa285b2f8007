/** The registry: every spelling leads to one instrument, and specifications fit together. */
import { describe, expect, it } from 'vitest';
import { exact } from './decimal.ts';
import { findInstrument, INSTRUMENTS, isTradable, notional } from './instrument.ts';
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
    expect(Number(one.marginRatio)).toBeGreaterThan(0);
    expect(Number(one.marginRatio)).toBeLessThanOrEqual(1);
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

  it('quoted in yen are not for accounts in dollars', () => {
    expect(SPECIFICATIONS.filter((one) => !isTradable(one)).map(({ symbol }) => symbol)).toEqual([
      ...['USDJPY', 'EURJPY', 'GBPJPY', 'AUDJPY'],
    ]);
    expect(INSTRUMENTS.every(isTradable)).toBe(true);
  });

  it('of futures have the margin and the session of their product', () => {
    const of = (symbol: string) => [findInstrument(symbol)?.session, findInstrument(symbol)?.marginRatio];
    expect(['NQZ6', 'GC', 'CLF27', '6E', 'ZB'].map(of)).toEqual([
      ...[
        ['cme-index', '0.06'],
        ['cme-metals', '0.06'],
        ['cme-energy', '0.1'],
        ['cme-fx', '0.025'],
        ['cme-rates', '0.035'],
      ],
    ]);
  });

  it('make a market of the same thirteen as ever', () => expect(INSTRUMENTS).toHaveLength(13));
});
