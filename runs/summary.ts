/**
 * What a run has come to so far: the numbers of a checkpoint, cheap enough to be taken every second, and what all figures are made of.
 * Ratios as fractions, money in account currency; what the sample is too small for is null.
 */
import type { RunSummary, RunTrade } from '../domain/run.ts';
import { asMoney } from './engine/money.ts';
import type { Run } from './engine/run.ts';
import type { Measured } from './figures/all.ts';
import { isEquityGone, returnsOf, sharpeOf } from './figures/returns.ts';
import { RETURNS_MIN } from './figures/sample.ts';

type Summed = Pick<Run, 'startBalance' | 'processed' | 'equity' | 'isFinished' | 'book'>;

export function summaryOf(run: Summed): RunSummary {
  const { startBalance, processed, equity } = run;
  const { tally, holdings } = run.book;
  const { trades, wins, losses } = tally;
  const [grossProfit, grossLoss] = [asMoney(tally.grossProfit), asMoney(tally.grossLoss)];
  const totalPnl = asMoney(equity - startBalance);
  const daily = [startBalance, ...holdings.days.map((day) => day.equity)];
  if (!run.isFinished) daily.push(equity);
  const returns = returnsOf(daily);
  const saysSharpe = returns.length >= RETURNS_MIN.ratio && !isEquityGone(daily);
  return {
    processed,
    totalReturnRatio: totalPnl / startBalance,
    totalPnl,
    realizedPnl: asMoney(holdings.balance - startBalance),
    unrealizedPnl: asMoney(equity - holdings.balance),
    trades,
    wins,
    losses,
    winRatio: trades > 0 ? wins / trades : null,
    drawdownRatioMax: holdings.drawdownRatioMax,
    sharpe: (saysSharpe ? sharpeOf(returns) : undefined) ?? null,
    profitFactor: losses > 0 ? grossProfit / grossLoss : null,
    averageWin: wins > 0 ? grossProfit / wins : null,
    averageLoss: losses > 0 ? grossLoss / losses : null,
  };
}

/** A finished run and all its trades, for the figures. `market`: its contract's multiplier, and what it traded a day where that was counted. */
export function measuredOf(
  run: Run,
  trades: readonly RunTrade[],
  { multiplier, volumes }: Pick<Measured, 'multiplier' | 'volumes'>,
): Measured {
  const { holdings, tally } = run.book;
  const span = run.span;
  return {
    startBalance: run.startBalance,
    finalBalance: holdings.balance,
    spanMs: span === undefined ? 0 : span.lastAt - span.firstAt,
    drawdownMax: holdings.drawdownMax,
    drawdownRatioMax: holdings.drawdownRatioMax,
    underwaterMsMax: holdings.underwaterMsMax,
    days: holdings.days,
    trades,
    exposedMs: holdings.exposedMs,
    commission: tally.commission,
    turnover: tally.turnover,
    multiplier,
    volumes,
  };
}

/** Orca's result of `max`, in points × units: `maxDrawdown` is the lowest realised profit below its running peak from 0, so ≤ 0. */
export interface PointsResult {
  readonly totalTrades: number;
  readonly winningTrades: number;
  readonly losingTrades: number;
  readonly winRatio: number;
  readonly totalProfit: number;
  readonly maxDrawdown: number;
}

export function pointsResultOf(trades: Iterable<Pick<RunTrade, 'points' | 'units'>>): PointsResult {
  let [totalTrades, winningTrades, losingTrades, totalProfit, peak, maxDrawdown] = [0, 0, 0, 0, 0, 0];
  for (const { points, units } of trades) {
    const profit = points * units;
    totalTrades += 1;
    if (profit > 0) winningTrades += 1;
    else if (profit < 0) losingTrades += 1;
    totalProfit += profit;
    peak = Math.max(peak, totalProfit);
    maxDrawdown = Math.min(maxDrawdown, totalProfit - peak);
  }
  const winRatio = totalTrades > 0 ? winningTrades / totalTrades : 0;
  return { totalTrades, winningTrades, losingTrades, winRatio, totalProfit, maxDrawdown };
}
