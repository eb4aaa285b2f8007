/**
 * When the worth of an account can matter to the circuit breaker: a new UTC day, a new high, a loss near a limit. A first look in rounded
 * numbers, so that accounts which are well cost nearly nothing. Invariant: it never says no to what the exact rule would act on.
 */
import { dayStart } from '../domain/calendar.ts';
import type { DecimalText } from '../domain/decimal.ts';
import type { AccountLimits } from '../messages/limits.ts';

/** A new high counts from five basis points above the old one, so that a rising account is not a stream of facts. */
export const PEAK_STEP_FACTOR = '1.0005';
const PEAK_STEP = Number(PEAK_STEP_FACTOR);
/** Far more than rounding can be off, relative to the largest number that went into the worth. */
const DOUBT_RATIO = 1e-9;

/** What a worth is compared with; absent until the first mark has been recorded. */
export interface EquityBases {
  /** `2026-11-22`, UTC. */
  readonly day?: string;
  readonly dayEquity?: DecimalText;
  readonly peakEquity?: DecimalText;
}

/** A worth in rounded numbers; `gross` is the sum of the magnitudes it was made of. */
export interface RoughEquity {
  readonly equity: number;
  readonly gross: number;
}

let today = { start: Number.NaN, day: '' };

/** `2026-11-22`, UTC. Spelled once a day: every account is looked at every second. */
export function utcDay(at: number): string {
  const start = dayStart(at);
  if (today.start !== start) today = { start, day: new Date(start).toISOString().slice(0, 10) };
  return today.day;
}

/** What a worth is compared with, in rounded numbers. */
export interface RoughBases {
  readonly day: string;
  readonly dayEquity: number;
  readonly peakEquity: number;
}

/** Undefined until all of them have been recorded. */
export function roughBases({ day, dayEquity, peakEquity }: EquityBases): RoughBases | undefined {
  if (day === undefined || dayEquity === undefined || peakEquity === undefined) return undefined;
  return { day, dayEquity: Number(dayEquity), peakEquity: Number(peakEquity) };
}

interface RoughRatios {
  readonly dailyLossMax: number;
  readonly drawdownMax: number;
}

/** Limits never change, others come in their place: each are read once, not at every look. */
const ratios = new WeakMap<AccountLimits, RoughRatios>();

function ratiosOf(limits: AccountLimits): RoughRatios {
  const known = ratios.get(limits);
  if (known) return known;
  const read = { dailyLossMax: Number(limits.dailyLossRatioMax), drawdownMax: Number(limits.drawdownRatioMax) };
  ratios.set(limits, read);
  return read;
}

function mayBreach(base: number, equity: number, ratioMax: number, gross: number): boolean {
  const loss = base - equity;
  const doubt = DOUBT_RATIO * (gross + Math.abs(base));
  return loss > -doubt && loss >= base * ratioMax - doubt;
}

/** False: a mark of this worth would change nothing and halt nobody. */
export function mayMatter(
  { equity, gross }: RoughEquity,
  at: number,
  bases: RoughBases | undefined,
  limits: AccountLimits | undefined,
): boolean {
  if (!bases || bases.day !== utcDay(at)) return true;
  const { dayEquity, peakEquity: peak } = bases;
  // Above the highest, but below the step: nothing yet. What is negative has no step.
  if (equity > Math.max(peak, peak * PEAK_STEP) - DOUBT_RATIO * (gross + Math.abs(peak))) return true;
  if (!limits) return false;
  const { dailyLossMax, drawdownMax } = ratiosOf(limits);
  return mayBreach(dayEquity, equity, dailyLossMax, gross) || mayBreach(peak, equity, drawdownMax, gross);
}
