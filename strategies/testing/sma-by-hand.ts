/** `sma_cross` once more as one loop over columns: what the strategy is held against, and raced against. */

export interface CrossTrades {
  readonly entryRows: readonly number[];
  readonly exitRows: readonly number[];
  readonly points: readonly number[];
}

/** Signals on the close, fills at the next open; what is open at the end closes at the last open. */
export function smaByHand(open: Float64Array, close: Float64Array, fast = 10, slow = 30): CrossTrades {
  const entryRows: number[] = [];
  const exitRows: number[] = [];
  const points: number[] = [];
  let fastSum = 0;
  let slowSum = 0;
  let fastBefore = Number.NaN;
  let slowBefore = Number.NaN;
  let wanted = 0;
  let side = 0;
  let price = 0;
  let entryRow = 0;
  for (let row = 0; row < close.length; row += 1) {
    if (wanted !== 0) {
      const now = open[row]!;
      if (side !== 0) {
        entryRows.push(entryRow);
        exitRows.push(row);
        points.push((now - price) * side);
      }
      side = wanted;
      price = now;
      entryRow = row;
      wanted = 0;
    }
    const last = close[row]!;
    fastSum += last;
    slowSum += last;
    if (row >= fast) fastSum -= close[row - fast]!;
    if (row >= slow) slowSum -= close[row - slow]!;
    if (row < slow - 1) continue;
    const fastMean = fastSum / fast;
    const slowMean = slowSum / slow;
    if (fastBefore < slowBefore && fastMean > slowMean) wanted = 1;
    else if (fastBefore > slowBefore && fastMean < slowMean) wanted = -1;
    fastBefore = fastMean;
    slowBefore = slowMean;
  }
  if (side !== 0) {
    entryRows.push(entryRow);
    exitRows.push(close.length - 1);
    points.push((open[close.length - 1]! - price) * side);
  }
  return { entryRows, exitRows, points };
}
