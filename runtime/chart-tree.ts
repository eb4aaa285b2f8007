/** The shape of a statechart: who contains whom, and what a transition leaves. Only plain trees of states; everything here is asked once a way. */
import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition, StateValue } from 'xstate';

/** The node and its ancestors, the innermost first. */
export function upwards(node: AnyStateNode): AnyStateNode[] {
  const all: AnyStateNode[] = [];
  for (let at: AnyStateNode | undefined = node; at; at = at.parent) all.push(at);
  return all;
}

/** Strictly below; below nothing (`undefined`) is everything. */
export function isBelow(node: AnyStateNode, ancestor: AnyStateNode | undefined): boolean {
  return ancestor === undefined || upwards(node).indexOf(ancestor) > 0;
}

export function leafBelow(node: AnyStateNode): AnyStateNode {
  return node.type === 'compound' ? leafBelow(node.initial.target[0]!) : node;
}

/** The innermost state that a transition does not leave; undefined: it leaves even the root. */
export function domainOf({ source, reenter }: AnyTransitionDefinition, target: AnyStateNode): AnyStateNode | undefined {
  if (!reenter && (target === source || isBelow(target, source))) return source;
  const common = upwards(target).find((node) => node !== target && isBelow(source, node));
  return common ?? (reenter ? undefined : source.machine.root);
}

export function stateValueOf(node: AnyStateNode): StateValue {
  let value: StateValue = node.key;
  for (let at = node.parent; at?.parent; at = at.parent) value = { [at.key]: value };
  return value;
}

/** No parallel states, history, inner ends, invocations, wildcards, outputs: everything else can be prepared. */
export function isPlainTree({ root }: AnyStateMachine): boolean {
  const isPlain = (node: AnyStateNode): boolean =>
    (node.type === 'compound' || node.type === 'atomic' || (node.type === 'final' && node.parent === root)) &&
    node.invoke.length === 0 &&
    [...node.transitions].every(
      ([type, ways]) => !type.includes('*') && ways.every(({ target }) => (target?.length ?? 0) <= 1),
    ) &&
    Object.values(node.states).every(isPlain);
  return root.type === 'compound' && root.output === undefined && isPlain(root);
}
