/** The instruments and all their spellings. One symbol inside (`EURUSD`, `AAPL`, `MNQZ5`); each contract spells in its own way. */
import { absolute, type DecimalText, exact, text } from './decimal.ts';
import { contractSymbol, parseContract } from './instruments/contracts.ts';
import {
  ACCOUNT_CURRENCY,
  type AssetClass,
  HOUSE_INSTRUMENTS,
  type Instrument,
  SPECIFICATIONS,
} from './instruments/specifications.ts';

export type { AssetClass, Instrument };

/** The instruments for which there is a simulated market. */
export const INSTRUMENTS = HOUSE_INSTRUMENTS;

const bySpelling = new Map(
  SPECIFICATIONS.flatMap((instrument) =>
    [instrument.symbol, ...instrument.aliases].map((spelling) => [spelling, instrument] as const),
  ),
);
/** Contracts that were asked for, so that an order's instrument is one object. */
const dated = new Map<string, Instrument>();
const DATED_KEPT = 1_000;

/**
 * Finds an instrument by any accepted spelling (`EUR_USD`, `BTC/USD`, `xauusd`, `MNQZ5`, `NQ 12-25`, `GOLD`); a dated contract keeps the
 * digits of its year. Undefined: nobody knows it.
 */
export function findInstrument(spelling: string): Instrument | undefined {
  const exactly = bySpelling.get(spelling) ?? dated.get(spelling);
  if (exactly) return exactly;
  const plain = spelling.toUpperCase().replace(/[/_\-\s]/g, '');
  return bySpelling.get(plain) ?? findDated(plain);
}

function findDated(spelling: string): Instrument | undefined {
  const contract = parseContract(spelling);
  const series = contract && bySpelling.get(contract.root);
  if (!series) return undefined;
  const symbol = contractSymbol(contract);
  const known = dated.get(symbol);
  if (known) return known;
  const instrument: Instrument = { ...series, symbol, aliases: [] };
  if (dated.size >= DATED_KEPT) dated.clear();
  dated.set(symbol, instrument);
  return instrument;
}

/** What one point of an instrument is worth in account currency; of one that nobody knows, one. */
export const multiplierOf = (symbol: string): DecimalText => findInstrument(symbol)?.multiplier ?? '1';

/** May it be traded on an account? What is quoted in another currency has no worth there. */
export const isTradable = ({ currency }: Instrument): boolean => currency === ACCOUNT_CURRENCY;

/** Value of a quantity at a price in the currency of its quote, unrounded: of what may be traded, account currency. */
export function notional(instrument: Instrument, quantity: DecimalText, price: DecimalText): DecimalText {
  return text(exact(quantity).times(price).times(instrument.multiplier));
}

export interface TiedUp {
  readonly initial: DecimalText;
  readonly maintenance: DecimalText;
}

/**
 * What a position ties up, in the currency of its quote: so many units a contract, or a part of what they are worth. Signs don't matter.
 * Of an instrument that nobody knows it is all that it is worth.
 */
export function tiedUp(instrument: Instrument | undefined, quantity: DecimalText, value: DecimalText): TiedUp {
  if (!instrument) return { initial: absolute(value), maintenance: absolute(value) };
  const { margin } = instrument;
  const units = exact(margin.per === 'contract' ? quantity : value).abs();
  return { initial: text(units.times(margin.initial)), maintenance: text(units.times(margin.maintenance)) };
}
