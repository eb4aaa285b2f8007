/** How much was done: time in the market, costs, what was turned over, and how much more of it the market would have had room for. */
import { dayStart } from '../../domain/calendar.ts';
import type { RunTrade } from '../../domain/run.ts';
import type { RunDay } from '../engine/holdings.ts';
import { type Figure, figureOf, mean, smallestOf } from './figure.ts';
import { isEquityGone } from './returns.ts';
import { EQUITY_GONE } from './sample.ts';

/** Beyond this share of a day's volume an order is expected to move its own price. */
const PARTICIPATION_RATIO = 0.01;
const UNKNOWN = 'the volume of the market was not counted';

export interface Activity {
  readonly startBalance: number;
  readonly spanMs: number;
  readonly days: readonly RunDay[];
  readonly trades: readonly RunTrade[];
  readonly multiplier: number;
  /** What the data traded by the start of the UTC day, in units; absent where nobody counted. */
  readonly volumes?: ReadonlyMap<number, number> | undefined;
  readonly exposedMs: number;
  readonly commission: number;
  readonly turnover: number;
}

interface Traded {
  readonly units: number;
  readonly notional: number;
}

/** Entries and exits of closed trades by the start of their UTC day. */
function tradedByDay(trades: readonly RunTrade[], multiplier: number): ReadonlyMap<number, Traded> {
  const days = new Map<number, Traded>();
  const add = (at: number, units: number, price: number): void => {
    const day = dayStart(at);
    const { units: before = 0, notional = 0 } = days.get(day) ?? {};
    days.set(day, { units: before + units, notional: notional + units * price * multiplier });
  };
  for (const { units, entryAt, entryPrice, exitAt, exitPrice } of trades) {
    add(entryAt, units, entryPrice);
    add(exitAt, units, exitPrice);
  }
  return days;
}

/**
 * The balance with which the day that had the least room would have been a hundredth of its market's volume, if everything were traded
 * in proportion. Whole days, where LEAN looks at minutes: it knows no thin hour.
 */
function capacityOf(activity: Activity, traded: ReadonlyMap<number, Traded>): number | string {
  const { startBalance, days, volumes } = activity;
  if (!volumes) return UNKNOWN;
  if (isEquityGone(days.map(({ equity }) => equity))) return EQUITY_GONE;
  const rooms = days.flatMap(({ startMs }, index) => {
    const units = traded.get(startMs)?.units ?? 0;
    const balance = days[index - 1]?.equity ?? startBalance;
    return units > 0 ? [(balance * PARTICIPATION_RATIO * (volumes.get(startMs) ?? 0)) / units] : [];
  });
  if (rooms.length === 0) return 'nothing was traded';
  const least = smallestOf(rooms);
  return least > 0 ? least : 'the data has no volume on a day with trades';
}

export function activityFigures(activity: Activity): readonly Figure[] {
  const { startBalance, days, trades, multiplier, turnover } = activity;
  const traded = tradedByDay(trades, multiplier);
  const capacity = capacityOf(activity, traded);
  const daily = days.map(({ startMs, equity }) => (traded.get(startMs)?.notional ?? 0) / equity);
  const isGone = isEquityGone(days.map(({ equity }) => equity));
  const noTurnover = isGone ? EQUITY_GONE : 'no day has ended';
  return [
    figureOf('fills', 'count', trades.length * 2, ''),
    figureOf('exposedRatio', 'ratio', activity.exposedMs / activity.spanMs, 'no time passed'),
    figureOf('commission', 'money', activity.commission, ''),
    figureOf('turnover', 'money', turnover, ''),
    figureOf('turnoverRatio', 'ratio', turnover / startBalance, ''),
    figureOf('turnoverDailyRatio', 'ratio', isGone ? undefined : mean(daily), noTurnover),
    typeof capacity === 'string'
      ? figureOf('capacity', 'money', undefined, capacity)
      : figureOf('capacity', 'money', capacity, ''),
  ];
}
