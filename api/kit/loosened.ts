/**
 * Does a change of limits loosen what holds for an account? No limit configured means no, so that a first one loosens. Compared by what
 * holds, not by what is written: a name that is left out falls back to its class.
 */
import { compare } from '../../domain/decimal.ts';
import { findInstrument } from '../../domain/instrument.ts';
import {
  type AccountLimits,
  type InstrumentLimits,
  instrumentLimitsOf,
  limitsOf,
  type TradingLimits,
} from '../../messages/limits.ts';

type Window = TradingLimits['orderRate'];

const rises = <L>(before: L, after: L, ...names: readonly (keyof L)[]): boolean =>
  names.some((name) => compare(String(after[name]), String(before[name])) > 0);

const isAmong = (name: string, allowed: readonly string[]): boolean =>
  allowed.includes(name) || allowed.includes(`class:${findInstrument(name)?.assetClass}`);

function isLooserAccount(before: AccountLimits | undefined, after: AccountLimits | undefined): boolean {
  if (!before || !after) return after !== undefined;
  const { instruments, marginUsedRatioMax: margin } = before;
  return (
    rises(before, after, 'exposureMax', 'dailyLossRatioMax', 'drawdownRatioMax') ||
    compare(after.leverageMax ?? '1', before.leverageMax ?? '1') > 0 ||
    (margin !== undefined &&
      (after.marginUsedRatioMax === undefined || compare(after.marginUsedRatioMax, margin) > 0)) ||
    (instruments !== undefined && !after.instruments?.every((name) => isAmong(name, instruments))) ||
    (after.varianceAllowed === true && before.varianceAllowed !== true)
  );
}

function isLooserInstrument(before: InstrumentLimits | undefined, after: InstrumentLimits | undefined): boolean {
  if (!before || !after) return after !== undefined;
  return (
    rises(before, after, 'collarRatio', 'orderValueMax', 'orderVolumeMax', 'positionMax') ||
    (before.sessionOnly === true && after.sessionOnly !== true)
  );
}

const isLooserWindow = (before: Window | undefined, after: Window | undefined): boolean =>
  before !== undefined && (!after || after.max > before.max || after.windowMs < before.windowMs);

/** For whoever trades, on whichever account. */
function isLooserForAll(before: TradingLimits, after: TradingLimits): boolean {
  const names = new Set([...Object.keys(before.instruments), ...Object.keys(after.instruments)]);
  return (
    [...names].some((name) => {
      const instrument = findInstrument(name);
      return isLooserInstrument(
        instrumentLimitsOf(before, name, instrument),
        instrumentLimitsOf(after, name, instrument),
      );
    }) ||
    isLooserWindow(before.orderRate, after.orderRate) ||
    isLooserWindow(before.duplicate, after.duplicate) ||
    isLooserWindow(before.repeats, after.repeats) ||
    (before.slicing?.windowMs ?? 0) > (after.slicing?.windowMs ?? 0) ||
    after.quoteAgeMaxMs > before.quoteAgeMaxMs
  );
}

export const loosens = (before: TradingLimits | null, after: TradingLimits, accountIds: Iterable<string>): boolean =>
  before === null ||
  isLooserForAll(before, after) ||
  [...accountIds].some((accountId) => isLooserAccount(limitsOf(before, accountId), limitsOf(after, accountId)));
