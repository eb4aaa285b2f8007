/**
 * What the database has refused for its data, for a while. A recovery brings back what it has lost (a fact, a waking entity, what an agent asks
 * for anew): refused once it is not run again, or the house would recover for ever. What comes from outside is tried each time.
 */
import { BOUNDS } from './bounds.ts';
import { isFromOutside, type Letter } from './letter.ts';
import type { Clock } from './ports.ts';
import type { CommitError } from './store.ts';

interface Refusal {
  readonly type: string;
  readonly what: string;
  readonly error: CommitError;
  readonly until: number;
}

export class Refusals {
  private readonly byTarget = new Map<string, Refusal[]>();
  /** Monotonic times: of groups of many turns, of which one was to blame, and of what nothing could be parked for. */
  private searches: number[] = [];
  private unplaced: number[] = [];

  constructor(private readonly clock: Clock) {}

  get any(): boolean {
    return this.byTarget.size > 0;
  }

  /** Throws what the database said when it refused this letter, or the same one in an earlier life. */
  check(letter: Letter): void {
    const { target, message } = letter;
    const refused = this.byTarget
      .get(target)
      ?.find(({ type, what }) => type === message.type && what === nameOf(letter));
    if (refused && this.clock.monotonic() < refused.until) throw refused.error;
  }

  /** False: too many are known, so that they can't all be the same few that come again. */
  remember(letter: Letter, error: CommitError): boolean {
    const { target, message } = letter;
    if (isFromOutside(letter) && message.type !== 'resumed') return true;
    const now = this.clock.monotonic();
    let known = 0;
    for (const [address, refused] of this.byTarget) {
      const fresh = refused.filter(({ until }) => now < until);
      if (fresh.length > 0) this.byTarget.set(address, fresh);
      else this.byTarget.delete(address);
      known += fresh.length;
    }
    if (known >= BOUNDS.refusedKept) return false;
    const refusal = { type: message.type, what: nameOf(letter), error, until: now + BOUNDS.refusalsPeriodMs };
    this.byTarget.set(target, [...(this.byTarget.get(target) ?? []), refusal]);
    return true;
  }

  /** A named person lets an agent try again. */
  forget(target: string): void {
    this.byTarget.delete(target);
  }

  /**
   * How many turns are committed one by one after a refusal that nothing was parked for: undefined when it is one too many. Of many turns the
   * one that is to blame is found when it comes again, behind four times as many turns each time.
   */
  careful(turns: number): number | undefined {
    if (turns > 1) {
      this.searches = this.recent(this.searches);
      const tries = this.searches.length;
      if (tries <= BOUNDS.searches) return BOUNDS.carefulTurns * 4 ** (tries - 1);
    }
    this.unplaced = this.recent(this.unplaced);
    return this.unplaced.length <= BOUNDS.refusals ? BOUNDS.carefulTurns : undefined;
  }

  private recent(times: readonly number[]): number[] {
    const now = this.clock.monotonic();
    return [...times.filter((at) => at > now - BOUNDS.refusalsPeriodMs), now];
  }
}

/** The same for a letter that a later life of the house brings again, whenever that is. */
function nameOf({ record, entity, fired, message }: Letter): string {
  if (record) return String(record.sequence);
  const text = JSON.stringify(message, (field, value: unknown) => (field === 'at' ? undefined : value));
  return `${entity ?? ''} ${fired?.sendId ?? ''} ${text}`;
}
