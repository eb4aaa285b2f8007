/**
 * What a file's wall clock is behind UTC. Only the zones that exporters of tick files write in, by their own rules: no table of the
 * system is asked, so that a file means the same on every machine.
 */
import { dayOf } from '../../domain/sessions/zone.ts';

export const ZONES = ['UTC', 'EST', 'America/New_York', 'America/Chicago'] as const;
/** `EST` is New York's winter time all the year. */
export type Zone = (typeof ZONES)[number];

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const STANDARD_HOURS: Readonly<Record<Zone, number>> = { UTC: 0, EST: 5, 'America/New_York': 5, 'America/Chicago': 6 };
const hasSummer = (zone: Zone): boolean => zone === 'America/New_York' || zone === 'America/Chicago';

/** The `nth` Sunday of a month, from 1, as a day number; a Thursday was day 0. */
function sunday(year: number, month: number, nth: number): number {
  const first = dayOf(year, month, 1);
  return first + ((10 - (first % 7)) % 7) + (nth - 1) * 7;
}

const lastSunday = (year: number, month: number, days: number): number => {
  const last = dayOf(year, month, days);
  return last - ((last + 4) % 7);
};

/** Summer time of the United States, from 1967: the Uniform Time Act and its changes of 1987 and 2007 (the oil years left out). */
function summerDays(year: number): readonly [begin: number, end: number] {
  if (year >= 2007) return [sunday(year, 3, 2), sunday(year, 11, 1)];
  return [year >= 1987 ? sunday(year, 4, 1) : lastSunday(year, 4, 30), lastSunday(year, 10, 31)];
}

/**
 * Milliseconds to add to a wall clock's reading to have UTC. The hour that comes twice in autumn is taken as its first one, the hour
 * that spring leaves out as if the clock had not been moved.
 */
export class ZoneOffset {
  private readonly standardMs: number;
  private readonly summer: boolean;
  private year = -1;
  private beginMs = 0;
  private endMs = 0;

  constructor(zone: Zone) {
    this.standardMs = STANDARD_HOURS[zone] * HOUR_MS;
    this.summer = hasSummer(zone);
  }

  /** `wallMs`: the wall clock read as if it were UTC, in `year`. */
  at(wallMs: number, year: number): number {
    if (!this.summer) return this.standardMs;
    if (year !== this.year) {
      const [begin, end] = summerDays(year);
      this.year = year;
      this.beginMs = begin * DAY_MS + 2 * HOUR_MS;
      this.endMs = end * DAY_MS + 2 * HOUR_MS;
    }
    return wallMs >= this.beginMs && wallMs < this.endMs ? this.standardMs - HOUR_MS : this.standardMs;
  }
}
