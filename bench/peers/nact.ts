/** nact in the actor figures: stateful function actors, an asynchronous turn a message. */
import { dispatch, type Ref, spawn, start, stop } from 'nact';
import { bestRate, type Side, until } from '../measure.ts';
import { MESSAGES, REPETITIONS } from '../workloads.ts';

interface Ball {
  readonly sender: Ref<Ball>;
}

async function pingpong(): Promise<void> {
  const { reached, reach } = until();
  const system = start();
  let handled = 0;
  const hit = (state: null, { sender }: Ball, { self }: { readonly self: Ref<Ball> }): null => {
    handled += 1;
    if (handled >= MESSAGES) reach();
    else dispatch(sender, { sender: self });
    return state;
  };
  const ping: Ref<Ball> = spawn(system, hit, 'ping');
  const pong: Ref<Ball> = spawn(system, hit, 'pong');
  dispatch(pong, { sender: ping });
  await reached;
  stop(system);
}

async function fanin(): Promise<void> {
  const { reached, reach } = until();
  const system = start();
  const count = (seen = 0): number => {
    if (seen + 1 === MESSAGES) reach();
    return seen + 1;
  };
  const counter: Ref<{ readonly index: number }> = spawn(system, count, 'counter');
  for (let index = 0; index < MESSAGES; index += 1) dispatch(counter, { index });
  await reached;
  stop(system);
}

export const nact: Side = {
  pingpong: () => bestRate(MESSAGES, REPETITIONS, pingpong),
  fanin: () => bestRate(MESSAGES, REPETITIONS, fanin),
};
