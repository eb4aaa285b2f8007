/**
 * Shows a world to checkers: each record to those that look at its type, behind the folds that they look at, and commits, answers and the
 * world at rest to all that want them. Invariant: a fold takes a record once, before any checker is shown it.
 */
import type {
  CheckedAnswer,
  CheckedCommit,
  CheckedGroup,
  CheckedRecord,
  Checker,
  Fold,
  Report,
  Rest,
} from './checker.ts';

interface Seat {
  readonly checker: Checker;
  readonly report: Report;
}

/** Who takes a type of record. */
interface Audience {
  readonly folds: readonly Fold[];
  readonly seats: readonly Seat[];
}

const takes = (taker: { readonly takes?: readonly string[] }, type: string): boolean =>
  taker.takes?.includes(type) ?? true;

export class Panel {
  private readonly folds: readonly Fold[];
  private readonly seats: readonly Seat[];
  private readonly ofGroups: readonly Seat[];
  private readonly ofLosses: readonly Seat[];
  private readonly ofAnswers: readonly Seat[];
  /** By type, as far as types have been seen. */
  private readonly audiences = new Map<string, Audience>();

  constructor(checkers: readonly Checker[], tell: (checker: Checker, what: string) => void) {
    this.folds = [...new Set(checkers.flatMap(({ folds = [] }) => folds))];
    this.seats = checkers.map((checker) => ({ checker, report: (what) => tell(checker, what) }));
    this.ofGroups = this.seats.filter(({ checker }) => checker.onGroup);
    this.ofLosses = this.seats.filter(({ checker }) => checker.onLost);
    this.ofAnswers = this.seats.filter(({ checker }) => checker.onAnswer);
  }

  record(record: CheckedRecord): void {
    const { folds, seats } = this.audiences.get(record.type) ?? this.audienceOf(record.type);
    for (const fold of folds) fold.apply(record);
    for (const { checker, report } of seats) checker.onRecord(record, report);
  }

  group(group: CheckedGroup): void {
    for (const { checker, report } of this.ofGroups) checker.onGroup?.(group, report);
  }

  lost(commit: CheckedCommit): void {
    for (const { checker, report } of this.ofLosses) checker.onLost?.(commit, report);
  }

  answer(answer: CheckedAnswer): void {
    for (const { checker, report } of this.ofAnswers) checker.onAnswer?.(answer, report);
  }

  rest(rest: Rest): void {
    for (const { checker, report } of this.seats) checker.atRest(rest, report);
  }

  private audienceOf(type: string): Audience {
    const audience: Audience = {
      folds: this.folds.filter((fold) => takes(fold, type)),
      seats: this.seats.filter(({ checker }) => takes(checker, type)),
    };
    this.audiences.set(type, audience);
    return audience;
  }
}
