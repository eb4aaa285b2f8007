/**
 * The risk gate of an account: is there room for this order beside all that is held and working? A yes sets the room aside in
 * the same turn. Invariant: two orders never get the same room, and a repeated request replaces its own reservation.
 */
import { allowed, denied } from '../../controls/answer.ts';
import { contextOf, decide } from '../../controls/decide.ts';
import { type ById, withEntry, withoutEntry } from '../../domain/by-id.ts';
import { exact, fromNumber, max, plus, text } from '../../domain/decimal.ts';
import { findInstrument, notional } from '../../domain/instrument.ts';
import type { AccountOpened } from '../../messages/account.ts';
import { deliveredAt } from '../../messages/delivered.ts';
import type { RiskReserve } from '../../messages/gate.ts';
import { limitsOf, type TradingLimits } from '../../messages/limits.ts';
import type { OrderEnded, OrderFilled } from '../../messages/order.ts';
import type { OrderExternalFound, OrderExternalGone } from '../../messages/reconciliation.ts';
import type { TraderCreated, TraderTerminated } from '../../messages/trader.ts';
import type { AgentDefinition } from '../../runtime/agent.ts';
import { type Emit, functionLogic } from '../../runtime/logic.ts';
import { deniedByEnd, type EarlyEnd, rememberEnd } from '../early-ends.ts';
import {
  type Book,
  EMPTY,
  exposureOf,
  type Reservation,
  reservationFor,
  valued,
  withFill,
  withoutReservation,
  withReservation,
} from './book.ts';
import { type Informed, inform, riskKnowledge } from './known.ts';
import { tiedMargin } from './margin.ts';
import { RISK_VERSION, upgradeRisk } from './rows.ts';
import { type Refused, slicesOf, withRefusal, withSlice } from './slices.ts';

export interface RiskState extends Book {
  /** The trader's own largest position in USD. */
  readonly maxPositionSize?: string | undefined;
  /** Deposits and realised profit less commission; undefined until the account is opened. */
  readonly funds?: string | undefined;
  /** What the venue lends, as a factor; absent where nobody has said. */
  readonly leverage?: string | undefined;
  readonly earlyEnds: readonly EarlyEnd[];
  /** Refused for their size a while ago; absent while there are none. */
  readonly refused?: readonly Refused[] | undefined;
  /** Orders at the venue that are not in our books; absent while there are none. */
  readonly external?: ById<Reservation> | undefined;
  /** By the house: it stays when a trader that used it goes. Absent otherwise. */
  readonly opened?: true | undefined;
  /** The trader is gone; the row leaves once nothing is held or working. */
  readonly closed: boolean;
}

type RiskMessage =
  | Informed
  | AccountOpened
  | OrderFilled
  | OrderEnded
  | TraderCreated
  | TraderTerminated
  | OrderExternalFound
  | OrderExternalGone;

function step(state: RiskState, message: RiskMessage, emit: Emit): RiskState {
  switch (message.type) {
    case 'risk.reserve':
      return reserve(state, message, emit);
    case 'order.filled':
      return fill(state, message);
    case 'order.ended':
      return release(state, message);
    case 'account.opened': {
      const leverage = message.leverage === null ? undefined : fromNumber(message.leverage);
      return { ...state, opened: true, funds: plus(state.funds ?? '0', message.deposit), leverage };
    }
    case 'trader.created': {
      const { maxPositionSize, budget } = message.config;
      const funds = state.opened ? state.funds : plus(state.funds ?? '0', fromNumber(budget));
      return {
        ...state,
        funds,
        ...(maxPositionSize !== undefined && { maxPositionSize: fromNumber(maxPositionSize) }),
      };
    }
    case 'trader.terminated':
      return state.opened ? state : { ...state, closed: true };
    case 'order.external-found': {
      const { clientOrderId, symbol, side, leavesQuantity, price } = message;
      const reservation = valued({ symbol, side, leavesQuantity, price, exit: false, reach: price });
      return { ...state, external: withEntry(state.external ?? {}, clientOrderId, reservation) };
    }
    case 'order.external-gone':
      return { ...state, external: withoutEntry(state.external ?? {}, message.clientOrderId) };
    default:
      return state;
  }
}

const withBook = (state: RiskState, { positions, reservations }: Book): RiskState => ({
  positions,
  reservations,
  maxPositionSize: state.maxPositionSize,
  funds: state.funds,
  leverage: state.leverage,
  earlyEnds: state.earlyEnds,
  refused: state.refused,
  external: state.external,
  opened: state.opened,
  closed: state.closed,
});

