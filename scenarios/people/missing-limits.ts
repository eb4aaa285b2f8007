/**
 * Limits that a house has not set, and what is done about it: a name takes limits away from a whole set, and gives none to anybody else.
 * No limit means no trading, so a world without some shows whether a gate takes their absence for a yes.
 */
import { findInstrument, INSTRUMENTS } from '../../domain/instrument.ts';
import { type TradingLimits, tradingLimits } from '../../messages/limits.ts';
import type { LimitsOverride } from '../file/world-part.ts';
import { limitsWith } from '../run/limits.ts';
import { simulatedSettings } from '../settings.ts';

/** Names of what may be missing besides a symbol or a `class:<asset class>`. */
export const EVERYTHING = 'everything';
export const ALL_INSTRUMENTS = 'instruments';
export const ALL_ACCOUNTS = 'accounts';
/** All but those of accounts that are listed by name. */
export const DEFAULT_ACCOUNT = 'default';

/** What stood for the whole class goes as well; whatever else is of it gets the same limits by its own name. */
function withoutInstrument(instruments: TradingLimits['instruments'], name: string): TradingLimits['instruments'] {
  const assetClass = findInstrument(name)?.assetClass;
  const { [name]: _own, [`class:${assetClass}`]: shared, ...rest } = instruments;
  if (!shared) return rest;
  const others = INSTRUMENTS.filter(({ symbol, assetClass: other }) => other === assetClass && symbol !== name);
  return { ...Object.fromEntries(others.map(({ symbol }) => [symbol, shared])), ...rest };
}

function without(limits: TradingLimits, name: string): TradingLimits {
  if (name === ALL_INSTRUMENTS) return { ...limits, instruments: {} };
  if (name === ALL_ACCOUNTS) return { ...limits, accounts: {} };
  if (name !== DEFAULT_ACCOUNT) return { ...limits, instruments: withoutInstrument(limits.instruments, name) };
  const { default: _all, ...listed } = limits.accounts;
  return { ...limits, accounts: listed };
}

/** Undefined where nobody has ever set any, as in a new house. */
export const withoutLimits = (limits: TradingLimits, missing: readonly string[]): TradingLimits | undefined =>
  missing.includes(EVERYTHING) ? undefined : missing.reduce(without, limits);

/** The same with those of the profile for whatever has none. */
export function broughtBack(present: TradingLimits | undefined): TradingLimits | undefined {
  const { limits: whole } = simulatedSettings();
  if (!whole || !present) return whole;
  return {
    ...present,
    instruments: { ...whole.instruments, ...present.instruments },
    accounts: { ...whole.accounts, ...present.accounts },
  };
}

/** Whoever changes a part of limits that are not there brings all back. */
export function changedLimits(change: LimitsOverride, present: TradingLimits | undefined): object {
  const changed = limitsWith(change, present);
  return tradingLimits.safeParse(changed).success ? changed : limitsWith(change, broughtBack(present));
}
