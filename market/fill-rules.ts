/**
 * When a simulated order fills and at which price: the paper venue asks with exact decimals, a backtest with float columns. Only the
 * sign of a difference counts, so that both hear the same answer. Invariant: no limit order fills at a worse price than its limit.
 */

/** The opposite price is the ask for who buys, the bid for who sells. */
export const limitIsMet = (buys: boolean, limitLessOpposite: number): boolean =>
  buys ? limitLessOpposite >= 0 : limitLessOpposite <= 0;

export const stopIsReached = (buys: boolean, oppositeLessStop: number): boolean =>
  buys ? oppositeLessStop >= 0 : oppositeLessStop <= 0;

/** Who arrives gets the market's price; who rested was there first and gets his own. */
export const limitFillsAt = <Price>(arrives: boolean, opposite: Price, limit: Price): Price =>
  arrives ? opposite : limit;

/** What a market order or a triggered stop pays: the opposite price moved against it, never below `least`. Any one unit of price. */
export const slippedFrom = (buys: boolean, opposite: number, slippage: number, least: number): number =>
  Math.max(least, buys ? opposite + slippage : opposite - slippage);
