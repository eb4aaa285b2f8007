/** Every order's journey as a row that opens: what was asked, how it ended and why, and each step that is on record. */
import { type Markup, markup } from '../../drawing/markup.ts';
import { duration, timeOfDay } from '../../drawing/scale.ts';
import { orderPath, orderShape } from './charts/charts.ts';
import type { Journey } from './journeys.ts';

/** More than this nobody reads on one page; the journal has all of them. */
const SHOWN_MAX = 500;

/** `names`: what traders are called, by their ids. */
export function orders(journeys: readonly Journey[], startAt: number, names: ReadonlyMap<string, string>): Markup {
  if (journeys.length === 0) return markup`<p class="empty">Nobody placed an order.</p>`;
  const shape = orderShape();
  const left = journeys.length - SHOWN_MAX;
  return markup`<p>${endsOf(journeys)}</p>
<p><label>Show orders with <input id="filter" type="search" placeholder="symbol, trader, end, reason"></label></p>
${left > 0 && markup`<p class="note">The first ${SHOWN_MAX} of ${journeys.length} orders; ${left} are not shown.</p>`}
<div id="orders">${journeys.slice(0, SHOWN_MAX).map((journey) => row(journey, orderPath(shape, journey), startAt, names))}</div>`;
}

function endsOf(journeys: readonly Journey[]): string {
  const counts = new Map<string, number>();
  for (const { end } of journeys) counts.set(end, (counts.get(end) ?? 0) + 1);
  return [...counts].map(([end, count]) => `${count} ${end}`).join(', ');
}

function row(
  journey: Journey,
  path: ReturnType<typeof orderPath>,
  startAt: number,
  names: ReadonlyMap<string, string>,
): Markup {
  const { orderId, traderId, asked, startedAtMs, end, why, steps } = journey;
  const mood = end === 'filled' ? 'good' : end === 'open' ? '' : 'bad';
  return markup`<details class="order" data-states="${path.states.join(' ')}" data-edges="${path.edges.join(',')}">
<summary><span class="code">${timeOfDay(startAt + startedAtMs)}</span> ${asked} <span class="note" title="${traderId}">${names.get(traderId) ?? traderId}</span> <b class="${mood}">${end}</b> <span>${why}</span></summary>
<p class="code">${orderId} of ${traderId}: ${path.states.join(' → ')}</p>
<table><tr><th>after</th><th class="number">record</th><th>fact</th><th>what</th></tr>
${steps.map(({ atMs, sequence, type, what }) => markup`<tr><td>${duration(atMs - startedAtMs)}</td><td class="number">${sequence}</td><td class="code">${type}</td><td>${what}</td></tr>`)}
</table></details>`;
}
