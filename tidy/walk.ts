/** Walks a syntax tree. A visitor is called for every node, parents first; it never changes the tree. */
import type { Node } from 'oxc-parser';

export type Visit = (node: Node, parent: Node | undefined) => void;

export function walk(node: Node, visit: Visit, parent?: Node): void {
  visit(node, parent);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) walk(child, visit, node);
    }
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
