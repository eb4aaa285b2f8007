/** The report as one page that needs nothing else: no network, no file beside it. It says on top that nothing of it was traded. */
import type { RunTrade } from '../../domain/run.ts';
import { type Markup, markup } from '../../drawing/markup.ts';
import { page } from '../../drawing/page.ts';
import { dateAndTime, duration } from '../../drawing/scale.ts';
import type { FigureFamily } from '../figures/all.ts';
import type { MonthReturn } from '../figures/monthly.ts';
import { drawdownChart, equityChart, tradesChart } from './charts.ts';
import { SCRIPT, STYLE } from './look.ts';
import type { RunReport } from './report.ts';
import { costsText, figureLabel, figureText, moneyText, pairsText, percentText, priceText } from './text.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export function renderReport(report: RunReport): string {
  const body = markup`${header(report)}
<h2>Equity</h2>${equityChart(report)}
<h2>Drawdown</h2>${drawdownChart(report)}
<h2>Trades on price</h2>${tradesChart(report)}
<h2>Figures</h2><div class="figures">${report.families.map(familyTable)}</div>
<h2>Months</h2>${monthTable(report.months)}
<h2>Trades</h2>${tradeTable(report)}`;
  return page({ title: `${report.name} – simulated backtest`, body, style: STYLE, script: SCRIPT });
}

function header({ name, strategy, symbol, span, processed, simulatedMarket, parameters, costs }: RunReport): Markup {
  const market = simulatedMarket ? 'on an invented market' : 'on recorded market data';
  const rows = processed.toLocaleString('en-US');
  return markup`<p class="banner">SIMULATED: a backtest ${market}. Nothing of this was traded.</p>
<h1>${name}</h1>
<p class="note">${strategy} on ${symbol}, ${dateAndTime(span.firstAt)} to ${dateAndTime(span.lastAt)} UTC, ${rows} rows.<br>
Parameters: ${pairsText(parameters) || 'defaults'}.<br>
Costs: ${costsText(costs)}.</p>`;
}

function familyTable({ family, figures }: FigureFamily): Markup {
  const rows = figures.map(
    (figure) =>
      markup`<tr><th scope="row">${figureLabel(figure.name)}</th><td class="number${figure.value === null ? ' na' : ''}">${figureText(figure)}</td></tr>`,
  );
  return markup`<table><caption>${family}</caption><tbody>${rows}</tbody></table>`;
}

function monthTable(months: readonly MonthReturn[]): Markup {
  if (months.length === 0) return markup`<p class="empty">No month has data.</p>`;
  const years = [...new Set(months.map(({ year }) => year))];
  const rows = years.map((year) => {
    const ofYear = months.filter((month) => month.year === year);
    const cells = MONTHS.map((_, index) => percentCell(ofYear.find(({ month }) => month === index + 1)?.returnRatio));
    const whole = ofYear.reduce((product, { returnRatio }) => product * (1 + returnRatio), 1) - 1;
    return markup`<tr><th scope="row">${year}</th>${cells}${percentCell(whole)}</tr>`;
  });
  const heads = [...MONTHS, 'Whole'].map((head) => markup`<th class="number" scope="col">${head}</th>`);
  return markup`<div class="wide"><table><caption>Returns by UTC month</caption><thead><tr><th scope="col">Year</th>${heads}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

const percentCell = (ratio: number | undefined): Markup =>
  ratio === undefined
    ? markup`<td></td>`
    : markup`<td class="number ${ratio < 0 ? 'bad' : 'good'}">${percentText(ratio)}</td>`;

interface Column {
  readonly head: string;
  readonly text: (trade: RunTrade) => string;
  /** What a column sorts by, where that is not its text. */
  readonly value?: (trade: RunTrade) => number;
  readonly isText?: boolean;
}

const TRADE_COLUMNS: readonly Column[] = [
  { head: '#', text: ({ sequence }) => String(sequence) },
  { head: 'Side', text: ({ direction }) => direction, isText: true },
  { head: 'Layer', text: ({ layer }) => String(layer) },
  { head: 'Units', text: ({ units }) => String(units) },
  { head: 'Entry', text: ({ entryPrice }) => priceText(entryPrice) },
  { head: 'At', text: ({ entryAt }) => dateAndTime(entryAt), value: ({ entryAt }) => entryAt },
  { head: 'Exit', text: ({ exitPrice }) => priceText(exitPrice) },
  { head: 'At', text: ({ exitAt }) => dateAndTime(exitAt), value: ({ exitAt }) => exitAt },
  {
    head: 'Held',
    text: ({ entryAt, exitAt }) => duration(exitAt - entryAt),
    value: ({ entryAt, exitAt }) => exitAt - entryAt,
  },
  { head: 'Points', text: ({ points }) => priceText(points) },
  { head: 'P/L', text: ({ pnl }) => moneyText(pnl), value: ({ pnl }) => pnl },
  { head: 'Why', text: ({ reason }) => reason, isText: true },
];

function tradeTable({ trades, tradeCount }: RunReport): Markup {
  if (tradeCount === 0) return markup`<p class="empty">No trade was closed.</p>`;
  const heads = TRADE_COLUMNS.map(
    ({ head, isText }) => markup`<th${isText !== true && markup` class="number"`} scope="col">${head}</th>`,
  );
  const caption =
    trades.length < tradeCount ? `The first ${trades.length} of ${tradeCount} trades` : `${tradeCount} trades`;
  return markup`<div class="wide"><table class="sortable"><caption>${caption}; times are UTC</caption><thead><tr>${heads}</tr></thead><tbody>${trades.map(tradeRow)}</tbody></table></div>`;
}

const tradeRow = (trade: RunTrade): Markup =>
  markup`<tr>${TRADE_COLUMNS.map(({ text, value, isText, head }) => {
    const tone = head === 'P/L' ? (trade.pnl > 0 ? ' good' : ' bad') : '';
    const kind = isText !== true && markup` class="number${tone}"`;
    return markup`<td${kind}${value && markup` data-value="${value(trade)}"`}>${text(trade)}</td>`;
  })}</tr>`;
