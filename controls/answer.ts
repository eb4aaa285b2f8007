/** A gate's answer to the order: yes with what was set aside, or no with the reason. */
import type { Denial } from '../domain/denial.ts';
import type { Gate } from '../messages/common.ts';
import type { GateAnswered } from '../messages/order.ts';

/** With room for its time: a field that comes later would change the shape of each answer. */
export const allowed = (gate: Gate, orderId: string, reserved?: string, reduces?: true): GateAnswered => ({
  type: 'gate.answered',
  gate,
  orderId,
  allowed: true,
  reserved,
  reduces,
  at: undefined,
});

export const denied = (gate: Gate, orderId: string, denial: Denial): GateAnswered => ({
  type: 'gate.answered',
  gate,
  orderId,
  allowed: false,
  denial,
});
