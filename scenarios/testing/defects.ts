/** Defective agents for scenarios: the agent of an address throws at messages of some types, everything else is as it is. */
import type { AgentDefinition, SupervisorSpec } from '../../runtime/agent.ts';
import type { Message } from '../../runtime/message.ts';
import { eachAgent } from '../../runtime/simulated/crashing-agents.ts';

const broken = (
  agent: AgentDefinition,
  types: readonly string[],
  isActive: () => boolean,
  words: string,
): AgentDefinition => ({
  ...agent,
  prepare(message, shared, latest): Message {
    if (types.includes(message.type) && isActive()) throw new Error(`${words} at ${message.type}`);
    return agent.prepare?.(message, shared, latest) ?? message;
  },
});

export const defectAt =
  (address: string, types: readonly string[], isActive: () => boolean = () => true, words = 'a planted defect') =>
  (roster: SupervisorSpec): SupervisorSpec => {
    const addresses: string[] = [];
    const made = eachAgent(roster, (agent) => {
      addresses.push(agent.address);
      return agent.address === address ? broken(agent, types, isActive, words) : agent;
    });
    // A defect of nobody would be a test of nothing.
    if (!addresses.includes(address)) throw new Error(`"${address}" is no agent: there is ${addresses.join(', ')}`);
    return made;
  };
