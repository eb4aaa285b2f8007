/** All planted bugs, in the order in which they are hunted. */
import { ANSWER_BUGS } from './answers.ts';
import { DURABILITY_BUGS } from './durability.ts';
import { GATE_BUGS } from './gates-and-books.ts';
import type { Mutation } from './mutation.ts';
import { ORDER_FLOW_BUGS } from './order-flow.ts';
import { WAYS_AROUND } from './ways-around.ts';

export const MUTATIONS: readonly Mutation[] = [
  ...DURABILITY_BUGS,
  ...ORDER_FLOW_BUGS,
  ...GATE_BUGS,
  ...ANSWER_BUGS,
  ...WAYS_AROUND,
];
