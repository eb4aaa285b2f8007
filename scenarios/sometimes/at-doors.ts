/** Rare situations at other doors than the one for orders, and in a market that is moved: what drawn worlds do since their people know them. */
import type { RunChanged } from '../../messages/run.ts';
import { on, type Situation } from './situation.ts';
import type { Finished } from './timeline.ts';

const AUTHENTICATED = '"auth:ok"';

const answered = (name: string, method: string, path: RegExp, statuses: readonly number[]): Situation => ({
  name,
  count: ({ answers }) =>
    answers.filter((one) => one.method === method && statuses.includes(one.status) && path.test(one.path)).length,
});

/** How often somebody was let in at a socket again after he had been in before. */
function comingsBack({ messages }: Finished): number {
  const before = new Set<string>();
  return messages.filter(({ who, text }) => {
    if (!text.includes(AUTHENTICATED)) return false;
    const again = before.has(who);
    before.add(who);
    return again;
  }).length;
}

/** Lines of a run that were told to who had lost the line before. */
function linesAfterAGap({ messages }: Finished): number {
  const comings = new Map<string, number>();
  return messages.filter(({ who, text }) => {
    if (text.includes(AUTHENTICATED)) comings.set(who, (comings.get(who) ?? 0) + 1);
    return (comings.get(who) ?? 0) > 1 && text.includes('"source":"execution"');
  }).length;
}

const runIs = (status: RunChanged['status']): Situation => ({
  name: `run ${status}`,
  watch:
    () =>
    ({ record }) =>
      record.type === 'run.changed' && (record.message as Partial<RunChanged>).status === status,
});

export const AT_DOORS: readonly Situation[] = [
  { name: 'line lost and taken up again', count: comingsBack },
  { name: 'run followed over a lost line', count: linesAfterAGap },
  answered('records archived', 'POST', /journal\/archive$/, [200]),
  answered('journal proven', 'GET', /journal\/(verify|replay)$/, [200]),
  answered('upkeep while another is under way', 'GET', /journal\//, [409]),
  answered('limits changed by two at once', 'PUT', /house\/limits$/, [409]),
  answered('a token of his own', 'POST', /^\/oauth\/token$/, [200]),
  {
    name: "kept out of what is somebody else's",
    count: ({ answers }) =>
      answers.filter(({ who = '', status }) => who.startsWith('meddler ') && (status === 403 || status === 404)).length,
  },
  answered('nobody approves his own', 'POST', /oversight\/requests\/[^/]+\/approve$/, [403]),
  answered('nobody releases his own', 'DELETE', /emergency-stop\/[^/]+$/, [403]),
  { name: 'limits changed while orders are open', ...on('limits.changed', ({ orders }) => orders.open.size > 0) },
  { name: 'only reduction passes', ...on('trading.halted', ({ fact }) => fact.mode === 'reduce') },
  { name: 'account stopped', ...on('trading.halted', ({ fact }) => fact.scope === 'account') },
  runIs('paused'),
  runIs('stopped'),
];
