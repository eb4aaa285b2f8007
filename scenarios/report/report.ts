/** A run of a scenario as one self-contained page: what happened, to whom, in which order, and why each order ended as it did. */
import { lineChart, type Moment, type Series } from '../../drawing/line-chart.ts';
import { type Markup, markup } from '../../drawing/markup.ts';
import { page } from '../../drawing/page.ts';
import type { Recording } from '../recording.ts';
import { stateCharts } from './charts/charts.ts';
import { journeysOf } from './journeys.ts';
import { SCRIPT, STYLE } from './look.ts';
import { orders } from './orders.ts';
import { summary } from './summary.ts';
import { timeline } from './timeline.ts';

/** The whole page as HTML text; a function of the recording alone. */
export function renderReport(recording: Recording): string {
  const journeys = journeysOf(recording.records);
  return page({
    title: `${recording.name}, seed ${recording.result.seed} (simulated)`,
    style: STYLE,
    script: SCRIPT,
    body: markup`${summary(recording)}
<h2>Timeline</h2>${timeline(recording)}
<h2>Price</h2>${prices(recording)}
<h2>Equity</h2>${equity(recording)}
<h2>Orders</h2>${orders(journeys, recording.startAt, namesOf(recording))}
<h2>State charts</h2><p class="note">Open an order above to see its way alone.</p>${stateCharts(recording.records, journeys)}
${recording.text !== undefined && markup`<h2>The scenario</h2><pre class="code">${recording.text}</pre>`}`,
  });
}

const namesOf = ({ traders }: Recording): ReadonlyMap<string, string> =>
  new Map(traders.map(({ traderId, name }) => [traderId, name || traderId]));

const spanOf = ({ startAt, result }: Recording) => ({ from: startAt, to: startAt + result.virtualMs });

/** A chart an instrument: prices of different instruments share no axis. */
function prices(recording: Recording): Markup {
  const { quotes, startAt } = recording;
  if (quotes.length === 0) return markup`<p class="empty">No quote was recorded.</p>`;
  return markup`${quotes.map(({ symbol, points }) =>
    lineChart({
      title: symbol,
      series: [
        { name: 'ask', points: points.map(({ atMs, ask }) => ({ at: startAt + atMs, value: ask })) },
        { name: 'bid', points: points.map(({ atMs, bid }) => ({ at: startAt + atMs, value: bid })) },
      ],
      moments: momentsOf(recording),
      ...spanOf(recording),
    }),
  )}`;
}

/**
 * A line an account: of a trader, of the file, of the development profile. Those that began with the same share a chart, so that no large
 * account makes what a small one gains a flat line; those of one name are told apart by their ids.
 */
function equity(recording: Recording): Markup {
  const { startAt } = recording;
  if (recording.equity.length === 0) return markup`<p class="empty">No account was opened.</p>`;
  const names = recording.equity.map(({ name }) => name);
  const isShared = (name: string): boolean => names.indexOf(name) !== names.lastIndexOf(name);
  const charts = new Map<number, Series[]>();
  for (const { accountId, name, points } of recording.equity) {
    const began = Math.round(points[0]?.equity ?? 0);
    const series = charts.get(began) ?? [];
    series.push({
      name: isShared(name) ? `${name} (${accountId})` : name,
      points: points.map(({ atMs, equity: value }) => ({ at: startAt + atMs, value })),
    });
    charts.set(began, series);
  }
  return markup`${[...charts].map(([began, series]) =>
    lineChart({
      title: charts.size === 1 ? 'Equity by account' : `Equity by account, from ${began}`,
      series,
      moments: momentsOf(recording),
      ...spanOf(recording),
    }),
  )}`;
}

/** What bends a line: crashes and what the script did to the world; halts are on record. */
function momentsOf({ lives, records, startAt }: Recording): Moment[] {
  const world = lives
    .filter(({ what }) => !what.startsWith('step '))
    .map(({ atMs, what }) => ({ at: startAt + atMs, what, kind: what === 'crash' ? 'bad' : '' }));
  const halts = records
    .filter(({ type }) => type === 'trading.halted' || type === 'trading.resumed')
    .map(({ atMs, type }) => ({ at: startAt + atMs, what: type, kind: 'bad' }));
  return [...world, ...halts];
}
