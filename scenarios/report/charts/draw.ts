/** A machine's chart as SVG, with how many entities came through each state and each transition. */
import { type Markup, markup } from '../../../drawing/markup.ts';
import { type Box, layoutOf } from './layout.ts';
import type { Path } from './path.ts';
import type { ChartEdge, ChartShape } from './shape.ts';

export function drawChart(name: string, shape: ChartShape, paths: readonly Path[]): Markup {
  const { boxes, width, height } = layoutOf(shape);
  const passed = count(paths.map(({ states }) => states.flatMap(withParents)));
  const taken = count(paths.map(({ edges }) => edges));
  const parents = new Set(shape.nodes.map(({ parent }) => parent));
  // Ways lie over what contains states and below the states themselves.
  const outermostFirst = [...boxes.values()].reverse();
  const containers = outermostFirst.filter(({ node }) => parents.has(node.id));
  const leaves = outermostFirst.filter(({ node }) => !parents.has(node.id));
  return markup`<figure class="chart" data-machine="${name}"><figcaption>${name}: ${paths.length} came through; what nobody took is pale.</figcaption>
<svg width="${width}" viewBox="0 0 ${width} ${height}" role="img" aria-label="state chart ${name}">
${containers.map((box) => drawBox(box, passed.get(box.node.id) ?? 0))}
${shape.edges.map((edge) => drawEdge(edge, boxes, taken.get(`${edge.from} ${edge.to}`) ?? 0))}
${leaves.map((box) => drawBox(box, passed.get(box.node.id) ?? 0))}
</svg></figure>`;
}

/** By entity: who passes twice counts once. */
function count(all: readonly (readonly string[])[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const ids of all) for (const id of new Set(ids)) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

function withParents(id: string): string[] {
  const keys = id.split('.');
  return keys.map((_, index) => keys.slice(0, index + 1).join('.'));
}

function drawBox({ node, x, y, width, height }: Box, passed: number): Markup {
  const kind = `state${passed > 0 ? ' taken' : ''}${node.isFinal ? ' final' : ''}`;
  return markup`<g class="${kind}" data-state="${node.id}"><title>${node.id}: ${passed} came through</title><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/><text x="${x + 8}" y="${y + 17}">${node.label}</text>${passed > 0 && markup`<text class="axis" text-anchor="end" x="${x + width - 6}" y="${y + 17}">${passed}</text>`}</g>`;
}

/** From the side of one box to the side of the other; inside a column in a bow on its right, a way back in a bow below. */
function drawEdge({ from, to, labels }: ChartEdge, boxes: ReadonlyMap<string, Box>, taken: number): Markup {
  const [start, goal] = [boxes.get(from), boxes.get(to)];
  if (!start || !goal) return markup``;
  const path = from === to ? loop(start) : wayOf(start, goal);
  return markup`<path class="edge${taken > 0 && ' taken'}" data-edge="${from} ${to}" d="${path}"><title>${from} → ${to}: ${labels.join(', ')} (${taken})</title></path>`;
}

const middle = ({ y, height }: Box): number => y + Math.min(height / 2, 40);

function wayOf(start: Box, goal: Box): string {
  if (start.x + start.width <= goal.x) return ahead(start, goal);
  return goal.x + goal.width <= start.x ? back(start, goal) : beside(start, goal);
}

function beside(start: Box, goal: Box): string {
  const [x1, y1, x2, y2] = [start.x + start.width, middle(start), goal.x + goal.width, middle(goal)];
  const bow = Math.max(x1, x2) + Math.min(44, 16 + Math.abs(y2 - y1) / 6);
  return `M${x1} ${y1}C${bow} ${y1} ${bow} ${y2} ${x2} ${y2}`;
}

function ahead(start: Box, goal: Box): string {
  const [x1, y1, x2, y2] = [start.x + start.width, middle(start), goal.x, middle(goal)];
  const bend = (x2 - x1) / 2;
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}

function back(start: Box, goal: Box): string {
  const [x1, y1] = [start.x + start.width / 2, start.y + start.height];
  const [x2, y2] = [goal.x + goal.width / 2, goal.y + goal.height];
  const depth = Math.max(y1, y2) + 22;
  return `M${x1} ${y1}C${x1} ${depth} ${x2} ${depth} ${x2} ${y2}`;
}

const loop = ({ x, y, width }: Box): string => `M${x + width - 24} ${y}c0 -12 16 -12 16 0`;
