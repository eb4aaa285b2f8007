/**
 * The compliance gate: may this trader place this order, and not too many or the same one too often? Invariant: a repeated
 * request of one order counts once.
 */
import { allowed, denied } from '../../controls/answer.ts';
import type { PassedOrders } from '../../controls/control.ts';
import { contextOf, decide } from '../../controls/decide.ts';
import type { Denial } from '../../domain/denial.ts';
import { derivedUuid } from '../../domain/derived-id.ts';
import { deliveredAt } from '../../messages/delivered.ts';
import type { ComplianceCheck } from '../../messages/gate.ts';
import type { TradingHalted } from '../../messages/halt.ts';
import type { TradingLimits } from '../../messages/limits.ts';
import type { TraderCreated, TraderReactivated, TraderTerminated, TraderWindingDown } from '../../messages/trader.ts';
import type { AgentDefinition } from '../../runtime/agent.ts';
import { type Emit, functionLogic } from '../../runtime/logic.ts';
import type { Message } from '../../runtime/message.ts';
import { type Limited, limitsInForce, withLimits } from '../limits-in-force.ts';
import { type AnsweredOrder, count, earlierAnswer, passedOrders, remember } from './recent.ts';
import { COMPLIANCE_VERSION, upgradeCompliance } from './rows.ts';
import { nextRun, type Run, repeatsOf } from './run.ts';

/** In whose name a trader is stopped that repeats itself. */
const THROTTLE = 'repeat-throttle';

export interface ComplianceState {
  readonly status: 'active' | 'winding-down' | 'terminated';
  readonly answered: readonly AnsweredOrder[];
  readonly passed: readonly PassedOrders[];
  /** The order that was placed last, and when, in a row; absent until the first. */
  readonly run?: Run | undefined;
}

type TraderFact = TraderCreated | TraderWindingDown | TraderReactivated | TraderTerminated;
type ComplianceMessage = TraderFact | Limited<ComplianceCheck>;

const STATUS_AFTER = {
  'trader.created': 'active',
  'trader.winding-down': 'winding-down',
  'trader.reactivated': 'active',
  'trader.terminated': 'terminated',
} as const;

function step(state: ComplianceState, message: ComplianceMessage, emit: Emit): ComplianceState {
  if (message.type === 'compliance.check') return check(state, message, emit);
  return message.type in STATUS_AFTER ? { ...state, status: STATUS_AFTER[message.type] } : state;
}

function check(state: ComplianceState, request: Limited<ComplianceCheck>, emit: Emit): ComplianceState {
  const { orderId, ticket, limits } = request;
  const at = deliveredAt(request);
  const earlier = earlierAnswer(state.answered, orderId);
  const isRepeat = earlier !== undefined;
  const denial = earlier ?? decision(state, request, isRepeat);
  emit(denial ? denied('compliance', orderId, denial) : allowed('compliance', orderId));
  if (isRepeat) return state;
  const answered = remember(state.answered, ticket, at, limits, denial);
  const { status, passed, run } = state;
  if (denial)
    return { status, answered, passed, run: denial.code === 'REPEATED_ORDER' ? throttle(request, denial, emit) : run };
  return { status, answered, passed: count(passed, at, limits), run: nextRun(run, ticket, at, limits) };
}

/** The trader is halted until a named person releases it; then it counts anew. */
function throttle(request: Limited<ComplianceCheck>, { explanation }: Denial, emit: Emit): undefined {
  const { traderId } = request.ticket;
  const halted: TradingHalted = {
    type: 'trading.halted',
    stopId: derivedUuid(THROTTLE, traderId, request.orderId),
    scope: 'agent',
    targetId: traderId,
    reason: explanation,
    by: THROTTLE,
  };
  emit(halted);
}

/** A repeat has passed the counting controls already; the others it meets as they now stand. */
function decision(state: ComplianceState, request: Limited<ComplianceCheck>, repeat: boolean): Denial | undefined {
  const { limits } = request;
  const known = {
    trader: state,
    recent: repeat ? [] : passedOrders(state.answered, deliveredAt(request), limits),
    passed: repeat ? [] : state.passed,
    repeats: repeat ? 0 : repeatsOf(state.run, request.ticket, deliveredAt(request), limits),
  };
  return decide('compliance', contextOf(request, limits, known));
}

/** Nobody knows the trader, or it has been terminated. */
function unknown(message: Message): readonly Message[] {
  if (message.type !== 'compliance.check') return [];
  const request = message as Limited<ComplianceCheck>;
  const denial = decide('compliance', contextOf(request, request.limits, { trader: undefined }));
  return [denial ? denied('compliance', request.orderId, denial) : allowed('compliance', request.orderId)];
}

export const complianceLogic = functionLogic<ComplianceState, ComplianceMessage>(
  { status: 'active', answered: [], passed: [] },
  step,
);

const TRADER_FACTS = Object.keys(STATUS_AFTER);

export const complianceAgent = (initial: TradingLimits | undefined): AgentDefinition => ({
  address: 'compliance',
  version: COMPLIANCE_VERSION,
  upgrade: upgradeCompliance,
  durable: true,
  from: 'start',
  logic: complianceLogic,
  shared: limitsInForce(initial),
  prepare: withLimits('compliance.check'),
  accepts: ['compliance.check'],
  reads: ['limits.changed', ...TRADER_FACTS],
  ignores: ['resumed', 'limits.changed', ...TRADER_FACTS],
  keyed: {
    key(message) {
      if (message.type === 'compliance.check') return (message as ComplianceCheck).ticket.traderId;
      return message.type === 'limits.changed' ? undefined : (message as TraderFact).traderId;
    },
    creates: ['trader.created'],
    ended: (state) => (state as ComplianceState).status === 'terminated',
    unknown,
  },
});
