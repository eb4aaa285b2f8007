/** The trading limits of a scenario: those of the development profile, with what the file says instead. */
import { findInstrument } from '../../domain/instrument.ts';
import type { TradingLimits } from '../../messages/limits.ts';
import type { LimitsOverride } from '../file/world-part.ts';
import { simulatedSettings } from '../settings.ts';

/** What holds for a key that is not listed: an instrument's class, the default account. */
function inherited(limits: TradingLimits, symbol: string): object | undefined {
  const assetClass = findInstrument(symbol)?.assetClass;
  return limits.instruments[symbol] ?? limits.instruments[`class:${assetClass}`];
}

/** Not yet checked: an override of a symbol without a class has to be whole. */
export function limitsWith(override: LimitsOverride, base = simulatedSettings().limits): object {
  const { instruments = {}, accounts = {}, ...rest } = override;
  if (!base) return override;
  const changed = Object.entries(instruments).map(([key, limits]) => [key, { ...inherited(base, key), ...limits }]);
  const changedAccounts = Object.entries(accounts).map(([key, limits]) => [
    key,
    { ...(base.accounts[key] ?? base.accounts.default), ...limits },
  ]);
  return {
    ...base,
    ...rest,
    instruments: { ...base.instruments, ...Object.fromEntries(changed) },
    accounts: { ...base.accounts, ...Object.fromEntries(changedAccounts) },
  };
}
