/**
 * The way through a machine that records tell of. A record names where an entity stands, not how it got there: between two such
 * places the shortest way of the machine's own transitions is taken; where there is none, the gap stays a gap.
 */
import type { ChartShape } from './shape.ts';

export interface Path {
  readonly states: readonly string[];
  /** `from to`, as drawn. */
  readonly edges: readonly string[];
}

/** Whoever is in a substate also takes what its parents take, but first what is its own. */
const isWithin = (id: string, ancestor: string): boolean => id === ancestor || id.startsWith(`${ancestor}.`);

export function pathThrough(shape: ChartShape, told: readonly string[]): Path {
  const known = told.filter((id) => shape.nodes.some((node) => node.id === id));
  const states: string[] = known.slice(0, 1);
  const edges: string[] = [];
  for (const goal of known.slice(1)) {
    const from = states.at(-1);
    if (from === undefined || from === goal) continue;
    const way = shortest(shape, from, goal);
    for (const { edge, to } of way ?? []) {
      edges.push(edge);
      states.push(to);
    }
    if (!way) states.push(goal);
  }
  return { states, edges };
}

type Hop = { readonly edge: string; readonly to: string };

function shortest({ edges }: ChartShape, from: string, goal: string): Hop[] | undefined {
  const innermostFirst = edges.toSorted((a, b) => b.from.length - a.from.length);
  const ways = new Map<string, Hop[]>([[from, []]]);
  for (const [at, way] of ways)
    for (const edge of innermostFirst) {
      if (!isWithin(at, edge.from) || ways.has(edge.to)) continue;
      ways.set(edge.to, [...way, { edge: `${edge.from} ${edge.to}`, to: edge.to }]);
      if (edge.to === goal) return ways.get(goal);
    }
  return undefined;
}
