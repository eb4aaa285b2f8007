/**
 * How a simulated venue misbehaves: rates as data, draws from one seeded stream, a count of each kind that happened. The same
 * seed, rates and order of calls give the same faults; a rate of zero draws too, so that one rate doesn't shift the others.
 */
import type { Random } from '../../runtime/ports.ts';

export const FAULT_KINDS = [
  'drop',
  'duplicate',
  'reorder',
  'latency',
  'ack-lost',
  'partial-fill',
  'reject',
  'outage',
  'restart',
  'connection-cut',
  'late-fill',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface VenueFaults {
  /** A request is lost before it arrives. */
  readonly dropRatio: number;
  /** A report is told twice. */
  readonly duplicateRatio: number;
  /** A report is held back, so that those of other orders, and of this order's own answers, come before it. */
  readonly reorderRatio: number;
  /** Each way, evenly between nothing and this. */
  readonly latencyMaxMs: number;
  /** The venue acts, its answer is lost. */
  readonly ackLostRatio: number;
  readonly partialFillRatio: number;
  /** A last tick crosses a cancel; what it fills is told after the cancel's answer. */
  readonly lateFillRatio: number;
  readonly rejectRatio: number;
  /** Chance of an outage to begin, a minute. */
  readonly outagePerMinuteRatio: number;
  readonly outageMaxMs: number;
  /** Out of reach before this market time, whatever the chances; 0 for not at all. */
  readonly outageUntilMs: number;
}

export const NO_FAULTS: VenueFaults = {
  dropRatio: 0,
  duplicateRatio: 0,
  reorderRatio: 0,
  latencyMaxMs: 0,
  ackLostRatio: 0,
  partialFillRatio: 0,
  lateFillRatio: 0,
  rejectRatio: 0,
  outagePerMinuteRatio: 0,
  outageMaxMs: 0,
  outageUntilMs: 0,
};

/** The upper end of each rate; a world draws its own rates below them. */
const RANGES: Omit<VenueFaults, 'outageUntilMs'> = {
  dropRatio: 0.2,
  duplicateRatio: 0.2,
  reorderRatio: 0.3,
  latencyMaxMs: 60_000,
  ackLostRatio: 0.1,
  partialFillRatio: 0.6,
  lateFillRatio: 0.6,
  rejectRatio: 0.1,
  outagePerMinuteRatio: 0.01,
  outageMaxMs: 120_000,
};

/** Rates for one world: each is off in a third of the worlds, else anywhere in its range. */
export function drawRates(random: Random): VenueFaults {
  const rate = (max: number): number => (random.next() < 1 / 3 ? 0 : random.next() * max);
  return {
    dropRatio: rate(RANGES.dropRatio),
    duplicateRatio: rate(RANGES.duplicateRatio),
    reorderRatio: rate(RANGES.reorderRatio),
    latencyMaxMs: Math.round(rate(RANGES.latencyMaxMs)),
    ackLostRatio: rate(RANGES.ackLostRatio),
    partialFillRatio: rate(RANGES.partialFillRatio),
    rejectRatio: rate(RANGES.rejectRatio),
    outagePerMinuteRatio: rate(RANGES.outagePerMinuteRatio),
    outageMaxMs: Math.round(rate(RANGES.outageMaxMs)),
    outageUntilMs: 0,
    lateFillRatio: rate(RANGES.lateFillRatio),
  };
}

const RATIO_OF = {
  drop: 'dropRatio',
  duplicate: 'duplicateRatio',
  'ack-lost': 'ackLostRatio',
  reject: 'rejectRatio',
} as const;

const MINUTE_MS = 60_000;
const REORDER_MAX_MS = 2_000;

export interface FaultDraws {
  readonly counts: Readonly<Record<FaultKind, number>>;
  rates(): VenueFaults;
  setRates(rates: VenueFaults): void;
  happens(kind: keyof typeof RATIO_OF): boolean;
  /** Does a last tick cross this cancel? */
  crosses(): boolean;
  latencyMs(): number;
  /** How long later news are held back: until an outage is over, or a little, so that others overtake. */
  newsDelayMs(now: number): number;
  /** A fill left something open. */
  notePartialFill(): void;
  /** A cancel was answered without a fill. */
  noteLateFill(): void;
  /** Nothing keeps it away at that moment, as far as it is known; draws nothing. */
  reachable(now: number): boolean;
  /** Is the venue out of reach now? Outages begin by chance in each minute that has passed since the last question. */
  outage(now: number): boolean;
  /** Out of reach until then, once, for this reason; it ends by itself. */
  interrupt(kind: 'restart' | 'connection-cut', untilMs: number): void;
}

export function drawFaults(random: Random, first: VenueFaults): FaultDraws {
  let rates = first;
  let outageUntil = Number.NEGATIVE_INFINITY;
  let interruptedUntil = Number.NEGATIVE_INFINITY;
  let askedMinute: number | undefined;
  const late = random.fork('late-fills');
  const counts = Object.fromEntries(FAULT_KINDS.map((kind) => [kind, 0])) as Record<FaultKind, number>;

  function chance(kind: FaultKind, ratio: number): boolean {
    const hit = random.next() < ratio;
    if (hit) counts[kind] += 1;
    return hit;
  }

  const unreachableUntil = (): number => Math.max(outageUntil, interruptedUntil, rates.outageUntilMs);

  function outage(now: number): boolean {
    const minute = Math.floor(now / MINUTE_MS);
    const passed = minute - (askedMinute ?? minute - 1);
    askedMinute = minute;
    if (passed > 0 && chance('outage', 1 - (1 - rates.outagePerMinuteRatio) ** passed)) {
      outageUntil = now + random.next() * rates.outageMaxMs;
    }
    return now < unreachableUntil();
  }

  return {
    ...{ counts, outage },
    reachable: (now) => now >= unreachableUntil(),
    notePartialFill: () => {
      counts['partial-fill'] += 1;
    },
    noteLateFill: () => {
      counts['late-fill'] += 1;
    },
    crosses: () => late.next() < rates.lateFillRatio,
    rates: () => rates,
    interrupt(kind, untilMs) {
      counts[kind] += 1;
      interruptedUntil = Math.max(interruptedUntil, untilMs);
    },
    setRates(next) {
      if (next.outageUntilMs > rates.outageUntilMs) counts.outage += 1;
      rates = next;
      if (next.outagePerMinuteRatio === 0) outageUntil = Number.NEGATIVE_INFINITY;
    },
    happens: (kind) => chance(kind, rates[RATIO_OF[kind]]),
    latencyMs() {
      const delayMs = Math.round(random.next() * rates.latencyMaxMs);
      if (delayMs > 0) counts.latency += 1;
      return delayMs;
    },
    newsDelayMs(now) {
      const held = chance('reorder', rates.reorderRatio);
      const reorderMs = Math.round(random.next() * REORDER_MAX_MS);
      const outageMs = outage(now) ? Math.ceil(unreachableUntil() - now) : 0;
      return outageMs + (held ? reorderMs : 0);
    },
  };
}
