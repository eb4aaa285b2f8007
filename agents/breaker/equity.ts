/**
 * Watches what an account is worth. A loss since the start of the UTC day, or a fall from the high-water mark, that reaches
 * its limit halts the account. A released halt comes back with the next mark while the breach lasts: only new limits end that.
 */
import { compare, type DecimalText, exact, isPositive, minus, times } from '../../domain/decimal.ts';
import { derivedUuid } from '../../domain/derived-id.ts';
import { deliveredAt } from '../../messages/delivered.ts';
import type { EquityDayOpened, EquityMark, EquityPeaked, TradingHalted } from '../../messages/halt.ts';
import type { AccountLimits } from '../../messages/limits.ts';
import { PEAK_STEP_FACTOR, utcDay } from '../equity-bounds.ts';

export const BREAKER = 'circuit-breaker';

export interface Watched {
  readonly day: string;
  readonly dayEquity: DecimalText;
  readonly peakEquity: DecimalText;
  /** How often it was halted; absent: never. One that is released may be halted again in the same moment. */
  readonly halts?: number;
}

/** A mark with what the breaker knows: the account's limits, and whether it has halted the account already. */
export interface PreparedMark extends EquityMark {
  readonly limits: AccountLimits | undefined;
  readonly halted: boolean;
}

type Emit = (message: EquityDayOpened | EquityPeaked | TradingHalted) => void;

const percent = (ratio: DecimalText) => `${exact(ratio).times(100).toDecimalPlaces(2).toFixed()} %`;

/** `what` reached its limit: in numbers, or undefined when it did not. An account that began with nothing has nothing to lose. */
function breach(what: string, base: DecimalText, equity: DecimalText, ratioMax: DecimalText): string | undefined {
  const loss = minus(base, equity);
  if (!isPositive(loss) || compare(loss, times(base, ratioMax)) < 0) return undefined;
  const share = isPositive(base) ? percent(exact(loss).dividedBy(base).toFixed()) : 'all';
  return `${what} of ${loss} (${share} of ${base}) reached the limit of ${percent(ratioMax)}`;
}

const isNewPeak = ({ peakEquity }: Watched, equity: DecimalText): boolean =>
  compare(equity, peakEquity) > 0 && compare(equity, times(peakEquity, PEAK_STEP_FACTOR)) >= 0;

export function stepEquity(watched: Watched | null, mark: PreparedMark, emit: Emit): Watched {
  const { accountId, equity, limits, halted } = mark;
  const at = deliveredAt(mark);
  const day = utcDay(at);
  let now: Watched = watched ?? { day: '', dayEquity: equity, peakEquity: equity };
  // A clock that was put back begins no day of before.
  if (now.day < day) {
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
      const halts = (now.halts ?? 0) + 1;
      now = { ...now, halts };
      const stopId = derivedUuid(BREAKER, accountId, at, halts);
      emit({ type: 'trading.halted', stopId, scope: 'account', targetId: accountId, reason, by: BREAKER });
    }
  }
  return now;
}
