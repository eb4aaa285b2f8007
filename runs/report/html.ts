/** The report as one page that needs nothing else: no network, no file beside it. It says on top that nothing of it was traded. */
import type { RunTrade } from '../../domain/run.ts';
import type { FigureFamily } from '../figures/all.ts';
import type { MonthReturn } from '../figures/monthly.ts';
import { curveChart, tradesChart } from './charts.ts';
import type { RunReport } from './report.ts';
import { SCRIPT, STYLE } from './style.ts';
import {
  durationText,
  escapeHtml,
  figureLabel,
  figureText,
  moneyText,
  percentText,
  priceText,
  timeText,
} from './text.ts';

const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export function renderReport(report: RunReport): string {
  const title = escapeHtml(`${report.name} – backtest`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
${header(report)}
<h2>Equity</h2>${curveChart('Realised balance', report.equity, moneyText)}
<h2>Drawdown</h2>${curveChart('Fall of the balance from its peak', report.drawdown, percentText, { floor: 0, area: true })}
<h2>Trades on price</h2>${tradesChart(report.prices, report.trades)}
<h2>Figures</h2><div class="figures">${report.families.map(familyTable).join('')}</div>
<h2>Months</h2>${monthTable(report.months)}
<h2>Trades</h2>${tradeTable(report)}
<script>${SCRIPT}</script>
</body>
</html>
`;
}

function header({ name, strategy, symbol, span, processed, simulatedMarket, parameters, costs }: RunReport): string {
  const market = simulatedMarket ? 'on an invented market' : 'on recorded market data';
  const told = (values: Readonly<Record<string, unknown>> | object): string =>
    Object.entries(values)
      .map(([key, value]) => `${key} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
      .join(', ');
  return `<p class="banner">SIMULATED: a backtest ${market}. Nothing of this was traded.</p>
<h1>${escapeHtml(name)}</h1>
<p class="about">${escapeHtml(strategy)} on ${escapeHtml(symbol)}, ${timeText(span.firstAt)} to ${timeText(span.lastAt)} UTC, ${processed.toLocaleString('en-US')} rows.<br>
Parameters: ${escapeHtml(told(parameters) || 'defaults')}.<br>
Costs: ${escapeHtml(told(costs))}.</p>`;
}

function familyTable({ family, figures }: FigureFamily): string {
  const rows = figures.map((figure) => {
    const shown = `<td${figure.value === null ? ' class="na"' : ''}>${escapeHtml(figureText(figure))}</td>`;
    return `<tr><th scope="row">${escapeHtml(figureLabel(figure.name))}</th>${shown}</tr>`;
  });
  return `<table><caption>${escapeHtml(family)}</caption><tbody>${rows.join('')}</tbody></table>`;
}

function monthTable(months: readonly MonthReturn[]): string {
  if (months.length === 0) return '<p class="empty">No month has data.</p>';
  const years = [...new Set(months.map(({ year }) => year))];
  const rows = years.map((year) => {
    const ofYear = months.filter((month) => month.year === year);
    const cells = MONTHS.map((_, index) => percentCell(ofYear.find(({ month }) => month === index + 1)?.returnRatio));
    const whole = ofYear.reduce((product, { returnRatio }) => product * (1 + returnRatio), 1) - 1;
    return `<tr><th scope="row">${year}</th>${cells.join('')}${percentCell(whole)}</tr>`;
  });
  const heads = ['Year', ...MONTHS, 'Whole'].map((head) => `<th scope="col">${head}</th>`).join('');
  return `<div class="wide"><table><caption>Returns by UTC month</caption><thead><tr>${heads}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

const percentCell = (ratio: number | undefined): string =>
  ratio === undefined ? '<td></td>' : `<td class="${ratio < 0 ? 'lost' : 'won'}">${percentText(ratio)}</td>`;

const TRADE_COLUMNS = ['#', 'Side', 'Layer', 'Units', 'Entry', 'At', 'Exit', 'At', 'Held', 'Points', 'P/L', 'Why'];

function tradeTable({ trades, tradeCount }: RunReport): string {
  if (tradeCount === 0) return '<p class="empty">No trade was closed.</p>';
  const heads = TRADE_COLUMNS.map((head) => `<th scope="col">${head}</th>`).join('');
  const caption =
    trades.length < tradeCount ? `The first ${trades.length} of ${tradeCount} trades` : `${tradeCount} trades`;
  return `<div class="wide"><table class="sortable"><caption>${caption}; times are UTC</caption><thead><tr>${heads}</tr></thead><tbody>${trades.map(tradeRow).join('')}</tbody></table></div>`;
}

function tradeRow(trade: RunTrade): string {
  const { sequence, direction, layer, units, entryPrice, entryAt, exitPrice, exitAt, points, pnl, reason } = trade;
  const cell = (text: string, value?: number) =>
    `<td${value === undefined ? '' : ` data-value="${value}"`}>${text}</td>`;
  return `<tr>${[
    cell(String(sequence)),
    cell(direction),
    cell(String(layer)),
    cell(String(units)),
    cell(priceText(entryPrice)),
    cell(timeText(entryAt), entryAt),
    cell(priceText(exitPrice)),
    cell(timeText(exitAt), exitAt),
    cell(durationText(exitAt - entryAt), exitAt - entryAt),
    cell(priceText(points)),
    `<td class="${pnl > 0 ? 'won' : 'lost'}" data-value="${pnl}">${moneyText(pnl)}</td>`,
    cell(reason),
  ].join('')}</tr>`;
}
