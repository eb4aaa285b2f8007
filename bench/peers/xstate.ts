/** Bare XState actors in the actor figures: a small machine with a context, sent to directly, without mailbox bounds or supervision. */
import { type AnyActorRef, createActor, setup } from 'xstate';
import { counterMachine, type Hit } from '../counter.ts';
import { bestRate, bytesKept, type Side, until } from '../measure.ts';
import { IDLE_AGENTS, MESSAGES, REPETITIONS } from '../workloads.ts';

const side = (onHit: (hit: Hit) => void) =>
  setup({ types: { events: {} as Hit }, actions: { pass: ({ event }) => onHit(event) } }).createMachine({
    id: 'side',
    initial: 'up',
    states: { up: { on: { hit: { actions: 'pass' } } } },
  });

async function pingpong(): Promise<void> {
  const { reached, reach } = until();
  let handled = 0;
  const passTo = (other: () => AnyActorRef) => (hit: Hit) => {
    handled += 1;
    if (handled >= MESSAGES) reach();
    else other().send(hit);
  };
  const ping: AnyActorRef = createActor(side(passTo(() => pong))).start();
  const pong: AnyActorRef = createActor(side(passTo(() => ping))).start();
  pong.send({ type: 'hit', index: 0 });
  await reached;
}

/** Sends from outside are handled inside `send`: this is also the bare send of one machine. */
function send(): void {
  const counter = createActor(counterMachine).start();
  for (let index = 0; index < MESSAGES; index += 1) counter.send({ type: 'hit', index });
  if (counter.getSnapshot().context.count !== MESSAGES) throw new Error('Invariant: every send was counted');
}

export const xstate: Side = {
  pingpong: () => bestRate(MESSAGES, REPETITIONS, pingpong),
  fanin: () => bestRate(MESSAGES, REPETITIONS, send),
  'machine-send': () => bestRate(MESSAGES, REPETITIONS, send),
  'idle-machine-agent': async () => {
    const actors = () => Array.from({ length: IDLE_AGENTS }, () => createActor(counterMachine).start());
    return (await bytesKept(actors)) / IDLE_AGENTS;
  },
};
