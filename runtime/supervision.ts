/**
 * Who restarts whom. Supervisors are data (OTP's words: strategy, intensity, restart type); this decides, the kernel acts.
 * Exactly `max` restarts within `periodMs` pass; one more stops all children and fails the supervisor towards its parent.
 */
import type { AgentChild, Backoff, SupervisorSpec } from './agent.ts';
import type { Cell } from './cell.ts';
import type { Random } from './ports.ts';

export const DEFAULT_BACKOFF: Backoff = { minMs: 100, maxMs: 30_000, resetAfterMs: 60_000 };
export const DEFAULT_SHUTDOWN_MS = 5_000;

export interface SupervisorNode {
  readonly kind: 'supervisor';
  readonly spec: SupervisorSpec;
  readonly parent: SupervisorNode | undefined;
  readonly children: Node[];
  restartsAt: number[];
  /** Consecutive restarts, and when the last one was, in monotonic milliseconds. */
  failures: number;
  lastRestartAt: number | undefined;
}

/** An agent is a leaf of the tree. */
export type Node = Cell | SupervisorNode;

/** What to do about a child that has ended. `stop` in this order, then `start` in that one, `delayMs` from now. */
export type Decision =
  | {
      readonly kind: 'restart';
      readonly stop: readonly Node[];
      readonly start: readonly Node[];
      readonly delayMs: number;
      readonly escalated: readonly SupervisorNode[];
    }
  | { readonly kind: 'leave' }
  | { readonly kind: 'root-failed'; readonly escalated: readonly SupervisorNode[] };

export function buildTree(
  spec: SupervisorSpec,
  cellOf: (child: AgentChild) => Cell,
  parent?: SupervisorNode,
): SupervisorNode {
  const node: SupervisorNode = {
    kind: 'supervisor',
    spec,
    parent,
    children: [],
    restartsAt: [],
    failures: 0,
    lastRestartAt: undefined,
  };
  for (const child of spec.children) {
    if (!('agent' in child)) {
      node.children.push(buildTree(child, cellOf, node));
      continue;
    }
    const cell = cellOf(child);
    cell.parent = node;
    node.children.push(cell);
  }
  return node;
}

/** All agents below a node, in start order. */
export function agentsOf(node: Node): Cell[] {
  return node.kind === 'agent' ? [node] : node.children.flatMap(agentsOf);
}

/** `crashed`: a turn threw. Otherwise the agent ended normally, or was stopped by a sibling's failure. */
export function decide(node: Node, crashed: boolean, now: number, random: Random): Decision {
  const escalated: SupervisorNode[] = [];
  let failing: Node = node;
  for (;;) {
    const supervisor = failing.parent;
    if (!supervisor) return { kind: 'root-failed', escalated };
    if (failing.kind === 'agent' && !mayRestart(failing, crashed)) return { kind: 'leave' };
    const { max, periodMs } = supervisor.spec.intensity;
    supervisor.restartsAt = supervisor.restartsAt.filter((at) => at >= now - periodMs);
    if (supervisor.restartsAt.length < max) {
      supervisor.restartsAt.push(now);
      const affected = affectedBy(supervisor, failing);
      return {
        kind: 'restart',
        stop: [...affected].reverse(),
        start: affected.filter((child) => child === failing || mayRestartWithSibling(child)),
        delayMs: delayOf(failing, now, random),
        escalated,
      };
    }
    supervisor.restartsAt = [];
    escalated.push(supervisor);
    failing = supervisor;
  }
}

function mayRestart(node: Cell, crashed: boolean): boolean {
  const type = node.child.restart ?? 'permanent';
  return type === 'permanent' || (type === 'transient' && crashed);
}

/** A sibling's failure stops a temporary child for good. */
function mayRestartWithSibling(node: Node): boolean {
  return node.kind === 'supervisor' || (node.child.restart ?? 'permanent') !== 'temporary';
}

function affectedBy(supervisor: SupervisorNode, failing: Node): Node[] {
  const at = supervisor.children.indexOf(failing);
  switch (supervisor.spec.strategy) {
    case 'one-for-one':
      return [failing];
    case 'one-for-all':
      return [...supervisor.children];
    case 'rest-for-one':
      return supervisor.children.slice(at);
  }
}

/** min × 2^failures up to max, ±20 % jitter; healthy for `resetAfterMs` starts again at min. */
function delayOf(node: Node, now: number, random: Random): number {
  const backoff = (node.kind === 'agent' ? node.child.backoff : undefined) ?? DEFAULT_BACKOFF;
  if (node.lastRestartAt !== undefined && now - node.lastRestartAt > backoff.resetAfterMs) node.failures = 0;
  const base = Math.min(backoff.maxMs, backoff.minMs * 2 ** node.failures);
  node.failures += 1;
  node.lastRestartAt = now;
  return base * (0.8 + 0.4 * random.next());
}
