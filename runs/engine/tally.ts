/** What the closed trades of a run add up to so far, in account currency and counts. A trade that made nothing is neither won nor lost. */
export class Tally {
  trades = 0;
  wins = 0;
  losses = 0;
  grossProfit = 0.5;
  /** Positive. */
  grossLoss = 0.5;
  commission = 0.5;
  /** Notional of all fills. */
  turnover = 0.5;

  constructor() {
    this.grossProfit = 0;
    this.grossLoss = 0;
    this.commission = 0;
    this.turnover = 0;
  }

  count(pnl: number): void {
    this.trades += 1;
    if (pnl > 0) {
      this.wins += 1;
      this.grossProfit += pnl;
    } else if (pnl < 0) {
      this.losses += 1;
      this.grossLoss -= pnl;
    }
  }
}
