/** Market time of a message in a turn. The kernel sets it at delivery, so a message without it has not been delivered. */
import type { Message } from '../runtime/message.ts';

export function deliveredAt(message: Message): number {
  if (message.at === undefined) throw new Error(`Invariant: ${message.type} was delivered without its time`);
  return message.at;
}
