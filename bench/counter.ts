/** The small machine of the actor figures: the same one is sent to bare, told through the kernel, and weighed. */
import { assign, setup } from 'xstate';

export interface Hit {
  readonly type: 'hit';
  readonly index: number;
}

export const counterMachine = setup({
  types: { context: {} as { count: number }, events: {} as Hit },
  actions: { count: assign({ count: ({ context }) => context.count + 1 }) },
}).createMachine({
  id: 'counter',
  initial: 'up',
  context: { count: 0 },
  states: { up: { on: { hit: { actions: 'count' } } } },
});
