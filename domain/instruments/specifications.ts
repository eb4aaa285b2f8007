/**
 * The instruments of the house with their contract specifications, as known on 2026-11-22 of CME Group, NYSE and
 * what dealers quote; no exchange's page was asked. Accounts are in USD: what is quoted in another currency is for backtests alone.
 */
import type { DecimalText } from '../decimal.ts';
import type { SessionName } from '../sessions/session.ts';
import { CRYPTO, listedMargin, MAJOR_PAIR, type Margin, MINOR_PAIR_OR_GOLD, OTHER_METAL, STOCK } from './margins.ts';

export type Currency = 'USD' | 'EUR' | 'JPY' | 'GBP' | 'CHF' | 'AUD' | 'CAD';
/** What accounts are in; an order in anything quoted otherwise is refused, because nothing converts its worth. */
export const ACCOUNT_CURRENCY: Currency = 'USD';

export type AssetClass = 'fx' | 'metal' | 'crypto' | 'future' | 'equity';

export interface Instrument {
  readonly symbol: string;
  readonly name: string;
  readonly assetClass: AssetClass;
  readonly tickSize: DecimalText;
  /** Quantities are whole multiples of it. */
  readonly quantityStep: DecimalText;
  readonly pipSize: DecimalText;
  /** Units of the underlying in one contract. */
  readonly multiplier: DecimalText;
  /** In which it is quoted. */
  readonly currency: Currency;
  readonly margin: Margin;
  readonly session: SessionName;
  /** Other spellings that mean this one. */
  readonly aliases: readonly string[];
  /** Where simulated markets orient themselves: the price that the contracts' own examples use, else a round one of late 2025. */
  readonly referencePrice: DecimalText;
}

type Own = Pick<Instrument, 'symbol' | 'name' | 'referencePrice'> & Partial<Instrument>;

const base = { multiplier: '1', currency: 'USD', aliases: [] } as const;
/**
 * The finest that a venue of each kind takes, so that nothing is refused that some venue would trade: futures are contracts (CME Globex), pairs
 * whole units of the first currency (OANDA v20, `tradeUnitsPrecision` 0), metals a hundredth of an ounce (OANDA whole ones, dealers whose lot is one
 * ounce a hundredth of it), coins eight digits (Coinbase, `base_increment`), shares nine digits (Alpaca, fractional `qty`; exchanges whole ones).
 */
const STEPS: Readonly<Record<AssetClass, DecimalText>> = {
  ...{ future: '1', fx: '1', metal: '0.01', crypto: '0.00000001', equity: '0.000000001' },
};
const fx = (own: Own): Instrument => ({
  ...{ ...base, assetClass: 'fx', tickSize: '0.00001', pipSize: '0.0001', margin: MAJOR_PAIR, session: 'fx-week' },
  quantityStep: STEPS.fx,
  ...own,
});
const metal = (own: Own & Pick<Instrument, 'tickSize' | 'pipSize' | 'margin'>): Instrument => ({
  ...{ ...base, assetClass: 'metal', quantityStep: STEPS.metal, session: 'metal-week', ...own },
});
const crypto = (own: Own): Instrument => ({
  ...{ ...base, assetClass: 'crypto', tickSize: '0.01', quantityStep: STEPS.crypto, pipSize: '1', margin: CRYPTO },
  ...{ session: 'always', ...own },
});
const equity = (own: Own): Instrument => ({
  ...{ ...base, assetClass: 'equity', tickSize: '0.01', quantityStep: STEPS.equity, pipSize: '0.01', margin: STOCK },
  ...{ session: 'us-equity', ...own },
});
/** Quoted to three digits; a pip is the second. */
const yen = (own: Own): Instrument => fx({ tickSize: '0.001', pipSize: '0.01', currency: 'JPY', ...own });

const NAMES = {
  ...{ USD: 'US dollar', EUR: 'Euro', GBP: 'Pound sterling', CHF: 'Swiss franc', JPY: 'Japanese yen' },
  ...{ AUD: 'Australian dollar', CAD: 'Canadian dollar' },
} as const;
/** A pair without the US dollar behind; the Australian dollar makes it a minor one. */
const cross = (one: Currency, other: Currency, referencePrice: DecimalText): Instrument => {
  const own = { symbol: `${one}${other}`, name: `${NAMES[one]} / ${NAMES[other]}`, currency: other, referencePrice };
  const margin = one === 'AUD' || other === 'AUD' ? MINOR_PAIR_OR_GOLD : MAJOR_PAIR;
  return other === 'JPY' ? yen({ ...own, margin }) : fx({ ...own, margin });
};

/** A pip of a future is its tick. */
const future =
  (session: SessionName) =>
  (symbol: string, name: string, tickSize: string, multiplier: string, price: string): Instrument => ({
    ...{ ...base, session, symbol, name, assetClass: 'future', tickSize, pipSize: tickSize, multiplier },
    ...{ quantityStep: STEPS.future, margin: listedMargin(symbol), referencePrice: price },
  });
const index = future('cme-index');
const metals = future('cme-metals');
const energy = future('cme-energy');
const currencies = future('cme-fx');
const rates = future('cme-rates');

