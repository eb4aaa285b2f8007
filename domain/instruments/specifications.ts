/**
 * The instruments of the house with their contract specifications, as known on 2026-11-22 of CME Group, NYSE and
 * what dealers quote; no exchange's page was asked. Account currency is USD, so that only what is quoted in USD is here.
 */
import type { DecimalText } from '../decimal.ts';
import type { SessionName } from '../sessions/session.ts';

export type AssetClass = 'fx' | 'metal' | 'crypto' | 'future' | 'equity';

export interface Instrument {
  readonly symbol: string;
  readonly name: string;
  readonly assetClass: AssetClass;
  readonly tickSize: DecimalText;
  readonly pipSize: DecimalText;
  /** Units of the underlying in one contract. */
  readonly multiplier: DecimalText;
  readonly currency: 'USD';
  /** Units in what brokers call a lot. */
  readonly lotSize: DecimalText;
  /** Margin as a ratio of notional. */
  readonly marginRatio: DecimalText;
  readonly session: SessionName;
  /** Other spellings that mean this one. */
  readonly aliases: readonly string[];
  /** Where simulated markets orient themselves: the price that the contracts' own examples use, else a round one of late 2025. */
  readonly referencePrice: DecimalText;
}

type Own = Pick<Instrument, 'symbol' | 'name' | 'referencePrice'> & Partial<Instrument>;

/** Retail margins: ESMA 2018/796 (major pairs 30:1, gold 20:1, crypto 2:1), Regulation T for stocks. */
const base = { multiplier: '1', currency: 'USD', lotSize: '1', aliases: [] } as const;
const fx = (own: Own): Instrument => ({
  ...{ ...base, assetClass: 'fx', tickSize: '0.00001', pipSize: '0.0001', lotSize: '100000' },
  ...{ marginRatio: '0.0333', session: 'fx-week', ...own },
});
const metal = (own: Own & Pick<Instrument, 'lotSize' | 'tickSize' | 'pipSize' | 'marginRatio'>): Instrument => ({
  ...{ ...base, assetClass: 'metal', session: 'metal-week', ...own },
});
const crypto = (own: Own): Instrument => ({
  ...{ ...base, assetClass: 'crypto', tickSize: '0.01', pipSize: '1', marginRatio: '0.5', session: 'always', ...own },
});
const equity = (own: Own): Instrument => ({
  ...{ ...base, assetClass: 'equity', tickSize: '0.01', pipSize: '0.01', marginRatio: '0.5' },
  ...{ session: 'us-equity', ...own },
});
/** A pip of a future is its tick. */
const future = (symbol: string, name: string, tickSize: string, multiplier: string, price: string): Instrument => ({
  ...{ ...base, symbol, name, assetClass: 'future', tickSize, pipSize: tickSize, multiplier },
  ...{ marginRatio: '0.06', session: 'cme', referencePrice: price },
});

/** What the house makes a market of when it simulates one. */
export const HOUSE_INSTRUMENTS: readonly Instrument[] = [
  equity({ symbol: 'AAPL', name: 'Apple', referencePrice: '150' }),
  equity({ symbol: 'MSFT', name: 'Microsoft', referencePrice: '420' }),
  equity({ symbol: 'NVDA', name: 'NVIDIA', referencePrice: '500' }),
  equity({ symbol: 'SPY', name: 'SPDR S&P 500 ETF', referencePrice: '470' }),
  fx({ symbol: 'EURUSD', name: 'Euro / US dollar', referencePrice: '1.085' }),
  fx({ symbol: 'GBPUSD', name: 'Pound sterling / US dollar', referencePrice: '1.27' }),
  metal({
    ...{ symbol: 'XAUUSD', name: 'Gold / US dollar', tickSize: '0.01', pipSize: '0.1', lotSize: '100' },
    ...{ marginRatio: '0.05', aliases: ['GOLD'], referencePrice: '2350.5' },
  }),
  crypto({ symbol: 'BTCUSD', name: 'Bitcoin / US dollar', aliases: ['XBTUSD'], referencePrice: '65000' }),
  crypto({ symbol: 'ETHUSD', name: 'Ether / US dollar', referencePrice: '3200' }),
  future('NQ', 'E-mini Nasdaq-100', '0.25', '20', '21000'),
  future('MNQ', 'Micro E-mini Nasdaq-100', '0.25', '2', '21000'),
  future('ES', 'E-mini S&P 500', '0.25', '50', '5900'),
  future('MES', 'Micro E-mini S&P 500', '0.25', '5', '5900'),
];

/** Known for replayed and real data. */
const OTHER_INSTRUMENTS: readonly Instrument[] = [
  equity({ symbol: 'QQQ', name: 'Invesco QQQ Trust', referencePrice: '600' }),
  equity({ symbol: 'GOOG', name: 'Alphabet', referencePrice: '280' }),
  equity({ symbol: 'AMZN', name: 'Amazon', referencePrice: '230' }),
  equity({ symbol: 'TSLA', name: 'Tesla', referencePrice: '430' }),
  fx({ symbol: 'AUDUSD', name: 'Australian dollar / US dollar', marginRatio: '0.05', referencePrice: '0.65' }),
  fx({ symbol: 'NZDUSD', name: 'New Zealand dollar / US dollar', marginRatio: '0.05', referencePrice: '0.57' }),
  metal({
    ...{ symbol: 'XAGUSD', name: 'Silver / US dollar', tickSize: '0.001', pipSize: '0.01', lotSize: '5000' },
    ...{ marginRatio: '0.1', aliases: ['SILVER'], referencePrice: '50' },
  }),
  future('RTY', 'E-mini Russell 2000', '0.1', '50', '2400'),
  future('M2K', 'Micro E-mini Russell 2000', '0.1', '5', '2400'),
  future('YM', 'E-mini Dow', '1', '5', '47000'),
  future('MYM', 'Micro E-mini Dow', '1', '0.5', '47000'),
  future('GC', 'Gold', '0.1', '100', '4000'),
  future('MGC', 'Micro gold', '0.1', '10', '4000'),
  future('SI', 'Silver', '0.005', '5000', '50'),
  future('CL', 'Crude oil', '0.01', '1000', '60'),
  future('MCL', 'Micro crude oil', '0.01', '100', '60'),
  future('NG', 'Natural gas', '0.001', '10000', '4'),
  future('6E', 'Euro FX', '0.00005', '125000', '1.16'),
  future('6B', 'British pound', '0.0001', '62500', '1.31'),
  future('ZN', '10-year T-note', '0.015625', '1000', '112.5'),
  future('ZB', 'US Treasury bond', '0.03125', '1000', '117'),
];

export const SPECIFICATIONS: readonly Instrument[] = [...HOUSE_INSTRUMENTS, ...OTHER_INSTRUMENTS];
