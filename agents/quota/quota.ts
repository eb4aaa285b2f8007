/**
 * The quota gate of a trader: trades and volume a UTC day, budget a UTC month. A yes sets the amount aside; a fill posts it, an
 * end without a fill gives it back. Invariant: no reservation takes a quota beyond its limit; a denial takes nothing.
 */
import { allowed, denied } from '../../controls/answer.ts';
import { deny } from '../../controls/deny.ts';
import { exact, fromNumber, text } from '../../domain/decimal.ts';
import { multiplierOf } from '../../domain/instrument.ts';
import { deliveredAt } from '../../messages/delivered.ts';
import type { QuotaReserve } from '../../messages/gate.ts';
import type { OrderEnded, OrderFilled } from '../../messages/order.ts';
import type { QuotaAnswered, QuotaGet } from '../../messages/quota.ts';
import type { TraderCreated, TraderTerminated } from '../../messages/trader.ts';
import type { AgentDefinition } from '../../runtime/agent.ts';
import { type Emit, functionLogic } from '../../runtime/logic.ts';
import type { Message } from '../../runtime/message.ts';
import { deniedByEnd, type EarlyEnd, rememberEnd } from '../early-ends.ts';
import { allowances, crossings, type Quotas, shortOf } from './allowances.ts';
import { filled, giveBack, roll, settle, take, UNUSED, type Usage } from './periods.ts';

export interface QuotaOptions {
  readonly dailyTrades: number;
  readonly dailyVolume: number;
}

export interface QuotaState extends Usage {
  readonly traderId: string;
  readonly monthlyBudget: string;
  readonly earlyEnds: readonly EarlyEnd[];
  readonly terminated: boolean;
}

type QuotaMessage = QuotaReserve | QuotaGet | OrderFilled | OrderEnded | TraderCreated | TraderTerminated;

const UNBORN: QuotaState = { ...UNUSED, traderId: '', monthlyBudget: '0', earlyEnds: [], terminated: false };

/** What every trader may use a day. */
type Daily = Omit<Quotas, 'monthlyBudget'>;

const quotasOf = ({ monthlyBudget }: QuotaState, { dailyTrades, dailyVolume }: Daily): Quotas => ({
  dailyTrades,
  dailyVolume,
  monthlyBudget,
});

const withUsage = (
  state: QuotaState,
  { day, month, trades, volume, spent, warned, reservations }: Usage,
): QuotaState => ({
  day,
  month,
  trades,
  volume,
  spent,
  warned,
  reservations,
  traderId: state.traderId,
  monthlyBudget: state.monthlyBudget,
  earlyEnds: state.earlyEnds,
  terminated: state.terminated,
});

function reserve(state: QuotaState, request: QuotaReserve, daily: Daily, emit: Emit): QuotaState {
  const { orderId, amount, ticket, approved } = request;
  if (ticket.exit) {
    emit(allowed('quota', orderId, '0'));
    return state;
  }
  const present = roll(state, deliveredAt(request));
  const own = present.reservations[orderId];
  // An order that was taken from an earlier day or month stays there: quotas count at acceptance.
  const { day, month } = own ?? present;
  const budgeted = ticket.side === 'buy' && !approved;
  const others = giveBack(present, orderId);
  const denial =
    deniedByEnd(state.earlyEnds, orderId) ??
    shortOf(others, quotasOf(state, daily), {
      trades: day === present.day ? '1' : undefined,
      volume: day === present.day ? amount : undefined,
      budget: budgeted && month === present.month ? amount : undefined,
    });
  if (denial) {
    // An earlier reservation of the same order stays until the order's end gives it back.
    emit(denied('quota', orderId, denial));
    return state;
  }
  emit(allowed('quota', orderId, amount));
  const filledAmount = own?.filledAmount ?? '0';
  const taken = take(others, orderId, { amount, budgeted, day, month, filledAmount });
  return announced(withUsage(state, taken), daily, emit);
}

