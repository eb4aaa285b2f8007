/** Defective agents for scenarios: the agent of an address throws at messages of some types, everything else is as it is. */
import type { AgentDefinition, SupervisorSpec } from '../../runtime/agent.ts';
import type { Message } from '../../runtime/message.ts';

/** The same roster with every agent made anew. */
export const eachAgent = (
  spec: SupervisorSpec,
  change: (agent: AgentDefinition) => AgentDefinition,
): SupervisorSpec => ({
  ...spec,
  children: spec.children.map((child) =>
    'agent' in child ? { ...child, agent: change(child.agent) } : eachAgent(child, change),
  ),
});

const broken = (agent: AgentDefinition, types: readonly string[], isActive: () => boolean): AgentDefinition => ({
  ...agent,
  prepare(message, shared, latest): Message {
    if (types.includes(message.type) && isActive()) throw new Error(`a planted defect at ${message.type}`);
    return agent.prepare?.(message, shared, latest) ?? message;
  },
});

export const defectAt =
  (address: string, types: readonly string[], isActive: () => boolean = () => true) =>
  (roster: SupervisorSpec): SupervisorSpec =>
    eachAgent(roster, (agent) => (agent.address === address ? broken(agent, types, isActive) : agent));
