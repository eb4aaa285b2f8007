/** comedy in the actor figures: in-memory actors, without supervision (its own is for forked and remote ones only). */
import { type ActorRef, createSystem } from 'comedy';
import { bestRate, type Side, until } from '../measure.ts';
import { MESSAGES, REPETITIONS } from '../workloads.ts';

const IN_MEMORY = { mode: 'in-memory' } as const;
const openSystem = () => createSystem({ test: true, log: null });

async function pingpong(): Promise<void> {
  const { reached, reach } = until();
  const system = openSystem();
  const root = await system.rootActor();
  let handled = 0;
  const hitTo = (other: () => ActorRef) => (ball: object) => {
    handled += 1;
    if (handled >= MESSAGES) reach();
    else void other().send('ball', ball);
  };
  const ping: ActorRef = await root.createChild({ ball: hitTo(() => pong) }, IN_MEMORY);
  const pong: ActorRef = await root.createChild({ ball: hitTo(() => ping) }, IN_MEMORY);
  await pong.send('ball', { index: 0 });
  await reached;
  await system.destroy();
}

async function fanin(): Promise<void> {
  const { reached, reach } = until();
  const system = openSystem();
  const root = await system.rootActor();
  let handled = 0;
  const count = () => {
    handled += 1;
    if (handled === MESSAGES) reach();
  };
  const counter = await root.createChild({ count }, IN_MEMORY);
  for (let index = 0; index < MESSAGES; index += 1) void counter.send('count', { index });
  await reached;
  await system.destroy();
}

export const comedy: Side = {
  pingpong: () => bestRate(MESSAGES, REPETITIONS, pingpong),
  fanin: () => bestRate(MESSAGES, REPETITIONS, fanin),
};