/** Realised profit and commission move the funds. */
function fill(state: RiskState, filled: OrderFilled): RiskState {
  const book = withFill(state, filled);
  const moved = withBook(state, book);
  if (state.funds === undefined) return moved;
  const change = book.realized.minus(filled.commission);
  return change.isZero() ? moved : { ...moved, funds: text(exact(state.funds).plus(change)) };
}

/** A sale may fill above its limit: it counts at the bid when that is higher, so that its fill never passes a limit. */
function countedAmount({ ticket, amount, quote }: RiskReserve): string {
  const instrument = findInstrument(ticket.symbol);
  if (ticket.side === 'buy' || !quote || !instrument) return amount;
  return max(amount, notional(instrument, ticket.quantity, quote.bid));
}

/** What works for the account, orders that are not in our books included. */
const everything = (state: RiskState): Book =>
  state.external ? { positions: state.positions, reservations: { ...state.reservations, ...state.external } } : state;

const NONE: readonly Refused[] = [];

function reserve(state: RiskState, request: Informed, emit: Emit): RiskState {
  const { orderId, ticket, limits, reducing } = request;
  const amount = countedAmount(request);
  const at = deliveredAt(request);
  const { refused = NONE } = state;
  const windowMs = limits?.slicing?.windowMs;
  const isKnown = state.reservations[orderId] !== undefined;
  const others = isKnown ? withoutReservation(state, orderId) : state;
  const reservation = reservationFor(ticket, amount, request.quote);
  const denial =
    deniedByEnd(state.earlyEnds, orderId) ??
    decide(
      'risk',
      contextOf(amount === request.amount ? request : { ...request, amount }, limits, {
        exposure: exposureOf(everything(state), orderId, reservation),
        maxPositionSize: state.maxPositionSize,
        reducing,
        funds: state.funds,
        leverage: state.leverage,
        margin:
          limitsOf(limits, ticket.accountId)?.marginUsedRatioMax === undefined
            ? undefined
            : tiedMargin(withoutReservation(everything(state), orderId), orderId, reservation),
        // A repeat has been counted already.
        slices: isKnown ? undefined : slicesOf(refused, ticket, at, windowMs),
      }),
    );
  if (denial) {
    // An earlier reservation of the same order stays until the order's end frees it.
    emit(denied('risk', orderId, denial));
    return withRefused(state, withRefusal(refused, ticket, denial, at, windowMs));
  }
  emit(allowed('risk', orderId, reservation.amount, reducing && !ticket.exit ? true : undefined));
  const next = withBook(state, withReservation(others, orderId, reservation));
  return isKnown ? next : withRefused(next, withSlice(refused, ticket, amount, at, windowMs));
}

const withRefused = (state: RiskState, refused: readonly Refused[]): RiskState =>
  refused === (state.refused ?? NONE) ? state : { ...state, refused: refused.length > 0 ? refused : undefined };

function release(state: RiskState, ended: OrderEnded): RiskState {
  // Of one that has its room already a repeat may be on its way: who asks again after a restart asked before.
  const known = { ...state, earlyEnds: rememberEnd(state.earlyEnds, ended) };
  return ended.orderId in state.reservations ? withBook(known, withoutReservation(state, ended.orderId)) : known;
}

const isEmpty = (book: Book): boolean =>
  Object.keys(book.positions).length === 0 && Object.keys(book.reservations).length === 0;

export const riskLogic = functionLogic<RiskState, RiskMessage>({ ...EMPTY, earlyEnds: [], closed: false }, step);

const FACTS = [
  ...['order.filled', 'order.ended', 'account.opened', 'trader.created', 'trader.terminated'],
  ...['order.external-found', 'order.external-gone'],
];
/** For the shared part alone. */
const SHARED_FACTS = ['limits.changed', 'trading.halted', 'trading.resumed'];

export const riskAgent = (initial: TradingLimits | undefined): AgentDefinition => ({
  address: 'risk',
  version: RISK_VERSION,
  upgrade: upgradeRisk,
  durable: true,
  from: 'start',
  logic: riskLogic,
  shared: riskKnowledge(initial),
  prepare: inform,
  accepts: ['risk.reserve'],
  reads: [...SHARED_FACTS, ...FACTS],
  ignores: ['resumed', ...SHARED_FACTS, ...FACTS],
  keyed: {
    key(message) {
      if (message.type === 'risk.reserve') return (message as RiskReserve).ticket.accountId;
      return SHARED_FACTS.includes(message.type) ? undefined : (message as OrderFilled).accountId;
    },
    // A fill moves the position even of an account that nobody has asked about: it has happened.
    creates: ['account.opened', 'trader.created', 'risk.reserve', 'order.filled', 'order.external-found'],
    ended: (state) => (state as RiskState).closed && isEmpty(state as RiskState),
  },
});
