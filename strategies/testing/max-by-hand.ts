/** `max` once more, written straight from its rules as one loop over prices: what the strategy is held against, and raced against. */

export interface HandTrade {
  readonly side: 1 | -1;
  readonly entryRow: number;
  readonly entry: number;
  readonly exitRow: number;
  readonly exit: number;
}

export interface HandParameters {
  readonly impulse: number;
  readonly pullback: number;
  readonly confirmation: number;
  readonly entriesPerImpulse: number;
  readonly target: number;
  readonly stop: number;
}

/** Both sides, the short one over negated prices; an open position closes at the last price. */
export function maxByHand(prices: Float64Array, parameters: HandParameters): HandTrade[] {
  const { impulse, pullback, confirmation, entriesPerImpulse, target, stop } = parameters;
  const trades: HandTrade[] = [];
  // One by one: taken out of one array the counts would be doubles, and the loop half as fast.
  let longPhase = 0;
  let longLow = 1e300;
  let longHigh = 0.5;
  let longTrough = 0.5;
  let longEntries = 0;
  let shortPhase = 0;
  let shortLow = 1e300;
  let shortHigh = 0.5;
  let shortTrough = 0.5;
  let shortEntries = 0;
  let side: 1 | -1 | 0 = 0;
  let entry = 0.5;
  let entryRow = 0;
  for (let row = 0; row < prices.length; row += 1) {
    const price = prices[row]!;
    const mirrored = -price;
    let closed = false;
    let longSignal = false;
    let shortSignal = false;
    if (side !== 0) {
      const move = (price - entry) * side;
      if (move <= -stop) {
        trades.push({ side, entryRow, entry, exitRow: row, exit: price });
        side = 0;
        closed = true;
      } else if (move >= target) {
        trades.push({ side, entryRow, entry, exitRow: row, exit: entry + side * target });
        side = 0;
        closed = true;
      }
    }
    if (longPhase === 0) {
      if (price < longLow) longLow = price;
      if (price - longLow >= impulse) {
        longPhase = 1;
        longHigh = price;
        longEntries = 0;
      }
    } else if (longPhase === 1) {
      if (price > longHigh) longHigh = price;
      if (longHigh - price >= pullback) {
        longPhase = 2;
        longTrough = price;
        if (price <= longLow) {
          longPhase = 0;
          longLow = price;
        }
      }
    } else if (price <= longLow) {
      longPhase = 0;
      longLow = price;
    } else {
      if (price < longTrough) longTrough = price;
      if (price - longTrough >= confirmation) {
        longSignal = true;
        longPhase = 1;
        if (price > longHigh) longHigh = price;
      }
    }
    if (shortPhase === 0) {
      if (mirrored < shortLow) shortLow = mirrored;
      if (mirrored - shortLow >= impulse) {
        shortPhase = 1;
        shortHigh = mirrored;
        shortEntries = 0;
      }
    } else if (shortPhase === 1) {
      if (mirrored > shortHigh) shortHigh = mirrored;
      if (shortHigh - mirrored >= pullback) {
        shortPhase = 2;
        shortTrough = mirrored;
        if (mirrored <= shortLow) {
          shortPhase = 0;
          shortLow = mirrored;
        }
      }
    } else if (mirrored <= shortLow) {
      shortPhase = 0;
      shortLow = mirrored;
    } else {
      if (mirrored < shortTrough) shortTrough = mirrored;
      if (mirrored - shortTrough >= confirmation) {
        shortSignal = true;
        shortPhase = 1;
        if (mirrored > shortHigh) shortHigh = mirrored;
      }
    }
    if (side === 0 && !closed) {
      if (longSignal) {
        side = 1;
        entry = price;
        entryRow = row;
        longEntries += 1;
        if (longEntries >= entriesPerImpulse) {
          longPhase = 0;
          longLow = price;
        }
      } else if (shortSignal) {
        side = -1;
        entry = price;
        entryRow = row;
        shortEntries += 1;
        if (shortEntries >= entriesPerImpulse) {
          shortPhase = 0;
          shortLow = mirrored;
        }
      }
    }
  }
  const last = prices.length - 1;
  if (side !== 0) trades.push({ side, entryRow, entry, exitRow: last, exit: prices[last]! });
  return trades;
}
