/**
 * Answers that were given a moment ago, by caller and question. An answer is as old as its data: it never gets younger by being given
 * again, and never lives longer than its time. Bounded: the oldest leaves first.
 */
const ANSWERS_MAX = 2_000;

export interface Known<T> {
  readonly value: T;
  /** Wall clock in epoch milliseconds at which it was read. */
  readonly readAtMs: number;
  /** It was known already. */
  readonly cached: boolean;
}

interface Kept {
  readonly value: unknown;
  readonly readAtMs: number;
  readonly endsAtMs: number;
}

export class AnswerCache {
  private readonly answers = new Map<string, Kept>();

  constructor(private readonly wallNow: () => number) {}

  find<T>(key: string): Known<T> | undefined {
    const kept = this.answers.get(key);
    if (!kept) return undefined;
    const now = this.wallNow();
    // A clock that was put back must not make an answer live longer.
    if (now < kept.endsAtMs && now >= kept.readAtMs)
      return { value: kept.value as T, readAtMs: kept.readAtMs, cached: true };
    this.answers.delete(key);
    return undefined;
  }

  keep<T>(key: string, value: T, ttlMs: number): Known<T> {
    const readAtMs = this.wallNow();
    // Deleted first, so that the map stays ordered by age.
    this.answers.delete(key);
    if (this.answers.size >= ANSWERS_MAX) this.answers.delete(this.answers.keys().next().value!);
    this.answers.set(key, { value, readAtMs, endsAtMs: readAtMs + ttlMs });
    return { value, readAtMs, cached: false };
  }
}
