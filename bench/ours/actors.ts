/**
 * Our agents in the actor figures: real mailboxes, run queue and turns of the kernel. A producer that is refused goes on later; every
 * figure asserts that each message was handled exactly once.
 */
import type { AgentDefinition } from '../../runtime/agent.ts';
import { functionLogic } from '../../runtime/logic.ts';
import { counterMachine, type Hit } from '../counter.ts';
import { bestRate, type Measure, until } from '../measure.ts';
import { MESSAGES, REPETITIONS } from '../workloads.ts';
import { openKernel, tellAll } from './kernel.ts';

interface Ball {
  readonly type: string;
  readonly index: number;
}

const agent = (address: string, accepts: string, logic: AgentDefinition['logic']): AgentDefinition => ({
  address,
  version: 1,
  durable: false,
  accepts: [accepts],
  logic,
});

const counted = (count: number, messages: number): void => {
  if (count !== messages) throw new Error(`Invariant: ${messages} messages were told and ${count} handled`);
};

export async function pingpongOnce(messages = MESSAGES): Promise<void> {
  const { reached, reach } = until();
  let handled = 0;
  const side = (own: string, other: string) =>
    agent(
      own,
      own,
      functionLogic<null, Ball>(null, (state, { index }, emit) => {
        handled += 1;
        if (handled >= messages) reach();
        else emit({ type: other, index });
        return state;
      }),
    );
  const kernel = await openKernel([side('ping', 'pong'), side('pong', 'ping')]);
  await tellAll(kernel, 1, () => ({ type: 'pong', index: 0 }));
  await reached;
  counted(handled, messages);
  kernel.close();
}

export async function faninOnce(messages = MESSAGES): Promise<void> {
  const { reached, reach } = until();
  const count = (seen: number): number => {
    if (seen + 1 === messages) reach();
    return seen + 1;
  };
  const kernel = await openKernel([agent('counter', 'count', functionLogic<number, Ball>(0, count))]);
  await tellAll(kernel, messages, (index): Ball => ({ type: 'count', index }));
  await reached;
  await kernel.settled();
  counted(kernel.peek('counter') as number, messages);
  kernel.close();
}

async function machineSendOnce(): Promise<void> {
  const kernel = await openKernel([agent('counter', 'hit', counterMachine)]);
  await tellAll(kernel, MESSAGES, (index): Hit => ({ type: 'hit', index }));
  await kernel.settled();
  counted((kernel.peek('counter') as { readonly context: { readonly count: number } }).context.count, MESSAGES);
  kernel.close();
}

export const pingpong: Measure = () => bestRate(MESSAGES, REPETITIONS, () => pingpongOnce());
export const fanin: Measure = () => bestRate(MESSAGES, REPETITIONS, () => faninOnce());
export const machineSend: Measure = () => bestRate(MESSAGES, REPETITIONS, machineSendOnce);
