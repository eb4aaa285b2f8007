/** XState's own step of a machine, with what it says written the way the kernel writes it: what a prepared chart is held to. */
import { type AnyActorScope, type AnyStateMachine, createActor } from 'xstate';
import type { Message } from '../message.ts';

export interface Reference {
  readonly said: Message[];
  readonly scope: AnyActorScope;
}

export function xstateReference(machine: AnyStateMachine): Reference {
  const said: Message[] = [];
  const inert = createActor(machine);
  const scope = {
    self: inert,
    system: inert.system,
    defer: () => undefined,
    actionExecutor({ type, params }: { type: string; params: Record<string, unknown> }) {
      const { event, delay, id, sendId } = params;
      if (type === 'xstate.emit') said.push(event as Message);
      else if (type === 'xstate.cancel') said.push({ type: '$cancel', sendId } as Message);
      else if (delay !== undefined)
        said.push({ type: '$after', sendId: id, delayMs: delay, message: event } as Message);
    },
  } as unknown as AnyActorScope;
  return { said, scope };
}
