/** What holds for all accounts of the risk gate: the limits in force, and the halts under which only reduction passes. */
import { covers } from '../../controls/halted.ts';
import type { RiskReserve } from '../../messages/gate.ts';
import type { Halt, TradingHalted, TradingResumed } from '../../messages/halt.ts';
import type { LimitsChanged, TradingLimits } from '../../messages/limits.ts';
import { functionLogic } from '../../runtime/logic.ts';
import type { Message } from '../../runtime/message.ts';
import type { Limited } from '../limits-in-force.ts';

interface Known {
  readonly limits: TradingLimits | null;
  /** Absent in rows of earlier builds. */
  readonly reducing?: readonly Halt[];
}

export type Informed = Limited<RiskReserve> & { readonly reducing: Halt | undefined };

type KnownMessage = LimitsChanged | TradingHalted | TradingResumed | { type: 'other' };

export const riskKnowledge = (initial: TradingLimits | undefined) =>
  functionLogic<Known, KnownMessage>({ limits: initial ?? null }, (known, message) => {
    const { reducing = [] } = known;
    switch (message.type) {
      case 'limits.changed':
        return { ...known, limits: message.limits };
      case 'trading.halted': {
        const { type, at, ...halt } = message;
        if (halt.mode !== 'reduce' || reducing.some(({ stopId }) => stopId === halt.stopId)) return known;
        return { ...known, reducing: [...reducing, halt] };
      }
      case 'trading.resumed':
        if (!reducing.some(({ stopId }) => stopId === message.stopId)) return known;
        return { ...known, reducing: reducing.filter(({ stopId }) => stopId !== message.stopId) };
      default:
        return known;
    }
  });

/** A request with what holds when it is delivered. */
export function inform(message: Message, shared: unknown): Message {
  if (message.type !== 'risk.reserve') return message;
  const { type, at, orderId, ticket, amount, quote } = message as RiskReserve;
  const { limits, reducing } = shared as Known;
  const informed: Informed = {
    type,
    at,
    orderId,
    ticket,
    amount,
    quote,
    limits: limits ?? undefined,
    reducing: reducing?.find((halt) => covers(halt, ticket)),
  };
  return informed;
}
