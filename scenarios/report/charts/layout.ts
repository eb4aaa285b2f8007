/**
 * Places for a machine's states: a column for each step away from the start, substates stacked inside their parent. Nothing overlaps
 * nothing but what contains it.
 */
import type { ChartNode, ChartShape } from './shape.ts';

export interface Box {
  readonly node: ChartNode;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
export interface Layout {
  readonly boxes: ReadonlyMap<string, Box>;
  readonly width: number;
  readonly height: number;
}

const WIDTH = 128;
const HEIGHT = 28;
const GAP = { x: 60, y: 16 };
const PAD = { x: 8, top: 22, bottom: 8 };

export function layoutOf(shape: ChartShape): Layout {
  const children = groupByParent(shape.nodes);
  const columns = columnsOf(shape, children.get(undefined) ?? []);
  const boxes = new Map<string, Box>();
  let x = 10;
  let height = 0;
  for (const column of columns) {
    let y = 10;
    for (const node of column) y += put(node, x, y, children, boxes) + GAP.y;
    height = Math.max(height, y);
    x += Math.max(...column.map((node) => widthOf(node, children))) + GAP.x;
  }
  return { boxes, width: x, height: height + 30 };
}

type Children = ReadonlyMap<string | undefined, readonly ChartNode[]>;

function groupByParent(nodes: readonly ChartNode[]): Children {
  const groups = new Map<string | undefined, ChartNode[]>();
  for (const node of nodes) {
    const group = groups.get(node.parent);
    if (group) group.push(node);
    else groups.set(node.parent, [node]);
  }
  return groups;
}

const topOf = (id: string): string => id.split('.')[0] ?? id;

/** Top-level states by their distance from the start, breadth first; what nothing leads to stands last. */
function columnsOf({ edges, initial }: ChartShape, tops: readonly ChartNode[]): ChartNode[][] {
  const rank = new Map([[topOf(initial), 0]]);
  const queue = [topOf(initial)];
  for (const at of queue)
    for (const { from, to } of edges) {
      if (topOf(from) !== at || rank.has(topOf(to))) continue;
      rank.set(topOf(to), (rank.get(at) ?? 0) + 1);
      queue.push(topOf(to));
    }
  const columns: ChartNode[][] = [];
  const last = Math.max(...rank.values()) + 1;
  for (const node of tops) {
    const index = rank.get(node.id) ?? last;
    columns[index] = [...(columns[index] ?? []), node];
  }
  return columns.filter((column) => column !== undefined);
}

function widthOf(node: ChartNode, children: Children): number {
  const inner = children.get(node.id) ?? [];
  return inner.length === 0 ? WIDTH : Math.max(...inner.map((child) => widthOf(child, children))) + 2 * PAD.x;
}

/** Puts a state and what is inside it; returns its height. */
function put(node: ChartNode, x: number, y: number, children: Children, boxes: Map<string, Box>): number {
  const inner = children.get(node.id) ?? [];
  let below = y + PAD.top;
  for (const child of inner) below += put(child, x + PAD.x, below, children, boxes) + GAP.y / 2;
  const height = inner.length === 0 ? HEIGHT : below - GAP.y / 2 + PAD.bottom - y;
  boxes.set(node.id, { node, x, y, width: widthOf(node, children), height });
  return height;
}
