/** After each event of one kind another follows within a time, about the same thing when a field says so. Goes on behind the scenario's end. */
import type { CheckedRecord } from '../checkers/checker.ts';
import type { Expectation } from '../file/expect-part.ts';
import { durationText } from '../file/fields.ts';
import type { EventWanted } from '../file/script-part.ts';
import type { ExpectationResult } from '../recording.ts';
import { momentText, pick } from '../run/values.ts';
import { Kin } from './kin.ts';
import { eventText, inTime, isWanted, type Sight, type Watcher, windowText } from './watcher.ts';

interface Open {
  readonly atMs: number;
  readonly sequence: number;
  readonly subject: unknown;
}

class Eventually implements Watcher {
  private open: Open[] = [];
  private begun = 0;
  private longestMs = 0;
  private missed: Open | undefined;
  /** Of the first: without it there is nothing to follow. */
  private readonly kin: Kin;

  constructor(
    private readonly expectation: Expectation,
    private readonly first: EventWanted,
    private readonly then: EventWanted,
    private readonly sight: Sight,
  ) {
    this.kin = new Kin(first, sight.scope);
  }

  onRecord(record: CheckedRecord, atMs: number): void {
    const { expectation, first, then, sight } = this;
    this.kin.hear(record);
    if (isWanted(record, then, sight.scope)) this.close(record, atMs);
    if (inTime(expectation, atMs, sight.untilMs) && isWanted(record, first, sight.scope)) {
      this.begun += 1;
      this.open.push({ atMs, sequence: record.sequence, subject: this.subjectOf(record) });
    }
  }

  result(): ExpectationResult {
    const { expectation, first, then, begun } = this;
    const withinText = durationText(expectation.within!);
    const missed = this.missed ?? this.open[0];
    return {
      what:
        expectation.what ??
        `${eventText(then)} follows ${eventText(first)}${windowText(expectation)} within ${withinText}${expectation.same ? `, same ${expectation.same}` : ''}`,
      held: begun > 0 && missed === undefined,
      why: this.why(missed),
      ...(missed && { atMs: missed.atMs }),
      ...(begun === 0 && { lacks: this.kin.lacking(1) }),
    };
  }

  private why(missed: Open | undefined): string {
    if (this.begun === 0) return `${eventText(this.first)} never happened`;
    if (!missed)
      return `it followed each of ${this.begun}, after ${durationText(Math.round(this.longestMs))} at the latest`;
    const about = missed.subject === undefined ? '' : `, ${this.expectation.same} ${String(missed.subject)}`;
    return `nothing followed record ${missed.sequence} at ${momentText(missed.atMs)}${about} in time`;
  }

  private close(record: CheckedRecord, atMs: number): void {
    const subject = this.subjectOf(record);
    const within = this.expectation.within!;
    this.open = this.open.filter((open) => {
      const isAnother = subject === undefined || open.subject !== subject;
      if (this.expectation.same !== undefined && isAnother) return true;
      const tookMs = atMs - open.atMs;
      if (tookMs > within) this.missed ??= open;
      else this.longestMs = Math.max(this.longestMs, tookMs);
      return false;
    });
  }

  private subjectOf({ message }: CheckedRecord): unknown {
    const { same } = this.expectation;
    return same === undefined ? undefined : (pick(message, same) ?? pick(message, `ticket.${same}`));
  }
}

export const eventually = (expectation: Expectation, sight: Sight): Watcher =>
  new Eventually(expectation, expectation.after!, { event: expectation.eventually!, where: expectation.where }, sight);
