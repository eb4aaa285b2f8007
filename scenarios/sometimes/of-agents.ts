/** What becomes of agents that crash, as rare situations: with orders on their way, again and again over one message, until a supervisor gives up. */
import type { AgentLifecycle } from '../../runtime/lifecycle.ts';
import type { FoldedOrder } from '../checkers/folds/orders.ts';
import { always, type Situation } from './situation.ts';
import type { Moment } from './timeline.ts';

const IN_FLIGHT: ReadonlySet<FoldedOrder['stage']> = new Set(['intended', 'sent', 'canceling', 'unresolved']);

const told = (type: AgentLifecycle['type'], sees: (moment: Moment) => boolean = () => true) => ({
  watch: always((moment) => moment.record.type === type && sees(moment)),
});

export const OF_AGENTS: readonly Situation[] = [
  {
    name: 'agent crashed with an order in flight',
    ...told('agent.crashed', ({ orders }) => [...orders.open.values()].some(({ stage }) => IN_FLIGHT.has(stage))),
  },
  { name: 'message parked that crashes its agent', ...told('agent.parked') },
  {
    name: 'reader stayed down',
    ...told('agent.stopped', ({ record }) => (record.message as AgentLifecycle).reason.includes("can't be read")),
  },
  { name: 'supervisor gave up', ...told('agent.escalated') },
];
