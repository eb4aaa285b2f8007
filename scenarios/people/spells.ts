/**
 * When the people of a long world are at work. A short world is one spell; a longer one has a spell of three minutes in each half hour and
 * lulls between them, in which the market, the faults and everything with a deadline go on: hours as dense as minutes would only be more minutes.
 */
import type { Random } from '../../runtime/ports.ts';

const MINUTE_MS = 60_000;
const ONE_SPELL_MAX_MS = 15 * MINUTE_MS;
const SPELL_MS = 3 * MINUTE_MS;
const ROUND_MS = 30 * MINUTE_MS;

export class Spells {
  /** How long people are at work in all. */
  readonly workMs: number;
  /** Where each begins in the world, when there is more than one. */
  private readonly starts: readonly number[];

  constructor(random: Random, virtualMs: number) {
    // A last round that is shorter than a spell has none.
    const rounds = virtualMs > ONE_SPELL_MAX_MS ? Math.ceil((virtualMs - SPELL_MS) / ROUND_MS) : 0;
    this.starts = Array.from({ length: rounds }, (_, round) => {
      const roundMs = Math.min(ROUND_MS, virtualMs - round * ROUND_MS);
      return round * ROUND_MS + Math.floor(random.next() * (roundMs - SPELL_MS));
    });
    this.workMs = rounds > 0 ? rounds * SPELL_MS : virtualMs;
  }

  /** The world's moment of one of work: what begins late in a spell may end in the next. */
  at(workMs: number): number {
    const start = this.starts[Math.floor(workMs / SPELL_MS)];
    return start === undefined ? workMs : start + (workMs % SPELL_MS);
  }
}
