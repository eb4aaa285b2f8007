/**
 * Times of market-data files as epoch milliseconds (with a fraction where the file has one). Without a zone a time is UTC. What
 * is not a time is NaN, never a guess: 2014-02-30 is not a time.
 */

const TEXTUAL =
  /^(\d{4})[-./]?(\d{2})[-./]?(\d{2})(?:[T ]+(\d{2}):?(\d{2})(?::?(\d{2})(?:[., ]?(\d{1,9}))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;
const EPOCH = /^\d{9,19}(\.\d+)?$/;

export function parseTime(text: string): number {
  const trimmed = text.trim();
  return EPOCH.test(trimmed) ? epoch(trimmed) : textual(trimmed);
}

/** Seconds, milliseconds, microseconds or nanoseconds: their magnitudes do not meet between 1973 and 5138. */
function epoch(text: string): number {
  const value = Number(text);
  if (value < 1e11) return value * 1e3;
  if (value < 1e14) return value;
  if (value < 1e17) return value / 1e3;
  return value / 1e6;
}

function textual(text: string): number {
  const match = TEXTUAL.exec(text);
  if (!match) return Number.NaN;
  const [, year = '', month = '', day = '', hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = match;
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const date = new Date(midnight);
  const real = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  const [h, m, s] = [Number(hour), Number(minute), Number(second)];
  if (!real || h > 23 || m > 59 || s > 59) return Number.NaN;
  const fractionMs = Number(fraction.padEnd(9, '0')) / 1e6;
  return midnight + ((h * 60 + m) * 60 + s) * 1000 + fractionMs - offsetMs(zone);
}

function offsetMs(zone: string): number {
  if (zone.toUpperCase() === 'Z') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  const digits = zone.slice(1).replace(':', '');
  return sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * 60_000;
}
