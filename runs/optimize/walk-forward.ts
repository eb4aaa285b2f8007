/**
 * Walk-forward: choose on one stretch of rows, prove on the next, move on. Invariant: no row that chooses parameters also judges them,
 * and every judged row is judged once.
 */
import type { RunTrade } from '../../domain/run.ts';
import type { ParameterSet } from './grid.ts';

/** Rows from `from` up to `to`. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface Fold {
  readonly train: Stretch;
  readonly test: Stretch;
}

export interface Walk {
  readonly trainRows: number;
  readonly testRows: number;
  /** `anchored`: training always begins at the first row; `rolling`: it keeps its length. */
  readonly kind: 'anchored' | 'rolling';
}

/** A last test may be shorter than the others; without room for a first one there is no fold. */
export function foldsOf(rows: number, { trainRows, testRows, kind }: Walk): readonly Fold[] {
  if (!(Number.isInteger(trainRows) && Number.isInteger(testRows) && trainRows > 0 && testRows > 0))
    throw new RangeError(`training and test need rows, not ${trainRows} and ${testRows}`);
  const folds: Fold[] = [];
  for (let to = trainRows; to < rows; to += testRows) {
    const train = { from: kind === 'anchored' ? 0 : to - trainRows, to };
    folds.push({ train, test: { from: to, to: Math.min(to + testRows, rows) } });
  }
  return folds;
}

/** What a fold has come to: the parameters chosen, what they were worth where they were chosen, and their trades where they were judged. */
export interface Judged {
  readonly parameters: ParameterSet;
  readonly trainPnl: number;
  readonly testPnl: number;
  readonly trades: readonly RunTrade[];
}

export interface WalkResult {
  /** Of all tests, one after the other, numbered anew. */
  readonly trades: readonly RunTrade[];
  readonly testPnl: number;
  /** Test profit over training profit, a row each; 1 keeps what training promised. Null where training earned nothing. */
  readonly efficiency: number | null;
  /** How many tests ended with a profit, as a fraction. */
  readonly foldsWonRatio: number | null;
}

/** Folds and what became of each, in the same order. Efficiency after Pardo, The Evaluation and Optimization of Trading Strategies, 2008. */
export function joinFolds(folds: readonly Fold[], judged: readonly Judged[]): WalkResult {
  if (folds.length !== judged.length) throw new RangeError(`${judged.length} results of ${folds.length} folds`);
  const trades = judged.flatMap((fold) => fold.trades).map((trade, index) => ({ ...trade, sequence: index + 1 }));
  const testPnl = judged.reduce((sum, fold) => sum + fold.testPnl, 0);
  const trainPnl = judged.reduce((sum, fold) => sum + fold.trainPnl, 0);
  const rowsOf = (stretch: 'train' | 'test') =>
    folds.reduce((sum, fold) => sum + fold[stretch].to - fold[stretch].from, 0);
  return {
    trades,
    testPnl,
    efficiency: trainPnl > 0 ? testPnl / rowsOf('test') / (trainPnl / rowsOf('train')) : null,
    foldsWonRatio: judged.length > 0 ? judged.filter((fold) => fold.testPnl > 0).length / judged.length : null,
  };
}