function announced(state: QuotaState, daily: Daily, emit: Emit): QuotaState {
  const { facts, warned } = crossings(state.traderId, state, quotasOf(state, daily));
  for (const fact of facts) emit(fact);
  return facts.length > 0 ? { ...state, warned } : state;
}

function fill(state: QuotaState, fact: OrderFilled, daily: Daily, emit: Emit): QuotaState {
  const { orderId, quantity, price, symbol } = fact;
  // The end of an order stands: a late fill of one whose quota was given back is not counted again.
  if (!(orderId in state.reservations)) return state;
  const value = exact(quantity).times(price);
  const amount = text(value.times(multiplierOf(symbol)));
  const present = roll(state, deliveredAt(fact));
  if (!fact.end) return withUsage(state, filled(present, orderId, amount));
  return announced(withUsage(state, settle(present, orderId, amount)), daily, emit);
}

function end(state: QuotaState, fact: OrderEnded, daily: Daily, emit: Emit): QuotaState {
  // Of one that has its quota already a repeat may be on its way: who asks again after a restart asked before.
  const known = { ...state, earlyEnds: rememberEnd(state.earlyEnds, fact) };
  if (!(fact.orderId in state.reservations)) return known;
  return announced(withUsage(known, settle(roll(state, deliveredAt(fact)), fact.orderId)), daily, emit);
}

function step(state: QuotaState, message: QuotaMessage, daily: Daily, emit: Emit): QuotaState {
  switch (message.type) {
    case 'trader.created':
      return { ...state, traderId: message.traderId, monthlyBudget: fromNumber(message.config.budget) };
    case 'trader.terminated':
      return { ...state, terminated: true };
    case 'quota.reserve':
      return reserve(state, message, daily, emit);
    case 'quota.get':
      emit(answer(message.traderId, true, roll(state, deliveredAt(message)), quotasOf(state, daily)));
      return state;
    case 'order.filled':
      return fill(state, message, daily, emit);
    case 'order.ended':
      return end(state, message, daily, emit);
    default:
      return state;
  }
}

export function quotaLogic({ dailyTrades, dailyVolume }: QuotaOptions) {
  const daily: Daily = { dailyTrades: fromNumber(dailyTrades), dailyVolume: fromNumber(dailyVolume) };
  return functionLogic<QuotaState, QuotaMessage>(UNBORN, (state, message, emit) => step(state, message, daily, emit));
}

function answer(traderId: string, found: boolean, usage: Usage, quotas: Quotas): QuotaAnswered {
  return { type: 'quota.answered', traderId, found, ...allowances(usage, quotas) };
}

/** Nobody knows the trader, or it has been terminated: no quota but for exits. */
function unknown(message: Message): readonly Message[] {
  if (message.type === 'quota.get') {
    const none = { dailyTrades: '0', dailyVolume: '0', monthlyBudget: '0' };
    return [answer((message as QuotaGet).traderId, false, roll(UNUSED, deliveredAt(message)), none)];
  }
  if (message.type !== 'quota.reserve') return [];
  const { orderId, ticket } = message as QuotaReserve;
  if (ticket.exit) return [allowed('quota', orderId, '0')];
  const denial = deny('NO_LIMIT_CONFIGURED', 'quota', `There is no quota for trader ${ticket.traderId}.`);
  return [denied('quota', orderId, denial)];
}

const FACTS = ['order.filled', 'order.ended', 'trader.created', 'trader.terminated'];

export const quotaAgent = (options: QuotaOptions): AgentDefinition => ({
  address: 'quota',
  version: 1,
  durable: true,
  from: 'start',
  logic: quotaLogic(options),
  accepts: ['quota.reserve', 'quota.get'],
  reads: FACTS,
  ignores: ['resumed', ...FACTS],
  keyed: {
    key: (message) =>
      message.type === 'quota.reserve' ? (message as QuotaReserve).ticket.traderId : (message as QuotaGet).traderId,
    creates: ['trader.created'],
    ended: (state) => (state as QuotaState).terminated,
    unknown,
  },
});
