/**
 * How a product dies, and in which order: every failpoint in turn, a plain kill and a told end at seeded moments, and a kill while it
 * starts. A failpoint meets each arrow of an order's life once before it meets one again.
 */
import type { Random } from '../../runtime/ports.ts';

export interface Kill {
  readonly name: string;
  /** FAILPOINT of the life that is to end; absent: killed from outside. */
  readonly failpoint?: string;
  /** `itself`: the failpoint kills. `recovered`: the failpoint is survived, and the kill comes afterwards. `told`: by SIGTERM, under load. */
  readonly dies: 'itself' | 'recovered' | 'running' | 'told' | 'starting';
  /** From the moment that it waits for (ready, recovered, spawned) to the kill from outside. */
  readonly afterMs: number;
}

const COMMITS = ['commit.before', 'commit.during', 'commit.after'] as const;
const SUBMITS = ['venue.before-submit', 'venue.after-submit', 'commit.hold-after-submit'] as const;
const SURVIVED = ['commit.fail', 'commit.unknown', 'db.down'] as const;
/** The arrows of an order's life; empty: any commit. */
const RECORDS = ['', 'order.intended', 'order.sent', 'order.working', 'order.filled', 'order.ended', 'order.held'];
const RUNNING_MAX_MS = 1_500;
const STARTING_MAX_MS = 900;

export function planKills(random: Random, kills: number): readonly Kill[] {
  const planned: Kill[] = [];
  const decks = new Map<string, string[]>();
  const deal = (point: string): string => {
    const left = decks.get(point) ?? [];
    if (left.length === 0) left.push(...shuffled([...RECORDS], random));
    decks.set(point, left);
    return left.pop()!;
  };
  while (planned.length < kills) planned.push(...shuffled(oneRound(random, deal), random));
  return planned.slice(0, kills);
}

function oneRound(random: Random, deal: (point: string) => string): Kill[] {
  const carrying = (point: string): string => {
    const record = deal(point);
    const nth = 1 + Math.floor(random.next() * (record === '' ? 12 : 3));
    return `${point}@${nth}${record === '' ? '' : `:${record}`}`;
  };
  const at = (failpoint: string, dies: Kill['dies'], afterMs = 0): Kill => ({
    name: failpoint,
    failpoint,
    dies,
    afterMs,
  });
  const outside = (dies: Kill['dies'], name: string, maxMs: number): Kill => {
    const afterMs = Math.round(random.next() * maxMs);
    return { name: `${name} ${afterMs} ms`, dies, afterMs };
  };
  return [
    ...COMMITS.map((point) => at(carrying(point), 'itself')),
    ...SUBMITS.map((point) => at(`${point}@${1 + Math.floor(random.next() * 4)}`, 'itself')),
    ...SURVIVED.map((point) => at(carrying(point), 'recovered', Math.round(random.next() * RUNNING_MAX_MS))),
    outside('running', 'SIGKILL after', RUNNING_MAX_MS),
    outside('told', 'SIGTERM after', RUNNING_MAX_MS),
    outside('starting', 'SIGKILL in the start at', STARTING_MAX_MS),
  ];
}

function shuffled<T>(list: T[], random: Random): T[] {
  for (let last = list.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random.next() * (last + 1));
    [list[last], list[other]] = [list[other]!, list[last]!];
  }
  return list;
}
