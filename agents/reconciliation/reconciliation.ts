/**
 * Holds our books against the venue's: at a start, when it is told that it is time, when somebody asks. A finding halts its account for everything but
 * reduction, and our books follow the venue. Invariant: what the venue can't tell changes nothing.
 */
import { deliveredAt } from '../../messages/delivered.ts';
import type { TradingHalted, TradingResumed } from '../../messages/halt.ts';
import type { OrderFilled, OrderReconcile } from '../../messages/order.ts';
import type {
  BooksCompared,
  CashDifference,
  ExternalOrder,
  ReconciliationAnswered,
  ReconciliationConcluded,
  ReconciliationGet,
  ReconciliationRequested,
  ReconciliationRun,
} from '../../messages/reconciliation.ts';
import type { AgentDefinition } from '../../runtime/agent.ts';
import type { Resumed } from '../../runtime/lifecycle.ts';
import { afterInMemory, type Emit, functionLogic } from '../../runtime/logic.ts';
import type { Message } from '../../runtime/message.ts';
import { adopt, RECONCILIATION } from './adopt.ts';
import { type ReconciliationEffectOptions, reconciliationEffects } from './effects.ts';
import { announcedCash, CONFIRM_MS, type Findings, findingsOf, positionName, type Suspects } from './findings.ts';
import { turns } from './synthetic.ts';

/** A comparison that takes longer is given up; its answer is dropped. */
const PATIENCE_MS = 300_000;

interface ReconciliationState {
  readonly cycle: number;
  readonly askedAt: number | null;
  readonly underWay: boolean;
  readonly comparedAt: number | null;
  readonly outcome: ReconciliationConcluded['outcome'] | null;
  readonly reason: string | null;
  readonly unansweredInARow: number;
  readonly compared: BooksCompared['compared'];
  readonly suspects: Suspects;
  /** Suspected positions that a fill has moved since the look under way was asked for: it may not have seen it. */
  readonly moved: readonly string[];
  readonly external: readonly ExternalOrder[];
  readonly findings: number;
  /** Cash that differs and has been announced; absent while there is none. */
  readonly cash?: readonly CashDifference[] | undefined;
  /** Our own halts in force: stop id and account. */
  readonly halts: Readonly<Record<string, string>>;
}

const NEVER: ReconciliationState = {
  cycle: 0,
  askedAt: null,
  underWay: false,
  comparedAt: null,
  outcome: null,
  reason: null,
  unansweredInARow: 0,
  compared: { orders: 0, positions: 0, skipped: 0 },
  suspects: {},
  moved: [],
  external: [],
  findings: 0,
  halts: {},
};

/** A difference that was seen once is looked at again. */
type Due = Message & { readonly type: 'reconciliation.due' };
type ReconciliationMessage =
  | Resumed
  | Due
  | ReconciliationRun
  | ReconciliationGet
  | BooksCompared
  | TradingHalted
  | TradingResumed
  | OrderFilled;

const NO_CASH: readonly CashDifference[] = [];

function request(
  state: ReconciliationState,
  message: Resumed | Due | ReconciliationRun,
  emit: Emit,
): ReconciliationState {
  const at = deliveredAt(message);
  // After a waking nobody knows of the question that was under way: the effect that may still answer it is of an older cycle.
  const waits = message.type !== 'resumed' && state.underWay && at - (state.askedAt ?? at) < PATIENCE_MS;
  if (waits) return state;
  const cycle = state.cycle + 1;
  const asked: Pick<ReconciliationRequested, 'why' | 'by'> =
    message.type === 'resumed'
      ? { why: 'start' }
      : message.type === 'reconciliation.due'
        ? { why: 'confirm' }
        : { why: message.why, by: message.by };
  const fact: ReconciliationRequested = { type: 'reconciliation.requested', cycle, ...asked };
  emit(fact);
  // What an earlier life has seen is seen afresh: news that were on their way when it ended come again, and need their time for it.
  const suspects = message.type === 'resumed' ? {} : state.suspects;
  return { ...state, cycle, askedAt: at, underWay: true, suspects, moved: [] };
}

function unanswered(state: ReconciliationState, reason: string, venueName: string, emit: Emit) {
  if (state.outcome !== 'unknown') {
    const concluded: ReconciliationConcluded = {
      ...{ type: 'reconciliation.concluded', cycle: state.cycle, venue: venueName, outcome: 'unknown', reason },
      ...{ severity: 'normal', orders: [], positions: [], external: [] },
    };
    emit(concluded);
  }
  const unansweredInARow = state.unansweredInARow + 1;
  return { ...state, underWay: false, outcome: 'unknown', reason, unansweredInARow } as const;
}

function outcomeOf(found: Findings, announced: readonly unknown[], before: ReconciliationState['outcome']) {
  const { orders, positions, suspects } = found;
  if (orders.length + positions.length + announced.length > 0) return 'differs';
  // What is only suspected says nothing yet.
  return Object.keys(suspects).length > 0 ? before : 'agrees';
}

