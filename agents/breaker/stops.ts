/**
 * The life of one emergency stop: active until a named person releases it. A stop that was asked for twice is one stop with one
 * receipt, and a released one stays released.
 */
import { deliveredAt } from '../../messages/delivered.ts';
import type {
  Halt,
  TradingHalt,
  TradingHaltAnswered,
  TradingHalted,
  TradingHandedOver,
  TradingResume,
  TradingResumeAnswered,
  TradingResumed,
} from '../../messages/halt.ts';
import type { OrdersOpen, OrdersOpenAnswered } from '../../messages/order.ts';
import type { Resumed } from '../../runtime/lifecycle.ts';
import { type After, after } from '../../runtime/logic.ts';
import type { Message } from '../../runtime/message.ts';

/** A released stop is known this long, so that a second release hears that it is one. */
const RELEASED_KNOWN_MS = 24 * 60 * 60 * 1_000;

export interface Stop {
  readonly status: 'active' | 'released' | 'forgotten';
  readonly halt: Halt;
  readonly keyed?: true;
  /** What venues had when it came, once that is known; kept of a keyed one alone. */
  readonly handedOver?: readonly string[];
  readonly releasedAt?: number;
}

/** The stop's own deadline. */
type StopForgotten = Message & { readonly type: 'stop.forgotten' };
export type StopMessage = TradingHalt | TradingHalted | TradingResume | OrdersOpenAnswered | StopForgotten | Resumed;
type Emit = (
  message:
    | TradingHalted
    | TradingHandedOver
    | TradingHaltAnswered
    | TradingResumed
    | TradingResumeAnswered
    | OrdersOpen
    | After,
) => void;

function haltOf({ stopId, scope, targetId, mode, reason, by }: TradingHalt | TradingHalted): Halt {
  return { stopId, scope, ...(targetId !== undefined && { targetId }), ...(mode && { mode }), reason, by };
}

/**
 * The halt counts from its fact on; the receipt waits until the orders agent, which reads that fact first, has answered. A crash may have come
 * between them, and a release too: whoever asks again hears what venues have all the same.
 */
function halt(stop: Stop | null, message: TradingHalt, emit: Emit): Stop {
  const { stopId, scope, targetId, keyed } = message;
  if (stop?.handedOver) {
    emit({ type: 'trading.halt-answered', stopId, handedOver: [...stop.handedOver] });
    return stop;
  }
  if (!stop) emit({ type: 'trading.halted', ...haltOf(message) });
  emit({ type: 'orders.open', requestId: stopId, scope, targetId, handedOver: true });
  return stop ?? { status: 'active', halt: haltOf(message), ...(keyed && { keyed }) };
}

/** The first answer is the receipt. A keyed stop's is recorded: whoever asks again meanwhile, or much later, is told the same. */
function receipt(stop: Stop | null, { requestId: stopId, orderIds }: OrdersOpenAnswered, emit: Emit): Stop | null {
  const isNew = stop?.keyed && !stop.handedOver;
  const handedOver = [...(stop?.handedOver ?? orderIds)];
  if (isNew) emit({ type: 'trading.handed-over', stopId, orderIds: handedOver });
  emit({ type: 'trading.halt-answered', stopId, handedOver });
  return isNew ? { ...stop, handedOver } : stop;
}

function release(stop: Stop, message: TradingResume, fourEyes: boolean, emit: Emit): Stop {
  const { stopId, by, reason } = message;
  const answer = (outcome: TradingResumeAnswered['outcome'], resolvedAt?: number) =>
    emit({ type: 'trading.resume-answered', stopId, outcome, ...(resolvedAt !== undefined && { resolvedAt }) });
  if (stop.status !== 'active') {
    answer('already-resolved', stop.releasedAt);
    return stop;
  }
  if (fourEyes && by === stop.halt.by) {
    answer('four-eyes');
    return stop;
  }
  const releasedAt = deliveredAt(message);
  emit({ type: 'trading.resumed', stopId, by, reason });
  emit(after('forget', RELEASED_KNOWN_MS, { type: 'stop.forgotten' }));
  answer('resumed', releasedAt);
  return { ...stop, status: 'released', releasedAt };
}

export function stepStop(stop: Stop | null, message: StopMessage, fourEyes: boolean, emit: Emit): Stop | null {
  switch (message.type) {
    case 'trading.halt':
      return halt(stop, message, emit);
    // A circuit breaker's halt begins with its fact; a person's has begun with the command.
    case 'trading.halted':
      return stop ?? { status: 'active', halt: haltOf(message) };
    case 'orders.open-answered':
      return receipt(stop, message, emit);
    case 'trading.resume':
      return stop && release(stop, message, fourEyes, emit);
    case 'stop.forgotten':
      return stop && { ...stop, status: 'forgotten' };
    case 'resumed':
      return stop;
  }
}