/** What the house makes a market of when it simulates one. */
export const HOUSE_INSTRUMENTS: readonly Instrument[] = [
  equity({ symbol: 'AAPL', name: 'Apple', referencePrice: '150' }),
  equity({ symbol: 'MSFT', name: 'Microsoft', referencePrice: '420' }),
  equity({ symbol: 'NVDA', name: 'NVIDIA', referencePrice: '500' }),
  equity({ symbol: 'SPY', name: 'SPDR S&P 500 ETF', referencePrice: '470' }),
  fx({ symbol: 'EURUSD', name: 'Euro / US dollar', referencePrice: '1.085' }),
  fx({ symbol: 'GBPUSD', name: 'Pound sterling / US dollar', referencePrice: '1.27' }),
  metal({
    ...{ symbol: 'XAUUSD', name: 'Gold / US dollar', tickSize: '0.01', pipSize: '0.1' },
    ...{ margin: MINOR_PAIR_OR_GOLD, aliases: ['GOLD'], referencePrice: '2350.5' },
  }),
  crypto({ symbol: 'BTCUSD', name: 'Bitcoin / US dollar', aliases: ['XBTUSD'], referencePrice: '65000' }),
  crypto({ symbol: 'ETHUSD', name: 'Ether / US dollar', referencePrice: '3200' }),
  index('NQ', 'E-mini Nasdaq-100', '0.25', '20', '21000'),
  index('MNQ', 'Micro E-mini Nasdaq-100', '0.25', '2', '21000'),
  index('ES', 'E-mini S&P 500', '0.25', '50', '5900'),
  index('MES', 'Micro E-mini S&P 500', '0.25', '5', '5900'),
];

/** Known for replayed and real data. */
const OTHER_INSTRUMENTS: readonly Instrument[] = [
  equity({ symbol: 'QQQ', name: 'Invesco QQQ Trust', referencePrice: '600' }),
  equity({ symbol: 'GOOG', name: 'Alphabet', referencePrice: '280' }),
  equity({ symbol: 'AMZN', name: 'Amazon', referencePrice: '230' }),
  equity({ symbol: 'TSLA', name: 'Tesla', referencePrice: '430' }),
  fx({ symbol: 'AUDUSD', name: 'Australian dollar / US dollar', margin: MINOR_PAIR_OR_GOLD, referencePrice: '0.65' }),
  fx({ symbol: 'NZDUSD', name: 'New Zealand dollar / US dollar', margin: MINOR_PAIR_OR_GOLD, referencePrice: '0.57' }),
  cross('USD', 'JPY', '155'),
  cross('EUR', 'JPY', '180'),
  cross('GBP', 'JPY', '204'),
  cross('AUD', 'JPY', '101'),
  cross('CHF', 'JPY', '193'),
  cross('CAD', 'JPY', '110'),
  cross('USD', 'CHF', '0.8'),
  cross('EUR', 'CHF', '0.93'),
  cross('GBP', 'CHF', '1.06'),
  cross('AUD', 'CHF', '0.52'),
  cross('CAD', 'CHF', '0.57'),
  cross('USD', 'CAD', '1.4'),
  cross('EUR', 'CAD', '1.62'),
  cross('GBP', 'CAD', '1.84'),
  cross('AUD', 'CAD', '0.91'),
  cross('EUR', 'AUD', '1.78'),
  cross('GBP', 'AUD', '2.03'),
  cross('EUR', 'GBP', '0.88'),
  metal({
    ...{ symbol: 'XAUEUR', name: 'Gold / Euro', tickSize: '0.01', pipSize: '0.1', currency: 'EUR' },
    ...{ margin: MINOR_PAIR_OR_GOLD, referencePrice: '3500' },
  }),
  crypto({ symbol: 'BTCEUR', name: 'Bitcoin / Euro', currency: 'EUR', referencePrice: '75000' }),
  metal({
    ...{ symbol: 'XAGUSD', name: 'Silver / US dollar', tickSize: '0.001', pipSize: '0.01' },
    ...{ margin: OTHER_METAL, aliases: ['SILVER'], referencePrice: '50' },
  }),
  index('RTY', 'E-mini Russell 2000', '0.1', '50', '2400'),
  index('M2K', 'Micro E-mini Russell 2000', '0.1', '5', '2400'),
  index('YM', 'E-mini Dow', '1', '5', '47000'),
  index('MYM', 'Micro E-mini Dow', '1', '0.5', '47000'),
  metals('GC', 'Gold', '0.1', '100', '4000'),
  metals('MGC', 'Micro gold', '0.1', '10', '4000'),
  metals('SI', 'Silver', '0.005', '5000', '50'),
  energy('CL', 'Crude oil', '0.01', '1000', '60'),
  energy('MCL', 'Micro crude oil', '0.01', '100', '60'),
  energy('NG', 'Natural gas', '0.001', '10000', '4'),
  currencies('6E', 'Euro FX', '0.00005', '125000', '1.16'),
  currencies('6B', 'British pound', '0.0001', '62500', '1.31'),
  currencies('6A', 'Australian dollar', '0.00005', '100000', '0.65'),
  currencies('6C', 'Canadian dollar', '0.00005', '100000', '0.71'),
  currencies('6S', 'Swiss franc', '0.00005', '125000', '1.25'),
  currencies('6J', 'Japanese yen', '0.0000005', '12500000', '0.0065'),
  rates('ZN', '10-year T-note', '0.015625', '1000', '112.5'),
  rates('ZB', 'US Treasury bond', '0.03125', '1000', '117'),
];

export const SPECIFICATIONS: readonly Instrument[] = [...HOUSE_INSTRUMENTS, ...OTHER_INSTRUMENTS];
