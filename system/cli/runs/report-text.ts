/** A report for a terminal: what it is of, its figures, its first trades. It says first that nothing of it was traded. */
import { dateAndTime, duration } from '../../../drawing/scale.ts';
import type { RunReport } from '../../../runs/report/report.ts';
import {
  costsText,
  figureLabel,
  figureText,
  moneyText,
  pairsText,
  percentText,
  priceText,
} from '../../../runs/report/text.ts';
import { right, table } from '../table.ts';

export interface ReportShown {
  /** How many trades are listed. */
  readonly trades: number;
  /** Every family of figures, not only the main ones. */
  readonly all: boolean;
}

const MAIN_FAMILIES = ['Result', 'Trades'];

export function reportText(report: RunReport, { trades, all }: ReportShown): string {
  const { strategy, symbol, span, processed, parameters, costs, families, months, simulatedMarket } = report;
  const market = simulatedMarket ? 'an invented market' : 'recorded market data';
  const rows = processed.toLocaleString('en-US');
  const shown = families.filter(({ family }) => all || MAIN_FAMILIES.includes(family));
  return [
    `SIMULATED: a backtest on ${market}. Nothing of this was traded.`,
    `${strategy} on ${symbol}, ${dateAndTime(span.firstAt)} to ${dateAndTime(span.lastAt)} UTC, ${rows} rows`,
    `parameters: ${pairsText(parameters)}`,
    `costs: ${costsText(costs)}`,
    ...shown.flatMap(({ family, figures }) => [
      '',
      table(
        [family, ''],
        figures.map((figure) => [`  ${figureLabel(figure.name)}`, figureText(figure)]),
      ),
    ]),
    ...(all ? ['', monthsText(months)] : []),
    ...(trades > 0 ? ['', tradesText(report, trades)] : []),
  ].join('\n');
}

const monthsText = (months: RunReport['months']): string =>
  table(
    ['Month', 'Return'],
    months.map(({ year, month, returnRatio }) => [
      `  ${year}-${String(month).padStart(2, '0')}`,
      percentText(returnRatio),
    ]),
  );

export type TradeShown = Pick<
  RunReport['trades'][number],
  | 'sequence'
  | 'direction'
  | 'layer'
  | 'units'
  | 'entryAt'
  | 'entryPrice'
  | 'exitAt'
  | 'exitPrice'
  | 'points'
  | 'pnl'
  | 'reason'
>;

export const tradesTable = (trades: readonly TradeShown[]): string =>
  table(
    ['#', 'side', 'layer', 'units', 'entry (UTC)', 'at', 'exit (UTC)', 'at', 'held', 'points', 'P/L', 'why'],
    trades.map((trade) => [
      ...[trade.sequence, trade.direction, trade.layer, trade.units],
      ...[dateAndTime(trade.entryAt), right(priceText(trade.entryPrice)), dateAndTime(trade.exitAt)],
      ...[right(priceText(trade.exitPrice)), duration(trade.exitAt - trade.entryAt), right(priceText(trade.points))],
      ...[right(moneyText(trade.pnl)), trade.reason],
    ]),
  );

function tradesText({ trades, tradeCount }: RunReport, count: number): string {
  const listed = trades.slice(0, count);
  const rest = tradeCount - listed.length;
  return [tradesTable(listed), ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n');
}
