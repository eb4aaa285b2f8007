/** Questions about a roster before it lives. */
import type { AgentChild, AgentDefinition, SupervisorSpec } from './agent.ts';
import type { MessageCatalog } from './message.ts';

/** All agents of a tree in start order. An address stands once, or the roster is refused. */
export function agentChildren(spec: SupervisorSpec): AgentChild[] {
  const all: AgentChild[] = [];
  const seen = new Set<string>();
  const collect = ({ children }: SupervisorSpec): void => {
    for (const child of children) {
      if (!('agent' in child)) {
        collect(child);
        continue;
      }
      const { address } = child.agent;
      if (seen.has(address)) throw new Error(`two agents have the address ${address}`);
      seen.add(address);
      all.push(child);
    }
  };
  collect(spec);
  return all;
}

/** What may have left the house already is never blindly done again: an effect says how it is resumed, or that it may be repeated. */
export function checkEffects({ address, effects = {} }: AgentDefinition, catalog: MessageCatalog): void {
  for (const [type, { resume, repeatable, release, immediate }] of Object.entries(effects)) {
    const refuse = (why: string): never => {
      throw new Error(`${address}: the effect of ${type} ${why}`);
    };
    if (catalog.entry(type).kind !== 'fact') refuse('is no reaction to a fact');
    if (!resume && !repeatable) refuse('has no resume and is not repeatable');
    if (immediate && release) refuse('is immediate and can have no release');
    if (release && catalog.entry(release.proceedsOn).kind !== 'fact')
      refuse(`proceeds on ${release.proceedsOn}, which is no fact`);
  }
}
