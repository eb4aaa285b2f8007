/**
 * Times of tick files as whole milliseconds and the nanoseconds behind them, read from bytes. What is not a time is refused, never
 * guessed: 2014-02-30 is not a time, and nothing lies before 1970 or behind 2100.
 */
import { dayOf } from '../../domain/sessions/zone.ts';
import type { Cursor } from './cursor.ts';
import { type Zone, ZoneOffset } from './zones.ts';

const DAY_MS = 86_400_000;
const LATEST_MS = dayOf(2100, 1, 1) * DAY_MS;
const NS_A_MS = 1_000_000;
const [ZERO, POINT, COMMA, COLON, SPACE, PLUS, DASH, SLASH] = [48, 46, 44, 58, 32, 43, 45, 47];
const LETTERS = { T: 84, Z: 90, z: 122 } as const;
const POWERS = Float64Array.from({ length: 10 }, (_, exponent) => 10 ** exponent);

export class Stamps {
  /** What was read last. */
  atMs = 0;
  subMsNs = 0;
  private readonly zone: ZoneOffset;
  private dateKey = -1;
  private year = 0;
  private midnightMs = 0;
  private clockMs = 0;
  private clockNs = 0;

  constructor(zone: Zone) {
    this.zone = new ZoneOffset(zone);
  }

  /** Seconds (perhaps with a fraction), milliseconds, microseconds or nanoseconds: their magnitudes don't meet after 1973. */
  epoch(cursor: Cursor): boolean {
    const start = cursor.pos;
    const high = cursor.digits(9);
    if (high < 0 || cursor.pos - start < 9) return false;
    const low = Math.max(0, cursor.digits(10));
    const width = cursor.pos - start;
    // Milliseconds have 12 or 13 digits in this span of time, microseconds three more, nanoseconds again three more.
    if (width <= 11) {
      this.atMs = (high * POWERS[width - 9]! + low) * 1_000;
      return this.secondsFraction(cursor) && this.isReal();
    }
    const shift = width <= 14 ? 0 : width <= 17 ? 3 : 6;
    const lowDigits = width - 9;
    const below = POWERS[shift]!;
    this.atMs = high * POWERS[lowDigits - shift]! + Math.floor(low / below);
    this.subMsNs = (low % below) * POWERS[6 - shift]!;
    // A fraction of a millisecond or less is more than we keep.
    if (cursor.peek(0) === POINT) cursor.skip();
    return this.isReal();
  }

  /** Date and time of day in one field, and what may follow: a fraction behind a blank, `Z` or an offset. A date alone is midnight. */
  dateTime(cursor: Cursor): boolean {
    if (!this.date(cursor)) return false;
    const byte = cursor.peek(0);
    if ((byte === SPACE || byte === LETTERS.T) && isDigit(cursor.peek(1))) cursor.pos += 1;
    else if (!isDigit(byte)) {
      this.clockMs = 0;
      this.clockNs = 0;
      return this.settle(cursor);
    }
    return this.time(cursor) && this.settle(cursor);
  }

  /** The date of a line whose time of day stands in another field: `yyyyMMdd`, `yyMMdd`, `yyyy-MM-dd`, `MM/dd/yyyy`, `dd.MM.yyyy`. */
  date(cursor: Cursor): boolean {
    const start = cursor.pos;
    const first = cursor.digits(8);
    const width = cursor.pos - start;
    const separator = cursor.peek(0);
    if (separator !== DASH && separator !== SLASH && separator !== POINT) {
      if (width === 8) return this.setDate(first);
      return width === 6 && this.setDate(first + (first < 700_000 ? 20_000_000 : 19_000_000));
    }
    cursor.pos += 1;
    const second = cursor.digits(2);
    if (second < 0 || cursor.peek(0) !== separator) return false;
    cursor.pos += 1;
    const third = cursor.digits(width === 4 ? 2 : 4);
    if (third < 0) return false;
    if (width === 4) return this.setDate(first * 10_000 + second * 100 + third);
    if (width > 2 || third < 1_000) return false;
    const [month, day] = separator === SLASH ? [first, second] : [second, first];
    return this.setDate(third * 10_000 + month * 100 + day);
  }

