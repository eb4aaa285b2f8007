/**
 * Counts the lines of a file and says when it is refused: more than one in a hundred bad, or after ten thousand lines more than half, which
 * no further line would mend.
 */
import { OUTCOME, type Outcome, REASONS } from '../importers/outcome.ts';
import { FileRefusal } from '../importers/refusal.ts';
import type { BadLine } from './outcome.ts';

const BAD_RATIO_MAX = 0.01;
const BAD_LINES_SHOWN = 20;
const EARLY_LINES = 10_000;
const EARLY_BAD_RATIO_MAX = 0.5;

export class LineTally {
  rows = 0;
  badRows = 0;
  readonly badLines: BadLine[] = [];

  get total(): number {
    return this.rows + this.badRows;
  }

  /** Throws FileRefusal when there is no use in reading on. */
  bad(line: number, outcome: Outcome): void {
    if (outcome === OUTCOME.nothing) return;
    this.badRows += 1;
    if (this.badLines.length < BAD_LINES_SHOWN) this.badLines.push({ line, reason: REASONS[outcome] });
    if (this.total >= EARLY_LINES) this.refuseAbove(EARLY_BAD_RATIO_MAX);
  }

  /** Behind the last line. Throws FileRefusal. */
  finish(): void {
    this.refuseAbove(BAD_RATIO_MAX);
    if (this.rows === 0) throw new FileRefusal('no-ticks', 'the file has no ticks');
  }

  private refuseAbove(ratioMax: number): void {
    if (this.badRows <= ratioMax * this.total) return;
    const [first] = this.badLines;
    const detail = first ? `; the first is line ${first.line}: ${first.reason}` : '';
    throw new FileRefusal('too-many-bad-lines', `${this.badRows} of ${this.total} lines are bad${detail}`);
  }
}
