/**
 * What everybody did over time: a lane for the world, the faults, the doors, the venue and each agent: what it recorded, and what it was
 * told. Moments that lie too close to tell apart share a mark, which says how many they are; nothing is left out silently.
 */
import { CHART, timeAxis } from '../../drawing/line-chart.ts';
import { type Markup, markup } from '../../drawing/markup.ts';
import { linear, timeOfDay } from '../../drawing/scale.ts';
import type { Recording } from '../recording.ts';

interface Mark {
  readonly atMs: number;
  readonly what: string;
  /** A class of the style sheet. */
  readonly kind: string;
  readonly sequence?: number;
}
interface Lane {
  readonly name: string;
  readonly marks: readonly Mark[];
}
interface Shared {
  readonly first: Mark;
  readonly whats: string[];
  count: number;
}

const LANE = 22;
const MARKS_MAX = 20_000;
const SLOTS_MAX = 2_400;
const WHATS_MAX = 8;
const LINKS_MAX = 400;

export function timeline(recording: Recording): Markup {
  const { startAt, result } = recording;
  const lanes = lanesOf(recording);
  const height = lanes.length * LANE + 24;
  const x = linear(startAt, startAt + result.virtualMs, 150, CHART.width - CHART.right);
  const slots = Math.min(SLOTS_MAX, Math.floor(MARKS_MAX / lanes.length));
  return markup`<figure class="timeline"><figcaption>A mark is a moment; hover to read it. Lines lead from a record to what it caused. ${talkNote(recording)}</figcaption>
<svg viewBox="0 0 ${CHART.width} ${height}" role="img" aria-label="timeline">${timeAxis(x, lanes.length * LANE)}
${links(recording, lanes, (atMs) => x.at(startAt + atMs))}
${lanes.map((lane, index) => drawLane(lane, index, slots, result.virtualMs, startAt))}</svg></figure>`;
}

function talkNote({ talk }: Recording): string {
  if (!talk) return 'Without what agents say to each other, which nobody kept.';
  const { messages, left } = talk;
  const more = left > 0 ? `, the first ${messages.length} of ${messages.length + left}` : '';
  return `Pale marks are commands, queries, replies and deadlines as they reach an agent${more}.`;
}

/** Of each agent; its records lie over what it was told. */
function agentLanes({ agents, records, talk }: Recording): Lane[] {
  const lanes = new Map<string, Mark[]>(agents.map((name) => [name, []]));
  const add = (name: string, mark: Mark): void => {
    const marks = lanes.get(name);
    if (marks) marks.push(mark);
    else lanes.set(name, [mark]);
  };
  for (const { atMs, type, source, target } of talk?.messages ?? []) {
    if (target === 'outside') add(source, { atMs, what: `${type} to outside`, kind: 'said' });
    else add(target, { atMs, what: `${type} from ${source}`, kind: 'said' });
  }
  for (const { source, atMs, type, sequence } of records)
    add(source, { atMs, what: `${sequence} ${type}`, kind: kindOf(type), sequence });
  return [...lanes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, marks]) => ({ name, marks }));
}

function lanesOf(recording: Recording): Lane[] {
  const { lives, faults, answers, venueCalls } = recording;
  return [
    { name: 'world', marks: lives.map(({ atMs, what }) => ({ atMs, what, kind: what === 'crash' ? 'bad' : 'world' })) },
    {
      name: 'faults',
      marks: faults.map(({ atMs, kind, count }) => ({
        atMs,
        what: count > 1 ? `${count} × ${kind}` : kind,
        kind: 'warn',
      })),
    },
    {
      name: 'requests',
      marks: answers.map(({ atMs, by, method, path, status }) => ({
        atMs,
        what: `${by}: ${method} ${path} → ${status ?? 'cut'}`,
        kind: status === undefined || status >= 500 ? 'bad' : status >= 400 ? 'warn' : 'good',
      })),
    },
    {
      name: 'venue',
      marks: venueCalls.map(({ atMs, call, orderId, told }) => ({
        atMs,
        what: `${call} ${orderId}: ${told}`,
        kind: 'venue',
      })),
    },
    ...agentLanes(recording),
  ];
}

function kindOf(type: string): string {
  if (/halted|failed|ended|parked|alert/.test(type)) return 'bad';
  if (/unresolved|held|denied|stale/.test(type)) return 'warn';
  return /filled|released|decided/.test(type) ? 'good' : 'fact';
}

function drawLane({ name, marks }: Lane, index: number, slots: number, virtualMs: number, startAt: number): Markup {
  const y = index * LANE;
  const shared = new Map<string, Shared>();
  for (const mark of marks) {
    const key = `${Math.floor((mark.atMs / Math.max(1, virtualMs)) * slots)} ${mark.kind}`;
    const at = shared.get(key) ?? { first: mark, whats: [], count: 0 };
    at.count += 1;
    if (at.whats.length < WHATS_MAX) at.whats.push(mark.what);
    shared.set(key, at);
  }
  return markup`<text x="0" y="${y + 15}">${name}</text><line class="grid" x1="150" x2="${CHART.width}" y1="${y + LANE - 1}" y2="${y + LANE - 1}"/>
${[...shared.values()].map(({ first, whats, count }) => {
  const place = 150 + (first.atMs / Math.max(1, virtualMs)) * (CHART.width - CHART.right - 150);
  const more = count > whats.length ? `\n… and ${count - whats.length} more` : '';
  return markup`<rect class="mark ${first.kind}" x="${(place - 1).toFixed(1)}" y="${y + 4}" width="2.4" height="${LANE - 8}"><title>${timeOfDay(startAt + first.atMs)}
${whats.join('\n')}${more}</title></rect>`;
})}`;
}

/** From a record to what it caused in another lane; the first few hundred, for the page must stay readable. */
function links({ records }: Recording, lanes: readonly Lane[], place: (atMs: number) => number): Markup {
  const laneOf = new Map(lanes.map(({ name }, index) => [name, index]));
  const bySequence = new Map(records.map((record) => [record.sequence, record]));
  const all = records.flatMap((record) => {
    const cause = bySequence.get(record.causationId);
    return cause && cause.source !== record.source ? [{ cause, record }] : [];
  });
  const drawn = all.slice(0, LINKS_MAX).map(({ cause, record }) => {
    const [y1, y2] = [cause, record].map(({ source }) => (laneOf.get(source) ?? 0) * LANE + LANE / 2);
    return markup`<line class="link" x1="${place(cause.atMs).toFixed(1)}" y1="${y1 ?? 0}" x2="${place(record.atMs).toFixed(1)}" y2="${y2 ?? 0}"/>`;
  });
  const note = all.length > drawn.length && `first ${drawn.length} of ${all.length} causes drawn`;
  return markup`${drawn}${note && markup`<text class="axis" x="150" y="${lanes.length * LANE + 22}">${note}</text>`}`;
}
