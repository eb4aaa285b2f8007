/**
 * Holidays of the United States as exchanges keep them, by rule, and the days on which New York closed out of turn. Sources: NYSE rule
 * 7.2 and CME Group's holiday practice. Days to come are by rule, as known on `WRITTEN_ON`; no exchange's page was asked, so check before relying.
 */
import { type Day, dayOf, monthOf, weekdayOf, yearOf } from './zone.ts';

export const WRITTEN_ON = '2026-11-22';

const MONDAY = 1;
const THURSDAY = 4;
const FRIDAY = 5;
const SATURDAY = 6;
const SUNDAY = 0;

/** The `nth` weekday of a month, from 1. */
export function nthWeekday(year: number, month: number, weekday: number, nth: number): Day {
  const first = dayOf(year, month, 1);
  return first + ((weekday - weekdayOf(first) + 7) % 7) + (nth - 1) * 7;
}

function lastMonday(year: number, month: number): Day {
  const last = dayOf(year, month + 1, 1) - 1;
  return last - ((weekdayOf(last) - MONDAY + 7) % 7);
}

/** Easter Sunday of the Gregorian calendar: the anonymous algorithm (Meeus, Astronomical Algorithms, ch. 8). */
export function easter(year: number): Day {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const g = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - d - g + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 19 * l) / 433);
  const month = Math.floor((h + l - 7 * m + 90) / 25);
  return dayOf(year, month, (h + l - 7 * m + 33 * month + 19) % 32);
}

/** On a Saturday kept on the Friday before, on a Sunday on the Monday after. */
const observed = (day: Day): Day => day + (weekdayOf(day) === SATURDAY ? -1 : weekdayOf(day) === SUNDAY ? 1 : 0);

export type Holiday =
  | 'new-year'
  | 'martin-luther-king'
  | 'presidents'
  | 'good-friday'
  | 'memorial'
  | 'juneteenth'
  | 'independence'
  | 'labor'
  | 'thanksgiving'
  | 'christmas';

/** As kept in this year. A New Year's Day on a Saturday is not kept: the Friday before closes the books of the old year. */
function holidaysOf(year: number): ReadonlyMap<Day, Holiday> {
  const newYear = dayOf(year, 1, 1);
  return new Map<Day, Holiday>([
    ...(weekdayOf(newYear) === SATURDAY ? [] : [[observed(newYear), 'new-year'] as const]),
    [nthWeekday(year, 1, MONDAY, 3), 'martin-luther-king'],
    [nthWeekday(year, 2, MONDAY, 3), 'presidents'],
    [easter(year) - 2, 'good-friday'],
    [lastMonday(year, 5), 'memorial'],
    ...(year < 2022 ? [] : [[observed(dayOf(year, 6, 19)), 'juneteenth'] as const]),
    [observed(dayOf(year, 7, 4)), 'independence'],
    [nthWeekday(year, 9, MONDAY, 1), 'labor'],
    [nthWeekday(year, 11, THURSDAY, 4), 'thanksgiving'],
    [observed(dayOf(year, 12, 25)), 'christmas'],
  ]);
}

const known = new Map<number, ReadonlyMap<Day, Holiday>>();

export function holidayOn(day: Day): Holiday | undefined {
  const year = yearOf(day);
  let holidays = known.get(year);
  if (!holidays) {
    holidays = holidaysOf(year);
    known.set(year, holidays);
  }
  return holidays.get(day);
}

/** The days on which markets close early: before Independence Day, after Thanksgiving, before Christmas. */
export function isHalfDay(day: Day): boolean {
  const weekday = weekdayOf(day);
  if (weekday === SATURDAY || weekday === SUNDAY || holidayOn(day)) return false;
  const year = yearOf(day);
  if (day === nthWeekday(year, 11, THURSDAY, 4) + 1) return true;
  if (day === dayOf(year, 7, 3)) return weekday !== FRIDAY;
  return day === dayOf(year, 12, 24);
}

/** The report on employment comes on the first Friday of a month, also when that is Good Friday. */
export const isJobsFriday = (day: Day): boolean =>
  weekdayOf(day) === FRIDAY && nthWeekday(yearOf(day), monthOf(day), FRIDAY, 1) === day;

/** Mourning, terror and storms. */
const OUT_OF_TURN: ReadonlySet<Day> = new Set([
  ...[11, 12, 13, 14].map((day) => dayOf(2001, 9, day)),
  dayOf(2004, 6, 11),
  dayOf(2007, 1, 2),
  ...[29, 30].map((day) => dayOf(2012, 10, day)),
  dayOf(2018, 12, 5),
  dayOf(2025, 1, 9),
]);

export const closedOutOfTurn = (day: Day): boolean => OUT_OF_TURN.has(day);
