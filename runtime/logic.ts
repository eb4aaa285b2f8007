/**
 * Function agents: `fromTransition` logic with the kernel's conventions. A step is pure; it emits messages (the catalog's kind
 * decides: a fact is recorded, a command goes to its receiver, a reply to the asker) and deadlines. State is JSON.
 */
import { fromTransition } from 'xstate';
import type { Message } from './message.ts';

export type Emit = <M extends Message>(message: M) => void;

/** Asks the kernel to deliver `message` to this entity `delayMs` of market time later, under a name that can be cancelled. */
export interface After extends Message {
  readonly type: '$after';
  readonly sendId: string;
  readonly delayMs: number;
  readonly message: Message;
  /** Not part of the durable state: a restart forgets it, and `resumed` is the moment to set it again. */
  readonly volatile?: true;
}

export interface CancelAfter extends Message {
  readonly type: '$cancel';
  readonly sendId: string;
}

export const after = <M extends Message>(sendId: string, delayMs: number, message: M): After => ({
  type: '$after',
  sendId,
  delayMs,
  message,
});
/** The same, but kept in memory only: for watches that tick often and cost nothing to begin again. */
export const afterInMemory = <M extends Message>(sendId: string, delayMs: number, message: M): After => ({
  type: '$after',
  sendId,
  delayMs,
  message,
  volatile: true,
});
export const cancelAfter = (sendId: string): CancelAfter => ({ type: '$cancel', sendId });

/** A message is not taken when the step returns the same state object and has emitted nothing. */
export function functionLogic<S, M extends Message>(initial: S, step: (state: S, message: M, emit: Emit) => S) {
  return fromTransition<S, M, never, undefined, Message>(
    (state, message, scope) => step(state, message, scope.emit as Emit),
    initial,
  );
}
