/**
 * On which bars a strategy wants to be called, as plain data: the engine works it out of the closes (runs/engine/cross-watch.ts), so that
 * a strategy need not see many bars to be fast. A cue knows the bars that have closed and no others.
 */

/** Two simple averages of the closes, over so many bars each; `fast` is the smaller number. Told where their order turns. */
export interface AverageCross {
  readonly kind: 'averageCross';
  readonly fast: number;
  readonly slow: number;
}

/** One kind is one file of the engine. */
export type Cue = AverageCross;

/** What a cue tells of the bar that has just closed: 1 the fast average is above the slow one now, -1 below it; 0 nothing. */
export type Cued = 1 | 0 | -1;
