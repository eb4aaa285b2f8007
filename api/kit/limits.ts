/**
 * Counts requests in fixed windows that start with a key's first request. Exactly `max` pass in a window; memory is bounded,
 * the oldest window leaves first.
 */
import { iso } from './instant.ts';
import { Problem } from './problem.ts';

export interface RateRule {
  readonly name: string;
  readonly max: number;
  readonly windowMs: number;
}

export interface RateState {
  readonly limit: number;
  readonly remaining: number;
  /** Wall clock in epoch milliseconds. */
  readonly resetAtMs: number;
  readonly allowed: boolean;
}

interface Window {
  readonly endsAtMs: number;
  count: number;
}

const KEYS_MAX = 20_000;

export class RateLimiter {
  private readonly windows = new Map<string, Map<string, Window>>();

  /** With `peek` nothing is counted and nothing refused: the answer only shows where the key stands. */
  take(rule: RateRule, key: string, now: number, peek = false): RateState {
    const windows = this.windowsOf(rule.name);
    let window = windows.get(key);
    if (!window || window.endsAtMs <= now) {
      window = { endsAtMs: now + rule.windowMs, count: 0 };
      if (!peek) {
        // Deleted first, so that the map stays ordered by the age of its windows.
        windows.delete(key);
        if (windows.size >= KEYS_MAX) windows.delete(windows.keys().next().value!);
        windows.set(key, window);
      }
    }
    const allowed = peek || window.count < rule.max;
    if (!peek && allowed) window.count += 1;
    return { limit: rule.max, remaining: rule.max - window.count, resetAtMs: window.endsAtMs, allowed };
  }

  private windowsOf(name: string): Map<string, Window> {
    const known = this.windows.get(name);
    if (known) return known;
    const made = new Map<string, Window>();
    this.windows.set(name, made);
    return made;
  }
}

export const rateHeaders = ({ limit, remaining, resetAtMs }: RateState): Record<string, string> => ({
  'X-RateLimit-Limit': String(limit),
  'X-RateLimit-Remaining': String(remaining),
  'X-RateLimit-Reset': String(Math.ceil(resetAtMs / 1_000)),
});

export function rateProblem(state: RateState, now: number): Problem {
  const retryAfterS = Math.max(1, Math.ceil((state.resetAtMs - now) / 1_000));
  return new Problem('rate-limited', 'Too many requests, please try again later', {
    details: {
      limit: state.limit,
      remaining: state.remaining,
      resetAt: iso(state.resetAtMs),
      retryAfter: retryAfterS,
    },
    headers: { 'Retry-After': String(retryAfterS) },
  });
}
