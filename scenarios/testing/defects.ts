/** Defective agents for scenarios: the agent of an address throws at messages of some types, everything else is as it is. */
import type { AgentDefinition, SupervisorSpec } from '../../runtime/agent.ts';
import type { Message } from '../../runtime/message.ts';

const broken = (agent: AgentDefinition, types: readonly string[], isActive: () => boolean): AgentDefinition => ({
  ...agent,
  prepare(message, shared, latest): Message {
    if (types.includes(message.type) && isActive()) throw new Error(`a planted defect at ${message.type}`);
    return agent.prepare?.(message, shared, latest) ?? message;
  },
});

export function defectAt(address: string, types: readonly string[], isActive: () => boolean = () => true) {
  const revise = (spec: SupervisorSpec): SupervisorSpec => ({
    ...spec,
    children: spec.children.map((child) => {
      if (!('agent' in child)) return revise(child);
      return child.agent.address === address ? { ...child, agent: broken(child.agent, types, isActive) } : child;
    }),
  });
  return revise;
}
