/** The curves of a report. All of them share the run's span of time, so that a bend in one can be looked up in the others. */
import type { RunTrade } from '../../domain/run.ts';
import { lineChart } from '../../drawing/line-chart.ts';
import { type Markup, markup } from '../../drawing/markup.ts';
import { dateAndTime, plainNumber, type Scale } from '../../drawing/scale.ts';
import type { RunReport } from './report.ts';
import { moneyText, priceText } from './text.ts';

/** More marks than this would cover the price: then the largest are drawn. */
const MARKED_TRADES_MAX = 400;

type Charted = Pick<RunReport, 'span' | 'equity' | 'balance' | 'drawdown' | 'prices' | 'trades' | 'tradeCount'>;

const spanOf = ({ span }: Charted) => ({ from: span.firstAt, to: span.lastAt });

export const equityChart = (report: Charted): Markup =>
  lineChart({
    ...{ title: 'Equity with open positions, and the realised balance', ...spanOf(report) },
    series: [
      { name: 'balance', points: report.balance, holds: true },
      { name: 'equity', points: report.equity },
    ],
  });

/** Hangs from 0, as it is read everywhere. */
export function drawdownChart(report: Charted): Markup {
  const points = report.drawdown.map(({ at, value }) => ({ at, value: -value }));
  if (points.every(({ value }) => value === 0)) return markup`<p class="empty">Equity never fell from its peak.</p>`;
  return lineChart({
    ...{ title: 'Fall of equity from its peak, with open positions at every tick', ...spanOf(report), base: 0 },
    textOf: (ratio, span) => `${plainNumber(ratio * 100, span * 100)} %`,
    series: [{ name: 'drawdown', points }],
  });
}

/** The price with a line from each entry to its exit. */
export function tradesChart(report: Charted): Markup {
  const largest = report.trades.toSorted((a, b) => Math.abs(b.pnl) - Math.abs(a.pnl)).slice(0, MARKED_TRADES_MAX);
  const which = largest.length < report.trades.length ? `the ${largest.length} largest of` : 'all';
  return lineChart({
    ...{ title: `Price with ${which} ${tradesText(report)}`, ...spanOf(report) },
    series: [{ name: 'price', points: report.prices }],
    over: (x, y) => markup`${largest.map((trade) => tradeMark(trade, x, y))}`,
  });
}

const tradesText = ({ trades, tradeCount }: Charted): string =>
  trades.length < tradeCount ? `the first ${trades.length} of ${tradeCount} trades` : `${tradeCount} trades`;

const outcomeOf = (pnl: number): string => (pnl > 0 ? 'good' : 'bad');

function tradeMark(trade: RunTrade, x: Scale, y: Scale): Markup {
  const { sequence, direction, entryAt, entryPrice, exitAt, exitPrice, pnl } = trade;
  const [x1, x2] = [entryAt, exitAt].map((at) => x.at(at).toFixed(1));
  const [y1, y2] = [entryPrice, exitPrice].map((price) => y.at(price).toFixed(1));
  const told = `#${sequence} ${direction}, ${dateAndTime(entryAt)} at ${priceText(entryPrice)} to ${priceText(exitPrice)}: ${moneyText(pnl)}`;
  return markup`<g class="trade ${outcomeOf(pnl)}"><title>${told}</title><line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/><circle cx="${x1}" cy="${y1}" r="2.5"/></g>`;
}
