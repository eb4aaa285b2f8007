/** Returns by UTC month and year, compounded from what equity was worth at the ends of the days. */
import { monthStart } from '../../domain/calendar.ts';
import type { RunDay } from '../engine/holdings.ts';

export interface MonthReturn {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly returnRatio: number;
}

/** Months without data are left out. A month that began with nothing has no return. */
export function monthlyReturns(startBalance: number, days: readonly RunDay[]): readonly MonthReturn[] {
  const lastOfMonth = new Map<number, number>();
  for (const { startMs, equity } of days) lastOfMonth.set(monthStart(startMs), equity);
  let before = startBalance;
  return [...lastOfMonth].flatMap(([start, equity]) => {
    const date = new Date(start);
    const base = before;
    before = equity;
    if (base <= 0) return [];
    return [{ year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, returnRatio: equity / base - 1 }];
  });
}
