/**
 * Wall clocks of exchanges: an instant as local day and minute, and back. Rules of summer time come from the zone database that Node
 * carries (Intl), asked for given instants only, so that the same instant is the same wall clock always.
 */
export const ZONES = ['UTC', 'America/New_York', 'America/Chicago'] as const;
export type Zone = (typeof ZONES)[number];

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** Days since 1970-01-01 of a calendar day that has no zone. */
export type Day = number;

export interface LocalTime {
  readonly day: Day;
  /** Since midnight on the wall, fraction included. */
  readonly minute: number;
}

export const dayOf = (year: number, month: number, day: number): Day => Date.UTC(year, month - 1, day) / DAY_MS;
export const yearOf = (day: Day): number => new Date(day * DAY_MS).getUTCFullYear();
/** 1 to 12. */
export const monthOf = (day: Day): number => new Date(day * DAY_MS).getUTCMonth() + 1;
/** `2026-03-08`. */
export const dayText = (day: Day): string => new Date(day * DAY_MS).toISOString().slice(0, 10);
/** 0 is Sunday; 1970-01-01 was a Thursday. */
export const weekdayOf = (day: Day): number => (((day + 4) % 7) + 7) % 7;

const formats = new Map<Zone, Intl.DateTimeFormat>();
/** Offsets by zone and hour: summer time never begins or ends within an hour of UTC here. */
const offsets = new Map<string, number>();
const OFFSETS_KEPT = 10_000;

function formatOf(zone: Zone): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  formats.set(zone, format);
  return format;
}

function askOffset(zone: Zone, at: number): number {
  const read = new Map(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const of = (part: Intl.DateTimeFormatPartTypes): number => read.get(part) ?? 0;
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second')) - at;
}

/** Local time less UTC, in milliseconds. */
export function offsetMs(zone: Zone, at: number): number {
  if (zone === 'UTC') return 0;
  const hour = Math.floor(at / HOUR_MS);
  const key = `${zone} ${hour}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const offset = askOffset(zone, hour * HOUR_MS);
  if (offsets.size >= OFFSETS_KEPT) offsets.clear();
  offsets.set(key, offset);
  return offset;
}

/** `at` in epoch milliseconds. */
export function localTime(zone: Zone, at: number): LocalTime {
  const local = at + offsetMs(zone, at);
  const day = Math.floor(local / DAY_MS);
  return { day, minute: (local - day * DAY_MS) / MINUTE_MS };
}

/**
 * The instant at which the wall shows this; of an hour that comes twice the first, and in the hour that spring leaves out as much later
 * as the clock was moved.
 */
export function instantOf(zone: Zone, { day, minute }: LocalTime): number {
  const wall = day * DAY_MS + minute * MINUTE_MS;
  const before = wall - offsetMs(zone, wall - DAY_MS);
  const after = wall - offsetMs(zone, wall + DAY_MS);
  return before + offsetMs(zone, before) === wall ? before : after + offsetMs(zone, after) === wall ? after : before;
}
