/** The promises of the checkers as a scenario names them: `exposure-within-limits` for `I7 exposure within limits`. */
import { CHECKERS } from '../checkers/all.ts';

/** Without its number, in lower case, with dashes. */
export const promiseOf = (checker: string): string =>
  checker
    .replace(/^[A-Z]+\d+\w* /, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');

export const brokenPromises = (): string[] => [...new Set(CHECKERS.map((make) => promiseOf(make().name)))];
