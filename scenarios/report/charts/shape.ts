/** The shape of a machine as data for a drawing: its states, who contains whom, and which message leads where. Read off the machine itself. */
import type { AnyStateMachine, AnyStateNode } from 'xstate';

export interface ChartNode {
  /** `gating.risk`: keys from the root down. */
  readonly id: string;
  readonly label: string;
  readonly parent: string | undefined;
  readonly isFinal: boolean;
}
export interface ChartEdge {
  readonly from: string;
  readonly to: string;
  /** Messages and deadlines that lead this way. */
  readonly labels: readonly string[];
}
export interface ChartShape {
  readonly nodes: readonly ChartNode[];
  readonly edges: readonly ChartEdge[];
  readonly initial: string;
}

const idOf = (node: AnyStateNode): string => node.path.join('.');
const isRoot = (node: AnyStateNode): boolean => node.path.length === 0;

/** Where a transition to a node comes to rest: its initial state, down to the innermost. */
export function leafOf(node: AnyStateNode): AnyStateNode {
  const [first] = node.initial?.target ?? [];
  return first ? leafOf(first) : node;
}

function allBelow(node: AnyStateNode): AnyStateNode[] {
  return Object.values(node.states).flatMap((child) => [child, ...allBelow(child)]);
}

/** `xstate.after.5000.order.gating` is a deadline, an empty type a transition at once. */
function labelOf(type: string): string {
  if (type === '') return 'at once';
  const after = /^xstate\.after\.([^.]+)/.exec(type);
  return after ? `after ${after[1]}` : type;
}

export function shapeOf({ root }: AnyStateMachine): ChartShape {
  const nodes = allBelow(root);
  const labels = new Map<string, Set<string>>();
  for (const node of nodes) {
    const ways = [...node.transitions.entries()].flatMap(([type, all]) => all.map((way) => ({ type, way })));
    for (const { type, way } of [...ways, ...(node.always ?? []).map((way) => ({ type: '', way }))]) {
      const [target] = way.target ?? [];
      if (!target || isRoot(target)) continue;
      const key = `${idOf(node)} ${idOf(leafOf(target))}`;
      labels.set(key, (labels.get(key) ?? new Set()).add(labelOf(type)));
    }
  }
  return {
    initial: idOf(leafOf(root)),
    nodes: nodes.map((node) => ({
      id: idOf(node),
      label: node.key,
      parent: node.parent && !isRoot(node.parent) ? idOf(node.parent) : undefined,
      isFinal: node.type === 'final',
    })),
    edges: [...labels].map(([key, all]) => {
      const [from = '', to = ''] = key.split(' ');
      return { from, to, labels: [...all] };
    }),
  };
}
