/** The instruments and all their spellings. One symbol inside (`EURUSD`, `AAPL`, `MNQZ5`); each contract spells in its own way. */
import { type DecimalText, exact, text } from './decimal.ts';

export type AssetClass = 'fx' | 'metal' | 'crypto' | 'future' | 'equity';

export interface Instrument {
  readonly symbol: string;
  readonly assetClass: AssetClass;
  readonly tickSize: DecimalText;
  readonly pipSize: DecimalText;
  /** Units of the underlying in one contract. */
  readonly multiplier: DecimalText;
  readonly currency: 'USD';
  /** Margin as a ratio of notional. */
  readonly marginRatio: DecimalText;
  readonly session: 'always' | 'fx-week' | 'cme' | 'us-equity';
  /** Where simulated markets orient themselves: the price that the contracts' own examples use. */
  readonly referencePrice: DecimalText;
}

const fx = (symbol: string, referencePrice: string): Instrument => ({
  symbol,
  assetClass: 'fx',
  tickSize: '0.00001',
  pipSize: '0.0001',
  multiplier: '1',
  currency: 'USD',
  marginRatio: '0.0333',
  session: 'fx-week',
  referencePrice,
});
const crypto = (symbol: string, referencePrice: string): Instrument => ({
  symbol,
  assetClass: 'crypto',
  tickSize: '0.01',
  pipSize: '1',
  multiplier: '1',
  currency: 'USD',
  marginRatio: '0.5',
  session: 'always',
  referencePrice,
});
const equity = (symbol: string, referencePrice: string): Instrument => ({
  symbol,
  assetClass: 'equity',
  tickSize: '0.01',
  pipSize: '0.01',
  multiplier: '1',
  currency: 'USD',
  marginRatio: '0.5',
  session: 'us-equity',
  referencePrice,
});
const future = (symbol: string, multiplier: string, referencePrice: string): Instrument => ({
  symbol,
  assetClass: 'future',
  tickSize: '0.25',
  pipSize: '0.25',
  multiplier,
  currency: 'USD',
  marginRatio: '0.06',
  session: 'cme',
  referencePrice,
});

export const INSTRUMENTS: readonly Instrument[] = [
  equity('AAPL', '150'),
  equity('MSFT', '420'),
  equity('NVDA', '500'),
  equity('SPY', '470'),
  fx('EURUSD', '1.085'),
  fx('GBPUSD', '1.27'),
  {
    symbol: 'XAUUSD',
    assetClass: 'metal',
    tickSize: '0.01',
    pipSize: '0.1',
    multiplier: '1',
    currency: 'USD',
    marginRatio: '0.05',
    session: 'fx-week',
    referencePrice: '2350.5',
  },
  crypto('BTCUSD', '65000'),
  crypto('ETHUSD', '3200'),
  future('NQ', '20', '21000'),
  future('MNQ', '2', '21000'),
  future('ES', '50', '5900'),
  future('MES', '5', '5900'),
];

const bySymbol = new Map(INSTRUMENTS.map((instrument) => [instrument.symbol, instrument]));
const dated = /^(NQ|MNQ|ES|MES)[FGHJKMNQUVXZ]\d{1,2}$/;

/** Finds an instrument by any accepted spelling (`EUR_USD`, `BTC/USD`, `xauusd`, `MNQZ5`); a dated contract keeps its own symbol. */
export function findInstrument(spelling: string): Instrument | undefined {
  const exactly = bySymbol.get(spelling);
  if (exactly) return exactly;
  const symbol = spelling.toUpperCase().replace(/[/_\-\s]/g, '');
  const known = bySymbol.get(symbol);
  if (known) return known;
  const root = dated.exec(symbol)?.[1];
  const series = root === undefined ? undefined : bySymbol.get(root);
  return series && { ...series, symbol };
}

/** Value of a quantity at a price in account currency, unrounded. */
export function notional(instrument: Instrument, quantity: DecimalText, price: DecimalText): DecimalText {
  return text(exact(quantity).times(price).times(instrument.multiplier));
}