  /** `HH:mm[:ss[.f]]` or `HHmmss[f]`, or that with a fraction behind a blank. */
  time(cursor: Cursor): boolean {
    const start = cursor.pos;
    const first = cursor.digits(6);
    const width = cursor.pos - start;
    this.clockNs = 0;
    if (width === 6 || width === 5) {
      this.clockMs = clockMs(Math.floor(first / 10_000), Math.floor(first / 100) % 100, first % 100);
    } else {
      if (width < 1 || width > 2 || cursor.peek(0) !== COLON) return false;
      cursor.pos += 1;
      const minute = cursor.digits(2);
      let second = 0;
      if (cursor.peek(0) === COLON) {
        cursor.pos += 1;
        second = cursor.digits(2);
      }
      this.clockMs = clockMs(first, minute, second);
    }
    return this.clockMs >= 0 && this.fractionIfAny(cursor);
  }

  /** Puts date and time of day together; reads a zone that stands there. */
  settle(cursor: Cursor): boolean {
    const wallMs = this.midnightMs + this.clockMs;
    this.subMsNs = this.clockNs;
    const byte = cursor.peek(0);
    if (byte === LETTERS.Z || byte === LETTERS.z) {
      cursor.pos += 1;
      this.atMs = wallMs;
    } else if (byte === PLUS || byte === DASH) {
      const offsetMs = this.offset(cursor, byte);
      if (Number.isNaN(offsetMs)) return false;
      this.atMs = wallMs - offsetMs;
    } else this.atMs = wallMs + this.zone.at(wallMs, this.year);
    return this.isReal();
  }

  private offset(cursor: Cursor, sign: number): number {
    cursor.pos += 1;
    const hours = cursor.digits(2);
    if (cursor.peek(0) === COLON) cursor.pos += 1;
    const minutes = Math.max(0, cursor.digits(2));
    if (hours < 0 || hours > 18 || minutes > 59) return Number.NaN;
    return (sign === DASH ? -1 : 1) * (hours * 60 + minutes) * 60_000;
  }

  private secondsFraction(cursor: Cursor): boolean {
    this.subMsNs = 0;
    if (cursor.peek(0) !== POINT) return true;
    cursor.pos += 1;
    this.clockMs = 0;
    if (!this.fraction(cursor)) return false;
    this.atMs += this.clockMs;
    this.subMsNs = this.clockNs;
    return true;
  }

  private fractionIfAny(cursor: Cursor): boolean {
    const byte = cursor.peek(0);
    if (isDigit(byte)) return this.fraction(cursor);
    const isMark = byte === POINT || byte === SPACE || (byte === COMMA && cursor.delimiter !== COMMA);
    if (!isMark || !isDigit(cursor.peek(1))) return true;
    cursor.pos += 1;
    return this.fraction(cursor);
  }

  /** Up to nine digits of a second. */
  private fraction(cursor: Cursor): boolean {
    const start = cursor.pos;
    const value = cursor.digits(9);
    if (value < 0) return false;
    const nanos = value * POWERS[9 - (cursor.pos - start)]!;
    const ms = Math.floor(nanos / NS_A_MS);
    this.clockMs += ms;
    this.clockNs = nanos - ms * NS_A_MS;
    return true;
  }

  /** `key` is yyyymmdd; most lines have the date of the line before. */
  private setDate(key: number): boolean {
    if (key === this.dateKey) return true;
    const [year, month, day] = [Math.floor(key / 10_000), Math.floor(key / 100) % 100, key % 100];
    if (year < 1970 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return false;
    this.dateKey = key;
    this.year = year;
    this.midnightMs = dayOf(year, month, day) * DAY_MS;
    return true;
  }

  private isReal(): boolean {
    return this.atMs > 0 && this.atMs < LATEST_MS;
  }
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= ZERO && byte <= ZERO + 9;

/** -1 when there is no such time of day. */
const clockMs = (hour: number, minute: number, second: number): number =>
  hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59
    ? -1
    : ((hour * 60 + minute) * 60 + second) * 1_000;

function daysIn(year: number, month: number): number {
  const next = month === 12 ? dayOf(year + 1, 1, 1) : dayOf(year, month + 1, 1);
  return next - dayOf(year, month, 1);
}
