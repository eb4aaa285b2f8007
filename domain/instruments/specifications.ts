/**
 * The instruments of the house with their contract specifications, as known on 2026-11-22 of CME Group, NYSE and
 * what dealers quote; no exchange's page was asked. Accounts are in USD: what is quoted in another currency is for backtests alone.
 */
import type { DecimalText } from '../decimal.ts';
import type { SessionName } from '../sessions/session.ts';

export type Currency = 'USD' | 'JPY';
/** What accounts are in; an order in anything quoted otherwise is refused, because nothing converts its worth. */
export const ACCOUNT_CURRENCY: Currency = 'USD';

export type AssetClass = 'fx' | 'metal' | 'crypto' | 'future' | 'equity';

export interface Instrument {
  readonly symbol: string;
  readonly name: string;
  readonly assetClass: AssetClass;
  readonly tickSize: DecimalText;
  readonly pipSize: DecimalText;
  /** Units of the underlying in one contract. */
  readonly multiplier: DecimalText;
  /** In which it is quoted. */
  readonly currency: Currency;
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
/** Quoted to three digits; a pip is the second (30:1 for the pairs of two major currencies: ESMA 2018/796). */
const yen = (own: Own): Instrument => fx({ tickSize: '0.001', pipSize: '0.01', currency: 'JPY', ...own });

/** What futures of one kind share. Margins are the house's own, round ratios of notional a product group, in the order of what exchanges ask; no exchange's list. */
type Series = Pick<Instrument, 'session' | 'marginRatio'>;
const index: Series = { session: 'cme-index', marginRatio: '0.06' };
const smallCaps: Series = { session: 'cme-index', marginRatio: '0.08' };
const gold: Series = { session: 'cme-metals', marginRatio: '0.06' };
const silver: Series = { session: 'cme-metals', marginRatio: '0.1' };
const crude: Series = { session: 'cme-energy', marginRatio: '0.1' };
const gas: Series = { session: 'cme-energy', marginRatio: '0.15' };
const currency: Series = { session: 'cme-fx', marginRatio: '0.025' };
const notes: Series = { session: 'cme-rates', marginRatio: '0.02' };
const bonds: Series = { session: 'cme-rates', marginRatio: '0.035' };
/** A pip of a future is its tick. */
const future =
  (series: Series) =>
  (symbol: string, name: string, tickSize: string, multiplier: string, price: string): Instrument => ({
    ...{ ...base, ...series, symbol, name, assetClass: 'future', tickSize, pipSize: tickSize, multiplier },
    referencePrice: price,
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
  future(index)('NQ', 'E-mini Nasdaq-100', '0.25', '20', '21000'),
  future(index)('MNQ', 'Micro E-mini Nasdaq-100', '0.25', '2', '21000'),
  future(index)('ES', 'E-mini S&P 500', '0.25', '50', '5900'),
  future(index)('MES', 'Micro E-mini S&P 500', '0.25', '5', '5900'),
];

/** Known for replayed and real data. */
const OTHER_INSTRUMENTS: readonly Instrument[] = [
  equity({ symbol: 'QQQ', name: 'Invesco QQQ Trust', referencePrice: '600' }),
  equity({ symbol: 'GOOG', name: 'Alphabet', referencePrice: '280' }),
  equity({ symbol: 'AMZN', name: 'Amazon', referencePrice: '230' }),
  equity({ symbol: 'TSLA', name: 'Tesla', referencePrice: '430' }),
  fx({ symbol: 'AUDUSD', name: 'Australian dollar / US dollar', marginRatio: '0.05', referencePrice: '0.65' }),
  fx({ symbol: 'NZDUSD', name: 'New Zealand dollar / US dollar', marginRatio: '0.05', referencePrice: '0.57' }),
  yen({ symbol: 'USDJPY', name: 'US dollar / Japanese yen', referencePrice: '155' }),
  yen({ symbol: 'EURJPY', name: 'Euro / Japanese yen', referencePrice: '180' }),
  yen({ symbol: 'GBPJPY', name: 'Pound sterling / Japanese yen', referencePrice: '204' }),
  yen({ symbol: 'AUDJPY', name: 'Australian dollar / Japanese yen', marginRatio: '0.05', referencePrice: '101' }),
  metal({
    ...{ symbol: 'XAGUSD', name: 'Silver / US dollar', tickSize: '0.001', pipSize: '0.01', lotSize: '5000' },
    ...{ marginRatio: '0.1', aliases: ['SILVER'], referencePrice: '50' },
  }),
  future(smallCaps)('RTY', 'E-mini Russell 2000', '0.1', '50', '2400'),
  future(smallCaps)('M2K', 'Micro E-mini Russell 2000', '0.1', '5', '2400'),
  future(index)('YM', 'E-mini Dow', '1', '5', '47000'),
  future(index)('MYM', 'Micro E-mini Dow', '1', '0.5', '47000'),
  future(gold)('GC', 'Gold', '0.1', '100', '4000'),
  future(gold)('MGC', 'Micro gold', '0.1', '10', '4000'),
  future(silver)('SI', 'Silver', '0.005', '5000', '50'),
  future(crude)('CL', 'Crude oil', '0.01', '1000', '60'),
  future(crude)('MCL', 'Micro crude oil', '0.01', '100', '60'),
  future(gas)('NG', 'Natural gas', '0.001', '10000', '4'),
  future(currency)('6E', 'Euro FX', '0.00005', '125000', '1.16'),
  future(currency)('6B', 'British pound', '0.0001', '62500', '1.31'),
  future(notes)('ZN', '10-year T-note', '0.015625', '1000', '112.5'),
  future(bonds)('ZB', 'US Treasury bond', '0.03125', '1000', '117'),
];

export const SPECIFICATIONS: readonly Instrument[] = [...HOUSE_INSTRUMENTS, ...OTHER_INSTRUMENTS];
