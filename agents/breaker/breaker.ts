/**
 * Halts trading and knows all halts. Each stop is an entity, so that it has a life of its own; each account is one, so that a
 * mark rewrites one small row; active halts and limits are shared, because every check needs all of them. What has been handed
 * over to venues is asked of the orders agent at a stop, not remembered twice. Invariant: only a named person ends a halt.
 */
import { allowed, denied } from '../../controls/answer.ts';
import { contextOf, decide } from '../../controls/decide.ts';
import { derivedUuid } from '../../domain/derived-id.ts';
import { deliveredAt } from '../../messages/delivered.ts';
import type { HaltCheck } from '../../messages/gate.ts';
import type {
  EquityMark,
  Halt,
  TradingHalted,
  TradingResume,
  TradingResumeAnswered,
  TradingResumed,
} from '../../messages/halt.ts';
import { type LimitsChanged, limitsOf, type TradingLimits } from '../../messages/limits.ts';
import type { GateAnswered } from '../../messages/order.ts';
import type { AgentDefinition } from '../../runtime/agent.ts';
import type { AgentLifecycle } from '../../runtime/lifecycle.ts';
import { functionLogic } from '../../runtime/logic.ts';
import type { Message } from '../../runtime/message.ts';
import { BREAKER, type PreparedMark, stepEquity, type Watched } from './equity.ts';
import { type Stop, type StopMessage, stepStop } from './stops.ts';

export interface BreakerOptions {
  /** In force until a `limits.changed`; without any nothing is watched, and no gate lets an order pass. */
  readonly limits: TradingLimits | undefined;
  /** A stop is released by another person than the one who triggered it. */
  readonly fourEyes: boolean;
}

interface Known {
  readonly halts: readonly Halt[];
  readonly limits: TradingLimits | null;
}

/** One of the two: a stop, or a watched account. */
interface Entity {
  readonly stop: Stop | null;
  readonly account: Watched | null;
}

type SharedMessage = TradingHalted | TradingResumed | LimitsChanged | HaltCheck | AgentLifecycle;

function check(request: HaltCheck, halts: readonly Halt[]): GateAnswered {
  const denial = decide('halt', contextOf(request, undefined, { halts }));
  return denial ? denied('halt', request.orderId, denial) : allowed('halt', request.orderId);
}

/** What must never be has been: an agent that breaks an invariant has crashed, and the whole house stops until a person has looked. */
function stopFor(crash: AgentLifecycle, halts: readonly Halt[]): TradingHalted | undefined {
  if (crash.type !== 'agent.crashed' || !crash.reason.includes('Invariant:')) return undefined;
  const reason = `${crash.agent} crashed: ${crash.reason}`;
  // One stop for one cause: it crashes again with every try.
  if (halts.some((halt) => halt.by === BREAKER && halt.reason === reason)) return undefined;
  const stopId = derivedUuid(BREAKER, reason, deliveredAt(crash));
  return { type: 'trading.halted', stopId, scope: 'system', reason, by: BREAKER };
}

const withHalt = (known: Known, { type, at, ...halt }: TradingHalted): Known =>
  known.halts.some(({ stopId }) => stopId === halt.stopId) ? known : { ...known, halts: [...known.halts, halt] };

const knowledge = functionLogic<Known, SharedMessage>({ halts: [], limits: null }, (known, message, emit) => {
  switch (message.type) {
    case 'trading.halted':
      return withHalt(known, message);
    case 'trading.resumed':
      return { ...known, halts: known.halts.filter(({ stopId }) => stopId !== message.stopId) };
    case 'limits.changed':
      return { ...known, limits: message.limits };
    case 'agent.crashed': {
      const stop = stopFor(message, known.halts);
      if (!stop) return known;
      emit(stop);
      // Not only when its fact is read back: the next crash of the same cause may wait behind this one.
      return withHalt(known, stop);
    }
    case 'halt.check':
      emit(check(message, known.halts));
      return known;
    default:
      return known;
  }
});

const logicFor = (fourEyes: boolean) =>
  functionLogic<Entity, StopMessage | PreparedMark>({ stop: null, account: null }, (entity, message, emit) => {
    if (message.type === 'equity.mark') {
      const account = stepEquity(entity.account, message, emit);
      return account === entity.account ? entity : { ...entity, account };
    }
    const stop = stepStop(entity.stop, message, fourEyes, emit);
    return stop === entity.stop ? entity : { ...entity, stop };
  });

function entityOf(message: StopMessage | EquityMark | SharedMessage): string | undefined {
  switch (message.type) {
    case 'trading.halt':
    case 'trading.halted':
    case 'trading.resume':
      return `stop/${message.stopId}`;
    case 'orders.open-answered':
      return `stop/${message.requestId}`;
    case 'equity.mark':
      return `account/${message.accountId}`;
    default:
      return undefined;
  }
}

function prepareMark(mark: EquityMark, { halts }: Known, limits: TradingLimits | undefined): PreparedMark {
  const { type, at, accountId, equity } = mark;
  return {
    type,
    at,
    accountId,
    equity,
    limits: limitsOf(limits, accountId),
    halted: halts.some(({ by, targetId }) => by === BREAKER && targetId === accountId),
  };
}

function notFound(message: Message): readonly TradingResumeAnswered[] {
  if (message.type !== 'trading.resume') return [];
  return [{ type: 'trading.resume-answered', stopId: (message as TradingResume).stopId, outcome: 'not-found' }];
}

export function breakerAgent({ limits, fourEyes }: BreakerOptions): AgentDefinition {
  return {
    address: 'breaker',
    version: 1,
    logic: logicFor(fourEyes),
    shared: knowledge,
    accepts: ['trading.halt', 'trading.resume', 'halt.check', 'equity.mark'],
    // Its own facts too: a halt counts from its fact on, whoever caused it.
    reads: ['trading.halted', 'trading.resumed', 'limits.changed', 'agent.crashed'],
    awaits: ['orders.open-answered'],
    durable: true,
    from: 'start',
    keyed: {
      key: (message) => entityOf(message as StopMessage | EquityMark | SharedMessage),
      creates: ['trading.halt', 'trading.halted', 'equity.mark'],
      ended: (state) => (state as Entity).stop?.status === 'forgotten',
      unknown: notFound,
    },
    prepare(message, shared) {
      if (message.type !== 'equity.mark') return message;
      const known = shared as Known;
      return prepareMark(message as EquityMark, known, known.limits ?? limits);
    },
    ignores: [
      ...['resumed', 'equity.mark', 'trading.halted', 'trading.resumed', 'orders.open-answered'],
      'agent.crashed',
    ],
  };
}
