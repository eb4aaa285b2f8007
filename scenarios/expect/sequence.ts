/** Events happen one after the other, others between them; with `same` they are about one thing, and one such thing is enough. */
import type { CheckedRecord } from '../checkers/checker.ts';
import type { Expectation } from '../file/expect-part.ts';
import type { EventWanted } from '../file/script-part.ts';
import type { ExpectationResult } from '../recording.ts';
import { pick } from '../run/values.ts';
import { Kin } from './kin.ts';
import { eventText, inTime, isWanted, type Sight, type Watcher, windowText } from './watcher.ts';

class InSequence implements Watcher {
  private readonly wanted: readonly EventWanted[];
  /** How far each subject has come; one for all without `same`. */
  private readonly reached = new Map<unknown, number>();
  private doneAtMs: number | undefined;
  private readonly kin: readonly Kin[];

  constructor(
    private readonly expectation: Expectation,
    private readonly sight: Sight,
  ) {
    this.wanted = expectation.sequence!.map((item) => (typeof item === 'string' ? { event: item, where: {} } : item));
    const { where } = expectation;
    this.kin = this.wanted.map((one) => new Kin({ ...one, where: { ...where, ...one.where } }, sight.scope));
  }

  onRecord(record: CheckedRecord, atMs: number): void {
    const { expectation, sight, wanted } = this;
    for (const one of this.kin) one.hear(record);
    if (this.doneAtMs !== undefined || !inTime(expectation, atMs, sight.untilMs)) return;
    const { same, where } = expectation;
    const subject =
      same === undefined ? undefined : (pick(record.message, same) ?? pick(record.message, `ticket.${same}`));
    if (same !== undefined && subject === undefined) return;
    const next = this.reached.get(subject) ?? 0;
    const awaited = wanted[next];
    if (!awaited || !isWanted(record, { ...awaited, where: { ...where, ...awaited.where } }, sight.scope)) return;
    this.reached.set(subject, next + 1);
    if (next + 1 === wanted.length) this.doneAtMs = atMs;
  }

  result(): ExpectationResult {
    const { wanted, doneAtMs, expectation } = this;
    const furthest = Math.max(0, ...this.reached.values());
    const missing = wanted[furthest];
    return {
      what: expectation.what ?? `in this order${windowText(expectation)}: ${wanted.map(eventText).join(', ')}`,
      held: doneAtMs !== undefined,
      why:
        doneAtMs !== undefined || !missing
          ? 'all of them came, in order'
          : `${furthest} of ${wanted.length} came in order; ${eventText(missing)} did not follow`,
      ...(doneAtMs !== undefined ? { atMs: doneAtMs } : { lacks: this.kin[furthest]!.lacking(1) }),
    };
  }
}

export const sequence = (expectation: Expectation, sight: Sight): Watcher => new InSequence(expectation, sight);
