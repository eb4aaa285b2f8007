/**
 * The roster of a simulated world whose agents throw at seeded rates, as a defective one would: before its handler saw a message, or behind it,
 * with everything already said. What follows is the kernel's own: nothing of the turn happens, and supervisors decide.
 */
import type { AgentDefinition, SupervisorSpec } from '../agent.ts';
import type { Message } from '../message.ts';
import type { Random } from '../ports.ts';

export interface AgentFaults {
  /** Chance that an agent crashes over a message that it is given. */
  readonly crashRatio: number;
  /** Chance that one which has crashed crashes over the next message of that type too: the same one, tried again, as a rule. */
  readonly crashAgainRatio: number;
}

export const NO_AGENT_FAULTS: AgentFaults = { crashRatio: 0, crashAgainRatio: 0 };

/** Upper ends of what a world draws. */
const RANGES = { crashRatio: 0.02, crashAgainRatio: 0.5 } as const;

/**
 * Rates for one world. Half of the worlds have agents that never crash, two thirds of the others have none that crash over the same message
 * again; most of the rest crash seldom, because a supervisor that gives up again and again ends the house.
 */
export function drawAgentFaults(random: Random): AgentFaults {
  const [happens, how, repeats, again] = [random.next(), random.next(), random.next(), random.next()];
  if (happens < 1 / 2) return NO_AGENT_FAULTS;
  return {
    crashRatio: how ** 2 * RANGES.crashRatio,
    crashAgainRatio: repeats < 2 / 3 ? 0 : again * RANGES.crashAgainRatio,
  };
}

/** Why an agent crashed, when this is why. */
export const SIMULATED_CRASH = 'a simulated crash';

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

/** How the root of all supervisors says that it has given up. */
const TOO_OFTEN = 'failed too often';

type Logic = AgentDefinition['logic'];
type Step = (...given: readonly unknown[]) => unknown;
type Behind = <T>(outcome: T) => T;

/** A handler that is a function, with something behind it; a machine is as it was. */
function followed(logic: Logic, behind: Behind): Logic {
  const { config } = logic as { readonly config?: unknown };
  if (typeof config !== 'function') return logic;
  const step = config as Step;
  return { ...logic, config: (...given: readonly unknown[]) => behind(step(...given)) } as Logic;
}

export class CrashingAgents {
  readonly faultCounts = { 'agent-crash-before': 0, 'agent-crash-behind': 0, 'house-gave-up': 0 };

  constructor(private faults: AgentFaults = NO_AGENT_FAULTS) {}

  setFaults(faults: AgentFaults): void {
    this.faults = faults;
  }

  /** Is it for crashes of ours that the house gives up, with this reason? Then that is counted. */
  mayEndHouse(reason: string): boolean {
    const { 'agent-crash-before': before, 'agent-crash-behind': behind } = this.faultCounts;
    const isOurs = before + behind > 0 && reason.endsWith(TOO_OFTEN);
    if (isOurs) this.faultCounts['house-gave-up'] += 1;
    return isOurs;
  }

  /** Agents of one life of the house; `random` is this life's. */
  connect(roster: SupervisorSpec, random: Random): SupervisorSpec {
    return eachAgent(roster, (agent) => this.crashing(agent, random.fork(agent.address)));
  }

  private crashing(agent: AgentDefinition, random: Random): AgentDefinition {
    const { prepare, keyed, logic } = agent;
    /** The type that the last crash was over. */
    let crashedOver: string | undefined;
    let isDue = false;
    const crash = (kind: 'agent-crash-before' | 'agent-crash-behind', when: string): never => {
      isDue = false;
      this.faultCounts[kind] += 1;
      throw new Error(`${SIMULATED_CRASH} ${when} its turn`);
    };
    const behind: Behind = (outcome) => (isDue ? crash('agent-crash-behind', 'at the end of') : outcome);
    const draw = (type: string): void => {
      isDue = false;
      const { crashRatio, crashAgainRatio } = this.faults;
      if (crashRatio === 0) return;
      const [happens, where] = [random.next(), random.next()];
      const isAgain = crashedOver === type;
      if (isAgain) crashedOver = undefined;
      if (happens >= (isAgain ? Math.max(crashRatio, crashAgainRatio) : crashRatio)) return;
      crashedOver = type;
      if (where < 1 / 2) crash('agent-crash-before', 'before');
      isDue = true;
    };
    return {
      ...agent,
      prepare(message, shared, latest): Message {
        draw(message.type);
        return prepare ? prepare(message, shared, latest) : message;
      },
      ...(keyed
        ? // Whether an entity has ended is asked when its handler is done.
          { keyed: { ...keyed, ended: (state: unknown) => behind(keyed.ended(state)) } }
        : { logic: followed(logic, behind) }),
    };
  }
}
