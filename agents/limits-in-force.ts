/** The trading limits a gate goes by: those of the newest `limits.changed`, before that the initial set. Common to all its entities. */
import type { ComplianceCheck, RiskReserve } from '../messages/gate.ts';
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
  (type: 'risk.reserve' | 'compliance.check') =>
  (message: Message, shared: unknown): Message => {
    if (message.type !== type) return message;
    const { at, orderId, ticket, amount, quote } = message as RiskReserve | ComplianceCheck;
    const limits = (shared as LimitsInForce).limits ?? undefined;
    const limited: Limited<RiskReserve | ComplianceCheck> = { type, at, orderId, ticket, amount, quote, limits };
    return limited;
  };
