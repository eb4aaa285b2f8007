/** Questions about a roster before it lives. */
import type { AgentChild, SupervisorSpec } from './agent.ts';

/** All agents of a tree in start order. An address stands once, or the roster is refused. */
export function agentChildren(spec: SupervisorSpec): AgentChild[] {
  const all = spec.children.flatMap((child) => ('agent' in child ? [child] : agentChildren(child)));
  const seen = new Set<string>();
  for (const { agent } of all) {
    if (seen.has(agent.address)) throw new Error(`two agents have the address ${agent.address}`);
    seen.add(agent.address);
  }
  return all;
}
