/**
 * How a bug is planted into a running product: one agent of the roster hears, sees or does otherwise than it should. The messages of
 * all others are as they were sent.
 */
import type { AnyActorLogic, AnyActorScope } from 'xstate';
import type { AgentDefinition, Latest, SupervisorSpec } from '../../runtime/agent.ts';
import type { Message } from '../../runtime/message.ts';
import { eachAgent } from '../../runtime/simulated/crashing-agents.ts';

export type Plant = (roster: SupervisorSpec) => SupervisorSpec;

/** Puts another definition in the place of the agent at `address`, made anew for each life of the product. */
export const replaces =
  (address: string, change: (agent: AgentDefinition) => AgentDefinition): Plant =>
  (roster) =>
    eachAgent(roster, (agent) => (agent.address === address ? change(agent) : agent));

/** `again` counts how often the agent has heard this type. */
type Change = (message: Message, again: number) => Message;

type Step = (state: unknown, message: Message, scope: AnyActorScope) => unknown;

/** The part that all entities share hears the same as they do; `config` is its bare step, which is what the kernel calls. */
function sharedHears(shared: AnyActorLogic, type: string, change: Change): AnyActorLogic {
  const { config: step } = shared as AnyActorLogic & { readonly config: Step };
  const config: Step = (state, message, scope) =>
    step(state, message.type === type ? change(message, 1) : message, scope);
  return { ...shared, config } as AnyActorLogic;
}

export const mishears = (address: string, type: string, change: Change): Plant =>
  replaces(address, (agent) => {
    let heard = 0;
    return {
      ...agent,
      ...(agent.shared && { shared: sharedHears(agent.shared, type, change) }),
      prepare(message, shared, latest) {
        if (message.type === type) heard += 1;
        const meant = message.type === type ? change(message, heard) : message;
        return agent.prepare?.(meant, shared, latest) ?? meant;
      },
    };
  });

/** Each entity's step by way of another one. */
export const stepsBy = (address: string, around: (step: Step) => Step): Plant =>
  replaces(address, (agent) => {
    const { config } = agent.logic as AnyActorLogic & { readonly config: Step };
    return { ...agent, logic: { ...agent.logic, config: around(config) } as AnyActorLogic };
  });

/** Once it has looked at an instrument's price, the agent never looks again. */
export const keepsFirstPrices = (address: string): Plant =>
  replaces(address, (agent) => {
    const first = new Map<string, Message>();
    return {
      ...agent,
      prepare(message, shared, latest) {
        const seen: Latest = (type, key) => {
          const known = first.get(`${type} ${key}`) ?? latest(type, key);
          if (known) first.set(`${type} ${key}`, known);
          return known;
        };
        const { ticket } = message as Message & { readonly ticket?: { readonly symbol: string } };
        if (ticket) seen('market.quote', ticket.symbol);
        return agent.prepare?.(message, shared, seen) ?? message;
      },
    };
  });
