/**
 * When sessions end early, or are none, by product group: minutes on the wall of the exchange, undefined for a day like any other. Sources: NYSE
 * rule 7.2, and CME Group's holiday calendars as the open calendars of pandas_market_calendars have collected them; no exchange's page was asked.
 */
import { closedOutOfTurn, holidayOn, isHalfDay, isJobsFriday } from './us-holidays.ts';
import { type Day, dayOf, weekdayOf, yearOf } from './zone.ts';

type End = number | undefined;

/** No session at all. */
export const CLOSED = 0;
const FRIDAY = 5;
const hour = (hours: number, minutes = 0): number => hours * 60 + minutes;

/** Stocks: 13:00 in New York on half days. */
export function equityEnd(day: Day): End {
  if (holidayOn(day) || closedOutOfTurn(day)) return CLOSED;
  return isHalfDay(day) ? hour(13) : undefined;
}

/** Dealers in currencies and metals rest on two days of the year. */
export function dealersEnd(day: Day): End {
  const holiday = holidayOn(day);
  return holiday === 'new-year' || holiday === 'christmas' ? CLOSED : undefined;
}

/** What all groups of CME Group keep: two days closed, and Good Friday, unless the jobs report comes on it: then until `jobsEnd`. */
function closedOn(day: Day, jobsEnd: number): End {
  const holiday = holidayOn(day);
  if (holiday === 'new-year' || holiday === 'christmas') return CLOSED;
  if (holiday === 'good-friday') return isJobsFriday(day) ? jobsEnd : CLOSED;
  return undefined;
}

/** Before Independence Day only stocks and their indices end early. */
const isShort = (day: Day): boolean => isHalfDay(day) && holidayOn(day + 1) !== 'independence';

/** Days on which stocks rest in mourning, as CME Group announced them on 2 December 2018 and 30 December 2024; all else traded as ever. */
const MOURNING: ReadonlyMap<Day, { readonly index: number; readonly rate: number }> = new Map([
  [dayOf(2018, 12, 5), { index: hour(8, 30), rate: CLOSED }],
  [dayOf(2025, 1, 9), { index: hour(8, 30), rate: hour(12, 15) }],
]);

/** Equity indices: a halt at noon on the other holidays. */
export const indexEnd = (day: Day): End =>
  MOURNING.get(day)?.index ??
  closedOn(day, hour(8, 15)) ??
  (holidayOn(day) ? hour(12) : isHalfDay(day) ? hour(12, 15) : undefined);

/** Metals and energy: since 2022 the halt comes later, but on a Friday there is no evening after it. */
export function commodityEnd(day: Day): End {
  const closed = closedOn(day, CLOSED);
  if (closed !== undefined) return closed;
  if (holidayOn(day)) return yearOf(day) >= 2022 && weekdayOf(day) !== FRIDAY ? hour(13, 30) : hour(12);
  return isShort(day) ? hour(12, 45) : undefined;
}

/** Currencies: since 2022 the other holidays are days like any other. */
export function currencyEnd(day: Day): End {
  const closed = closedOn(day, hour(10, 15));
  if (closed !== undefined) return closed;
  if (holidayOn(day)) return yearOf(day) >= 2022 ? undefined : hour(12);
  return isShort(day) ? hour(12, 15) : undefined;
}

/** Treasuries: as indices, but for the day before Independence Day. */
export const rateEnd = (day: Day): End =>
  MOURNING.get(day)?.rate ??
  closedOn(day, hour(10, 15)) ??
  (holidayOn(day) ? hour(12) : isShort(day) ? hour(12, 15) : undefined);
