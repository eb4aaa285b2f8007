/**
 * Watches what an account is worth. A loss since the start of the UTC day, or a fall from the high-water mark, that reaches
 * its limit halts the account. A released halt comes back with the next mark while the breach lasts: only new limits end that.
 */
import { dayStart } from '../../domain/calendar.ts';
import { compare, type DecimalText, exact, isPositive, minus, times } from '../../domain/decimal.ts';
import { derivedUuid } from '../../domain/derived-id.ts';
import { deliveredAt } from '../../messages/delivered.ts';
import type { EquityDayOpened, EquityMark, EquityPeaked, TradingHalted } from '../../messages/halt.ts';
import type { TradingLimits } from '../../messages/limits.ts';

export const BREAKER = 'circuit-breaker';
/** A new high counts from five basis points above the old one, so that a rising account is not a stream of facts. */
const PEAK_STEP_FACTOR = '1.0005';
const CERTAINLY_BELOW_FACTOR = 1.0004;

export interface Watched {
  readonly day: string;
  readonly dayEquity: DecimalText;
  readonly peakEquity: DecimalText;
}

type AccountLimits = TradingLimits['accounts'][string];

/** A mark with what the breaker knows: the account's limits, and whether it has halted the account already. */
export interface PreparedMark extends EquityMark {
  readonly limits: AccountLimits | undefined;
  readonly halted: boolean;
}

type Emit = (message: EquityDayOpened | EquityPeaked | TradingHalted) => void;

let today = { start: Number.NaN, day: '' };

/** `2026-11-22`, UTC. Spelled once a day: every account is marked every second. */
function dayOf(at: number): string {
  const start = dayStart(at);
  if (today.start !== start) today = { start, day: new Date(start).toISOString().slice(0, 10) };
  return today.day;
}

const percent = (ratio: DecimalText) => `${exact(ratio).times(100).toDecimalPlaces(2).toFixed()} %`;

/** `what` reached its limit: in numbers, or undefined when it did not. An account that began with nothing has nothing to lose. */
function breach(what: string, base: DecimalText, equity: DecimalText, ratioMax: DecimalText): string | undefined {
  const loss = minus(base, equity);
  if (!isPositive(loss) || compare(loss, times(base, ratioMax)) < 0) return undefined;
  const share = isPositive(base) ? percent(exact(loss).dividedBy(base).toFixed()) : 'all';
  return `${what} of ${loss} (${share} of ${base}) reached the limit of ${percent(ratioMax)}`;
}

function isNewPeak(watched: Watched, equity: DecimalText): boolean {
  // Nearly every mark is so far below the step that rounded numbers tell; the others are compared exactly.
  if (Number(equity) < Number(watched.peakEquity) * CERTAINLY_BELOW_FACTOR) return false;
  return compare(equity, watched.peakEquity) > 0 && compare(equity, times(watched.peakEquity, PEAK_STEP_FACTOR)) >= 0;
}

export function stepEquity(watched: Watched | null, mark: PreparedMark, emit: Emit): Watched {
  const { accountId, equity, limits, halted } = mark;
  const at = deliveredAt(mark);
  const day = dayOf(at);
  let now: Watched = watched ?? { day: '', dayEquity: equity, peakEquity: equity };
  if (now.day !== day) {
    now = { ...now, day, dayEquity: equity };
    emit({ type: 'equity.day-opened', accountId, day, equity });
  }
  if (!watched || isNewPeak(now, equity)) {
    now = { ...now, peakEquity: equity };
    emit({ type: 'equity.peaked', accountId, equity });
  }
  if (limits && !halted) {
    const reason =
      breach('Daily loss', now.dayEquity, equity, limits.dailyLossRatioMax) ??
      breach('Drawdown', now.peakEquity, equity, limits.drawdownRatioMax);
    if (reason !== undefined) {
      const stopId = derivedUuid(BREAKER, accountId, at);
      emit({ type: 'trading.halted', stopId, scope: 'account', targetId: accountId, reason, by: BREAKER });
    }
  }
  return now;
}
