/**
 * Bugs that a scenario can plant by name: the agent at an address hears some messages otherwise than they were sent. They prove that
 * checkers find what they promise to find; the product itself is as it is.
 */
import type { RiskReserve } from '../../messages/gate.ts';
import type { VenueReported } from '../../messages/order.ts';
import type { AgentDefinition, SupervisorSpec } from '../../runtime/agent.ts';
import type { Message } from '../../runtime/message.ts';
import { eachAgent } from '../testing/defects.ts';

export interface PlantedBug {
  /** What the product does wrong then. */
  readonly about: string;
  plant(roster: SupervisorSpec): SupervisorSpec;
}

/** `again` counts how often the agent has heard this type. */
type Change = (message: Message, again: number) => Message;

function mishears(address: string, type: string, change: Change) {
  const deaf = (agent: AgentDefinition): AgentDefinition => {
    if (agent.address !== address) return agent;
    let heard = 0;
    return {
      ...agent,
      prepare(message, shared, latest) {
        if (message.type === type) heard += 1;
        const meant = message.type === type ? change(message, heard) : message;
        return agent.prepare?.(meant, shared, latest) ?? meant;
      },
    };
  };
  return (roster: SupervisorSpec): SupervisorSpec => eachAgent(roster, deaf);
}

const TINY = '0.0001';

function tinyOrder(message: Message): Message {
  const request = message as RiskReserve;
  const tiny: RiskReserve = {
    ...request,
    amount: TINY,
    ticket: { ...request.ticket, quantity: TINY },
  };
  return tiny;
}

/** A new id each time it is told: nobody can see that it is the same execution. */
function newExecutions(message: Message, again: number): Message {
  const report = message as VenueReported;
  const fills = report.fills.map((fill) => ({ ...fill, executionId: `${fill.executionId}-told-${again}` }));
  const news: VenueReported = { ...report, fills };
  return news;
}

export const PLANTED: Readonly<Record<string, PlantedBug>> = {
  'risk-forgets-size': {
    about: 'the risk gate sets next to nothing aside for an order, whatever its size',
    plant: mishears('risk', 'risk.reserve', tinyOrder),
  },
  'fills-not-deduplicated': {
    about: 'a fill that is told twice is booked twice',
    plant: mishears('orders', 'venue.reported', newExecutions),
  },
};
