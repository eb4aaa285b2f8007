/**
 * The risk gate of an account: is there room for this order beside all that is held and working? A yes sets the room aside in
 * the same turn. Invariant: two orders never get the same room, and a repeated request replaces its own reservation.
 */
import { allowed, denied } from '../../controls/answer.ts';
import { contextOf, decide } from '../../controls/decide.ts';
import { fromNumber, max } from '../../domain/decimal.ts';
import { findInstrument, notional } from '../../domain/instrument.ts';
import type { RiskReserve } from '../../messages/gate.ts';
import type { TradingLimits } from '../../messages/limits.ts';
import type { OrderEnded, OrderFilled } from '../../messages/order.ts';
import type { TraderCreated, TraderTerminated } from '../../messages/trader.ts';
import type { AgentDefinition } from '../../runtime/agent.ts';
import { type Emit, functionLogic } from '../../runtime/logic.ts';
import { deniedByEnd, type EarlyEnd, rememberEnd } from '../early-ends.ts';
import { type Limited, limitsInForce, withLimits } from '../limits-in-force.ts';
import { type Book, EMPTY, exposureOf, reservationFor, withFill, withoutReservation, withReservation } from './book.ts';

export interface RiskState extends Book {
  /** The trader's own largest position in USD. */
  readonly maxPositionSize?: string | undefined;
  readonly earlyEnds: readonly EarlyEnd[];
  /** The trader is gone; the row leaves once nothing is held or working. */
  readonly closed: boolean;
}

type RiskMessage = Limited<RiskReserve> | OrderFilled | OrderEnded | TraderCreated | TraderTerminated;

function step(state: RiskState, message: RiskMessage, emit: Emit): RiskState {
  switch (message.type) {
    case 'risk.reserve':
      return reserve(state, message, emit);
    case 'order.filled':
      return withBook(state, withFill(state, message));
    case 'order.ended':
      return release(state, message);
    case 'trader.created': {
      const { maxPositionSize } = message.config;
      return maxPositionSize === undefined ? state : { ...state, maxPositionSize: fromNumber(maxPositionSize) };
    }
    case 'trader.terminated':
      return { ...state, closed: true };
    default:
      return state;
  }
}

const withBook = (state: RiskState, { positions, reservations }: Book): RiskState => ({
  positions,
  reservations,
  maxPositionSize: state.maxPositionSize,
  earlyEnds: state.earlyEnds,
  closed: state.closed,
});

/** A sale may fill above its limit: it counts at the bid when that is higher, so that its fill never passes a limit. */
function countedAmount({ ticket, amount, quote }: RiskReserve): string {
  const instrument = findInstrument(ticket.symbol);
  if (ticket.side === 'buy' || !quote || !instrument) return amount;
  return max(amount, notional(instrument, ticket.quantity, quote.bid));
}

function reserve(state: RiskState, request: Limited<RiskReserve>, emit: Emit): RiskState {
  const { orderId, ticket, limits } = request;
  const others = withoutReservation(state, orderId);
  const reservation = reservationFor(ticket, countedAmount(request));
  const denial =
    deniedByEnd(state.earlyEnds, orderId) ??
    decide(
      'risk',
      contextOf(request, limits, {
        exposure: exposureOf(others, orderId, reservation),
        maxPositionSize: state.maxPositionSize,
      }),
    );
  if (denial) {
    // An earlier reservation of the same order stays until the order's end frees it.
    emit(denied('risk', orderId, denial));
    return state;
  }
  emit(allowed('risk', orderId, reservation.amount));
  return withBook(state, withReservation(others, orderId, reservation));
}

function release(state: RiskState, ended: OrderEnded): RiskState {
  if (ended.orderId in state.reservations) return withBook(state, withoutReservation(state, ended.orderId));
  const earlyEnds = rememberEnd(state.earlyEnds, ended);
  return earlyEnds === state.earlyEnds ? state : { ...state, earlyEnds };
}

const isEmpty = (book: Book): boolean =>
  Object.keys(book.positions).length === 0 && Object.keys(book.reservations).length === 0;

export const riskLogic = functionLogic<RiskState, RiskMessage>({ ...EMPTY, earlyEnds: [], closed: false }, step);

const FACTS = ['order.filled', 'order.ended', 'trader.created', 'trader.terminated'];

export const riskAgent = (initial: TradingLimits | undefined): AgentDefinition => ({
  address: 'risk',
  version: 1,
  durable: true,
  from: 'start',
  logic: riskLogic,
  shared: limitsInForce(initial),
  prepare: withLimits('risk.reserve'),
  accepts: ['risk.reserve'],
  reads: ['limits.changed', ...FACTS],
  ignores: ['resumed', 'limits.changed', ...FACTS],
  keyed: {
    key(message) {
      if (message.type === 'risk.reserve') return (message as RiskReserve).ticket.accountId;
      return message.type === 'limits.changed' ? undefined : (message as OrderFilled).accountId;
    },
    // A fill moves the position even of an account that nobody has asked about: it has happened.
    creates: ['trader.created', 'risk.reserve', 'order.filled'],
    ended: (state) => (state as RiskState).closed && isEmpty(state as RiskState),
  },
});
