/** What the report of a run says, as plain JSON: the same content as the page. Curves are thinned for the eye, figures are of all ticks. */
import type { EquityPoint, RunTrade } from '../../domain/run.ts';
import type { BarColumns, TickColumns } from '../../market/columns.ts';
import { priceOf } from '../../market/columns.ts';
import type { Costs } from '../engine/terms.ts';
import { type FigureFamily, figuresOf, type Measured } from '../figures/all.ts';
import { type MonthReturn, monthlyReturns } from '../figures/monthly.ts';
import { lttb } from '../lttb.ts';
import type { CurvePoint, EquityCurve } from './equity-curve.ts';

const CURVE_POINTS_MAX = 1_000;
/** More rows than anybody reads; all of them are in the run's own lists. */
export const REPORT_TRADES_MAX = 2_000;

export interface ReportOf {
  readonly name: string;
  readonly strategy: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly symbol: string;
  readonly costs: Costs;
  /** Rows of the series that were run over. */
  readonly processed: number;
  readonly span: { readonly firstAt: number; readonly lastAt: number };
  /** Invented market data; the trades are simulated in any case. */
  readonly simulatedMarket: boolean;
  readonly prices: readonly CurvePoint[];
}

export interface RunReport extends ReportOf {
  readonly kind: 'backtest';
  readonly families: readonly FigureFamily[];
  readonly months: readonly MonthReturn[];
  /** Balance and open profit, from the start balance to the final one: at the end of each of up to 2,000 stretches of rows. */
  readonly equity: readonly CurvePoint[];
  /** Fall of equity from its peak, as a fraction: the deepest of all ticks of each of these stretches. */
  readonly drawdown: readonly CurvePoint[];
  /** Realised, after each tick that closed something. */
  readonly balance: readonly CurvePoint[];
  readonly tradeCount: number;
  /** The first of them. */
  readonly trades: readonly RunTrade[];
}

export function reportOf(
  about: ReportOf,
  measured: Measured,
  { equity, falls }: Pick<EquityCurve, 'equity' | 'falls'>,
  balances: readonly EquityPoint[],
): RunReport {
  return {
    ...about,
    kind: 'backtest',
    prices: thinned(about.prices),
    families: figuresOf(measured),
    months: monthlyReturns(measured.startBalance, measured.days),
    equity,
    drawdown: falls,
    balance: thinned(balances.map(({ at, balance }) => ({ at, value: balance }))),
    tradeCount: measured.trades.length,
    trades: measured.trades.slice(0, REPORT_TRADES_MAX),
  };
}

const thinned = (points: readonly CurvePoint[]): readonly CurvePoint[] =>
  lttb(
    points,
    CURVE_POINTS_MAX,
    ({ at }) => at,
    ({ value }) => value,
  ).map((index) => points[index]!);

/** The outline of a series: lowest and highest price of so many equal stretches of rows, in the order in which they came. */
export function sketchOf(columns: TickColumns | BarColumns, stretches: number): readonly CurvePoint[] {
  const [times, prices] = 'atMs' in columns ? [columns.atMs, columns.price] : [columns.startMs, columns.close];
  const width = Math.max(1, Math.ceil(columns.length / stretches));
  const points: CurvePoint[] = [];
  for (let from = 0; from < columns.length; from += width) {
    const to = Math.min(from + width, columns.length);
    let [low, high] = [from, from];
    for (let row = from; row < to; row += 1) {
      if (prices[row]! < prices[low]!) low = row;
      if (prices[row]! > prices[high]!) high = row;
    }
    for (const row of low === high ? [low] : [Math.min(low, high), Math.max(low, high)])
      points.push({ at: times[row]!, value: priceOf(prices[row]!) });
  }
  return points;
}
