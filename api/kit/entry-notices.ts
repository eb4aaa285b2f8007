/**
 * What whoever starts a live run has to know at once: that its entries will wait for a person, or that a day has no room for them. The
 * gates decide all the same; this only says beforehand what they will say, at the price of the moment.
 */
import { compare, fromNumber, isSame, isZero } from '../../domain/decimal.ts';
import { findInstrument, isTradable, notional } from '../../domain/instrument.ts';
import { downToStep } from '../../domain/money.ts';
import { ENTRY_PATIENCE_MS } from '../../domain/run.ts';
import { findStrategy } from '../../strategies/all.ts';
import type { House } from './house.ts';
import { unavailable } from './problem.ts';

export interface StartedRun {
  readonly strategyType: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly symbol: string;
}

/** What trades live without any quote would run and do nothing, unseen; quotes may come. */
export function checkQuoted({ latestQuote }: Pick<House, 'latestQuote'>, symbol: string, what: string): void {
  if (latestQuote(symbol)) return;
  throw unavailable(
    `There is no quote of ${symbol} here, and ${what} would do nothing; start it when its market is told`,
  );
}

/** A day with fewer entries than this is told of. */
const FEW_ENTRIES = 10;

const usd = (amount: string): string => Number(amount).toLocaleString('en-US', { maximumFractionDigits: 0 });

/** Sentences, none when nothing stands in the way. A strategy that enters with more later is judged by its first entry. */
export function entryNotices(
  { autonomy, latestQuote }: Pick<House, 'autonomy' | 'latestQuote'>,
  { strategyType, parameters, symbol }: StartedRun,
): readonly string[] {
  const instrument = findInstrument(symbol);
  const strategy = findStrategy(strategyType);
  if (!instrument || !strategy) return [];
  if (!isTradable(instrument))
    return [`${symbol} is quoted in ${instrument.currency}, and accounts are in USD: every entry will be refused.`];
  const quote = latestQuote(symbol);
  if (!quote) return [`There is no quote of ${symbol} now: nothing is entered before there is one.`];
  const asked = fromNumber(strategy.unitsOf(parameters));
  const { quantityStep } = instrument;
  const units = downToStep(asked, quantityStep);
  if (isZero(units))
    return [
      `An entry of ${asked} ${symbol} is less than ${quantityStep}, the least that its market trades: each will be refused.`,
    ];
  const whole = `${symbol} is traded in multiples of ${quantityStep}: an entry of ${asked} is made one of ${units}.`;
  const amount = notional(instrument, units, fromNumber(quote.ask));
  const entry = `An entry of ${units} ${symbol} is worth ${usd(amount)} USD now`;
  const { orderValueMax, dailyVolumeMax } = autonomy;
  const waits = `${entry}, more than the ${usd(orderValueMax)} USD that need no person: each waits for a supervisor, for ${ENTRY_PATIENCE_MS / 1_000} s at most.`;
  const aDay = Math.floor(dailyVolumeMax / Number(amount));
  const volume = `${entry}; the daily volume of ${usd(String(dailyVolumeMax))} USD of a trader`;
  return [
    ...(isSame(units, asked) ? [] : [whole]),
    ...(compare(amount, orderValueMax) > 0 ? [waits] : []),
    ...(aDay === 0 ? [`${volume} is less than that: it will be refused.`] : []),
    ...(aDay > 0 && aDay < FEW_ENTRIES ? [`${volume} has room for ${aDay} of them.`] : []),
  ];
}
