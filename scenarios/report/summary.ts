/** The head of a report: did it pass, how is it repeated, what was expected, and which promises were broken. */
import { type Markup, markup } from '../../drawing/markup.ts';
import { dateAndTime, duration } from '../../drawing/scale.ts';
import type { Recording, ScenarioResult } from '../recording.ts';

export function summary({ name, description, repeatWith, commit, startAt, result }: Recording): Markup {
  return markup`<h1>${name} <span class="${result.passed ? 'good' : 'bad'}">${result.passed ? 'passed' : 'failed'}</span></h1>
<p>${description}</p>
<p class="banner">Everything on this page is simulated: market, venue, people and faults.</p>
<table>
${line('World starts', `${dateAndTime(startAt)} UTC`)}
${line('Virtual time', `${duration(result.virtualMs)} in ${duration(Math.round(result.realMs))}`)}
${line('Seed', result.seed)}${line('Event log', result.hash)}
${commit !== undefined && line('Build', commit)}
${line('Happened', `${result.records} records, ${result.answers} answers, ${result.venueCalls} venue calls, the product started ${result.lives} times`)}
${line('Faults', countsOf(result.faults))}
${result.sometimes && line('Rare situations', countsOf(result.sometimes))}
${repeatWith !== undefined && line('Repeat with', repeatWith)}
</table>
${expectations(result)}${broken(result)}`;
}

const line = (what: string, value: string): Markup => markup`<tr><th>${what}</th><td class="code">${value}</td></tr>`;

function countsOf(counts: Readonly<Record<string, number>>): string {
  const happened = Object.entries(counts).filter(([, count]) => count > 0);
  return happened.map(([kind, count]) => `${kind} ${count}`).join(', ') || 'none';
}

function expectations({ expectations: all }: ScenarioResult): Markup {
  if (all.length === 0)
    return markup`<h2>Expectations</h2><p class="empty">The scenario expects nothing of its own.</p>`;
  return markup`<h2>Expectations</h2><table>${all.map(
    ({ what, held, why }) =>
      markup`<tr><td class="${held ? 'good' : 'bad'}">${held ? 'held' : 'broken'}</td><td>${what}</td><td class="note">${why}</td></tr>`,
  )}</table>`;
}

function broken({ findings, failures }: ScenarioResult): Markup {
  if (findings.length + failures.length === 0) return markup`<p class="good">Every checked promise was kept.</p>`;
  return markup`<h2>Broken promises</h2><ul>
${findings.map(({ checker, sequence, what }) => markup`<li class="bad">${checker}${sequence > 0 && ` at record ${sequence}`}: ${what}</li>`)}
${failures.map((failure) => markup`<li class="bad">${failure}</li>`)}</ul>`;
}
