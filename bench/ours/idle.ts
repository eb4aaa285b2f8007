/**
 * What an idle agent keeps in memory, alone in its kernel with very many others. An agent of a roster has its own definition, mailbox
 * and message type; an entity of a keyed agent has its state under its key. Both can be told something the moment they are weighed.
 */
import type { AgentDefinition } from '../../runtime/agent.ts';
import { functionLogic } from '../../runtime/logic.ts';
import type { Message } from '../../runtime/message.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import { counterMachine } from '../counter.ts';
import { bytesKept, type Measure } from '../measure.ts';
import { IDLE_AGENTS } from '../workloads.ts';
import { openKernel, tellAll } from './kernel.ts';

type Logic = AgentDefinition['logic'];

const countingLogic = functionLogic({ count: 0 }, (state) => ({ count: state.count + 1 }));

const inRoster = (logic: Logic, count: number): Promise<Runtime> =>
  openKernel(
    Array.from({ length: count }, (_, index) => ({
      address: `counter-${index}`,
      version: 1,
      durable: false,
      accepts: [`hit-${index}`],
      logic,
    })),
  );

interface Hit extends Message {
  readonly key: string;
}

async function asEntities(logic: Logic, count: number): Promise<Runtime> {
  const kernel = await openKernel([
    {
      address: 'counters',
      version: 1,
      durable: false,
      accepts: ['hit'],
      logic,
      keyed: { key: (message) => (message as Hit).key, creates: ['hit'], ended: () => false },
    },
  ]);
  await tellAll(kernel, count, (index): Hit => ({ type: 'hit', key: `counter-${index}` }));
  await kernel.settled();
  if (kernel.entities('counters').length !== count) throw new Error('Invariant: every entity has come to life');
  return kernel;
}

const WARM_UP_AGENTS = 1_000;

/** A small kernel first, so that code and shapes that are made once are not weighed. */
const weighed =
  (open: (logic: Logic, count: number) => Promise<Runtime>, logic: Logic): Measure =>
  async () => {
    (await open(logic, WARM_UP_AGENTS)).close();
    return (await bytesKept(() => open(logic, IDLE_AGENTS))) / IDLE_AGENTS;
  };

export const functionAgentBytes = weighed(inRoster, countingLogic);
export const machineAgentBytes = weighed(inRoster, counterMachine);
export const functionEntityBytes = weighed(asEntities, countingLogic);
export const machineEntityBytes = weighed(asEntities, counterMachine);