function severityOf({ orders, positions, external, cash }: Findings): ReconciliationConcluded['severity'] {
  if (positions.some(turns) || external.some(({ ours }) => ours)) return 'high';
  return orders.length + positions.length + external.length + cash.length > 0 ? 'normal' : 'none';
}

function conclude(state: ReconciliationState, answer: BooksCompared, venueName: string, emit: Emit) {
  if (answer.cycle !== state.cycle) return state;
  if (answer.failed !== undefined) return unanswered(state, answer.failed, venueName, emit);
  const answeredAt = deliveredAt(answer);
  const resting = answer.positions.filter((seen) => !state.moved.includes(positionName(seen.accountId, seen.symbol)));
  const known = state.cash ?? NO_CASH;
  const found = findingsOf({ ...answer, positions: resting }, state.suspects, state.external, known);
  const { orders, positions, external, suspects } = found;
  const cash = announcedCash(known, found.cash, answer.cash);
  const changed = new Set([...external, ...found.gone].map(({ clientOrderId }) => clientOrderId));
  const unchanged = state.external.filter(({ clientOrderId }) => !changed.has(clientOrderId));
  const announced = [...unchanged, ...external];
  const outcome = outcomeOf(found, [...announced, ...cash], state.outcome);
  const findings = orders.length + positions.length + external.length + found.cash.length;
  if (outcome && (findings > 0 || outcome !== state.outcome)) {
    const concluded: ReconciliationConcluded = {
      ...{ type: 'reconciliation.concluded', cycle: state.cycle, venue: venueName, outcome },
      ...{ severity: severityOf(found), orders: [...orders], positions: [...positions], external: [...external] },
      ...(found.cash.length > 0 && { cash: [...found.cash] }),
    };
    emit(concluded);
  }
  adopt(found, unchanged, state.cycle, new Set(Object.values(state.halts)), emit);
  for (const { orderId, what } of orders) {
    const lookUp: OrderReconcile = { type: 'order.reconcile', orderId, reason: `reconciliation: ${what}` };
    emit(lookUp);
  }
  const again: Due = { type: 'reconciliation.due' };
  if (Object.keys(suspects).length > 0) emit(afterInMemory('confirm', CONFIRM_MS, again));
  return {
    ...state,
    ...{ underWay: false, comparedAt: answeredAt, outcome, reason: null, unansweredInARow: 0, suspects },
    compared: answer.compared,
    external: announced,
    cash: cash.length > 0 ? cash : undefined,
    findings: state.findings + findings,
  };
}

/** Halts of our own making count until somebody has released them, so that one difference is one halt. */
function remember(state: ReconciliationState, message: TradingHalted | TradingResumed): ReconciliationState {
  const { stopId } = message;
  if (message.type === 'trading.resumed') {
    if (!(stopId in state.halts)) return state;
    const { [stopId]: _released, ...halts } = state.halts;
    return { ...state, halts };
  }
  const { by, targetId } = message;
  if (by !== RECONCILIATION || targetId === undefined) return state;
  return { ...state, halts: { ...state.halts, [stopId]: targetId } };
}

function noteMove(state: ReconciliationState, { accountId, symbol }: OrderFilled): ReconciliationState {
  const name = positionName(accountId, symbol);
  if (!state.underWay || !(name in state.suspects) || state.moved.includes(name)) return state;
  return { ...state, moved: [...state.moved, name] };
}

function answerOf(state: ReconciliationState, venue: string): ReconciliationAnswered {
  const { suspects, halts, moved: _moved, ...known } = state;
  return {
    type: 'reconciliation.answered',
    venue,
    ...known,
    external: [...known.external],
    cash: [...(known.cash ?? NO_CASH)],
    suspected: Object.keys(suspects).sort(),
  };
}

function step(state: ReconciliationState, message: ReconciliationMessage, venueName: string, emit: Emit) {
  switch (message.type) {
    case 'resumed':
    case 'reconciliation.due':
      return request(state, message, emit);
    case 'reconciliation.run': {
      const asked = request(state, message, emit);
      emit(answerOf(asked, venueName));
      return asked;
    }
    case 'reconciliation.get':
      emit(answerOf(state, venueName));
      return state;
    case 'books.compared':
      return conclude(state, message, venueName, emit);
    case 'trading.halted':
    case 'trading.resumed':
      return remember(state, message);
    case 'order.filled':
      return noteMove(state, message);
  }
}

export function reconciliationAgent(options: ReconciliationEffectOptions): AgentDefinition {
  const { venue } = options;
  return {
    address: 'reconciliation',
    version: 1,
    durable: true,
    logic: functionLogic<ReconciliationState, ReconciliationMessage>(NEVER, (state, message, emit) =>
      step(state, message, venue.name, emit),
    ),
    accepts: ['reconciliation.run', 'reconciliation.get', 'books.compared'],
    reads: ['trading.halted', 'trading.resumed', 'order.filled'],
    ignores: ['resumed', 'books.compared', 'trading.halted', 'trading.resumed', 'order.filled'],
    effects: reconciliationEffects(options),
  };
}
