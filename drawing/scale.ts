/** Numbers to places on a drawing: linear scales, round ticks, and how times and numbers are written beside them. */
export interface Scale {
  readonly min: number;
  readonly max: number;
  /** The place of a value; outside of [min, max] it lies outside of the drawing. */
  at(value: number): number;
}

/** From values in [min, max] to places in [from, to]; a single value lies in the middle. */
export function linear(min: number, max: number, from: number, to: number): Scale {
  const span = max - min;
  return {
    min,
    max,
    at: (value) => (span > 0 ? from + ((value - min) / span) * (to - from) : (from + to) / 2),
  };
}

/** Round values (1, 2 or 5 times a power of ten) inside [min, max], about `wanted` of them. */
export function roundTicks(min: number, max: number, wanted: number): number[] {
  if (!(max > min)) return [min];
  const rough = (max - min) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.ceil(min / step);
  return Array.from({ length: Math.floor(max / step) - first + 1 }, (_, index) => (first + index) * step);
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TIME_STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 7, 14, 30, 90, 365].map((count) => count * DAY),
];

/** Epoch milliseconds at full seconds, minutes, hours or days of UTC inside [min, max], at most `most` of them. */
export function timeTicks(min: number, max: number, most: number): number[] {
  const step = TIME_STEPS.find((size) => (max - min) / size <= most) ?? Math.ceil((max - min) / most / DAY) * DAY;
  const first = Math.ceil(min / step);
  return Array.from({ length: Math.floor(max / step) - first + 1 }, (_, index) => (first + index) * step);
}

const iso = (at: number): string => new Date(at).toISOString();
/** `14:05:00`, UTC. */
export const timeOfDay = (at: number): string => iso(at).slice(11, 19);
/** `2026-03-02 14:05:00`, UTC. */
export const dateAndTime = (at: number): string => iso(at).slice(0, 19).replace('T', ' ');

/** The same as finely as a span of milliseconds needs: time of day, day and time, or date. */
export function timeWithin(at: number, spanMs: number): string {
  if (spanMs <= DAY) return timeOfDay(at);
  return spanMs <= 10 * DAY ? iso(at).slice(5, 16).replace('T', ' ') : iso(at).slice(0, 10);
}

const UNITS = [
  { size: DAY, name: 'd' },
  { size: HOUR, name: 'h' },
  { size: MINUTE, name: 'min' },
  { size: SECOND, name: 's' },
] as const;

/** `1.5 s`, `2 min 30 s`, `3 h`, `1 d 4 h`: the two largest units. */
export function duration(ms: number): string {
  if (ms < MINUTE) return `${Number((ms / SECOND).toFixed(3))} s`;
  const place = UNITS.findIndex(({ size }) => ms >= size);
  const [large, small] = [UNITS[place]!, UNITS[place + 1]!];
  const whole = Math.floor(ms / large.size);
  const rest = Math.floor((ms % large.size) / small.size);
  return rest === 0 ? `${whole} ${large.name}` : `${whole} ${large.name} ${rest} ${small.name}`;
}

/** As many places as tell neighbouring ticks of a span apart. */
export function plainNumber(value: number, span: number): string {
  const places = span > 0 ? Math.min(8, Math.max(0, 2 - Math.floor(Math.log10(span)))) : 2;
  return value.toFixed(places);
}
