/**
 * What is on record of the thing that an expectation speaks of: records of the wanted event's family (`order.` of `order.filled`) that its
 * conditions do not rule out. Where the event itself does not come, they tell that somebody tried; an empty script has none.
 */
import type { CheckedRecord } from '../checkers/checker.ts';
import type { EventWanted } from '../file/script-part.ts';
import type { Lacking } from '../recording.ts';
import { fieldMismatch, pick, type Scope } from '../run/values.ts';

const TICKET = 'ticket.';

const familyOf = (type: string): string => type.split('.')[0] ?? type;

export class Kin {
  private readonly counts = new Map<string, number>();

  constructor(
    private readonly wanted: EventWanted,
    private readonly scope: Scope,
  ) {}

  hear({ message }: CheckedRecord): void {
    const { type } = message;
    if (familyOf(type) !== familyOf(this.wanted.event) || this.isAnother(message)) return;
    this.counts.set(type, (this.counts.get(type) ?? 0) + 1);
  }

  /** `times`: how often the event was wanted. */
  lacking(times: number): Lacking {
    return { times, seen: Object.fromEntries(this.counts) };
  }

  /** Some say of their order what others say of its ticket; what a record says nothing of rules it out for nobody. */
  private isAnother(message: object): boolean {
    return Object.entries(this.wanted.where).some(([path, value]) => {
      const within = path.startsWith(TICKET) ? path.slice(TICKET.length) : `${TICKET}${path}`;
      const told = [path, within].find((one) => pick(message, one) !== undefined);
      return told !== undefined && fieldMismatch(message, { [told]: value }, this.scope) !== undefined;
    });
  }
}
