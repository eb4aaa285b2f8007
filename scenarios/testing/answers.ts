/** Answers for tests of checkers: what somebody heard, and what a checker says to it. */
import type { CheckedAnswer, Checker } from '../checkers/checker.ts';

export const heard = (answer: Partial<CheckedAnswer>): CheckedAnswer => ({
  askedAt: 0,
  at: 0,
  method: 'POST',
  path: '/api/v1/agents/agent-1/trades',
  status: 201,
  body: '{}',
  durableSequence: 1_000,
  ...answer,
});

export function findingsAt(checker: Checker, answer: Partial<CheckedAnswer>): string[] {
  const found: string[] = [];
  checker.onAnswer?.(heard(answer), (what) => found.push(what));
  return found;
}
