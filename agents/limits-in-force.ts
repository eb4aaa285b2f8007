/** The trading limits a gate goes by: those of the newest `limits.changed`, before that the initial set. Common to all its entities. */
import type { LimitsChanged, TradingLimits } from '../messages/limits.ts';
import { functionLogic } from '../runtime/logic.ts';
import type { Message } from '../runtime/message.ts';

interface LimitsInForce {
  readonly limits: TradingLimits | null;
}

/** A request with the limits that hold when it is delivered; undefined: nobody has set any. */
export type Limited<M extends Message> = M & { readonly limits: TradingLimits | undefined };

export const limitsInForce = (initial: TradingLimits | undefined) =>
  functionLogic<LimitsInForce, LimitsChanged | { type: 'other' }>({ limits: initial ?? null }, (state, message) =>
    message.type === 'limits.changed' ? { limits: message.limits } : state,
  );

/** `prepare` of an agent whose requests of `type` are decided by limits. */
export const withLimits =
  (type: string) =>
  (message: Message, shared: unknown): Message =>
    message.type === type
      ? ({ ...message, limits: (shared as LimitsInForce).limits ?? undefined } as Message)
      : message;
