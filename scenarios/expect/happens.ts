/** An event happens, so often as it says; or it never does. */
import type { CheckedRecord } from '../checkers/checker.ts';
import type { Expectation } from '../file/expect-part.ts';
import type { EventWanted } from '../file/script-part.ts';
import type { ExpectationResult } from '../recording.ts';
import { momentText } from '../run/values.ts';
import { Kin } from './kin.ts';
import { eventText, inTime, isWanted, type Sight, type Watcher, windowText } from './watcher.ts';

interface Bounds {
  readonly min: number;
  readonly max: number;
}

function boundsOf({ count }: Expectation): Bounds {
  if (count === undefined) return { min: 1, max: Number.POSITIVE_INFINITY };
  if (typeof count === 'number') return { min: count, max: count };
  return { min: count.min ?? 0, max: count.max ?? Number.POSITIVE_INFINITY };
}

const timesText = (count: number): string => (count === 1 ? 'once' : `${count} times`);

function wantedText({ min, max }: Bounds): string {
  if (min === max) return timesText(min);
  if (max === Number.POSITIVE_INFINITY) return min === 1 ? 'at least once' : `at least ${timesText(min)}`;
  return min === 0 ? `at most ${timesText(max)}` : `${min} to ${max} times`;
}

class Happens implements Watcher {
  private count = 0;
  private lastAtMs: number | undefined;
  private lastSequence = 0;
  private decidedAtMs: number | undefined;
  private readonly kin: Kin;

  constructor(
    private readonly expectation: Expectation,
    private readonly wanted: EventWanted,
    private readonly bounds: Bounds,
    private readonly sight: Sight,
  ) {
    this.kin = new Kin(wanted, sight.scope);
  }

  onRecord(record: CheckedRecord, atMs: number): void {
    const { expectation, wanted, bounds, sight } = this;
    if (bounds.min > 0) this.kin.hear(record);
    if (!inTime(expectation, atMs, sight.untilMs) || !isWanted(record, wanted, sight.scope)) return;
    this.count += 1;
    this.lastAtMs = atMs;
    this.lastSequence = record.sequence;
    const decides =
      this.count === bounds.max + 1 || (this.count === bounds.min && bounds.max === Number.POSITIVE_INFINITY);
    if (decides) this.decidedAtMs = atMs;
  }

  result(): ExpectationResult {
    const { bounds, count, decidedAtMs, expectation } = this;
    const last =
      this.lastAtMs === undefined
        ? ''
        : `, ${count > 1 ? 'last ' : ''}at ${momentText(this.lastAtMs)} (record ${this.lastSequence})`;
    return {
      what:
        expectation.what ??
        `${eventText(this.wanted)} ${bounds.max === 0 ? 'never happens' : `happens ${wantedText(bounds)}`}${windowText(expectation)}`,
      held: count >= bounds.min && count <= bounds.max,
      why: count === 0 ? 'it never happened' : `it happened ${timesText(count)}${last}`,
      ...(decidedAtMs !== undefined && { atMs: decidedAtMs }),
      ...(count < bounds.min && { lacks: this.kin.lacking(bounds.min) }),
    };
  }
}

export const happens = (expectation: Expectation, sight: Sight): Watcher =>
  new Happens(expectation, { event: expectation.event!, where: expectation.where }, boundsOf(expectation), sight);

export const never = (expectation: Expectation, sight: Sight): Watcher =>
  new Happens(expectation, { event: expectation.never!, where: expectation.where }, { min: 0, max: 0 }, sight);
