/**
 * One turn of a live run: a tick, a person's signal, what became of an order, or a look at what it has put out. Invariants: a run ends only
 * flat and with no order under way; a paused one enters nothing, and its resting exits go on.
 */

import { deliveredAt } from '../../messages/delivered.ts';
import type { LiveAnswered, LiveCollect, LiveCollected, LiveGet } from '../../messages/live.ts';
import type { Quote } from '../../messages/market.ts';
import type { OrderAnswered, OrderEnded, OrderFilled } from '../../messages/order.ts';
import type { RunChanged, RunCreated, RunSignalled } from '../../messages/run.ts';
import type { TraderCreate } from '../../messages/trader.ts';
import type { LiveRun } from '../../runs/live/live-run.ts';
import type { Resumed } from '../../runtime/lifecycle.ts';
import type { Emit } from '../../runtime/logic.ts';
import { askAfter, ended, filled, lost, order, patience } from './orders.ts';
import { answerOf, partAfter } from './output.ts';
import { begun, coolDown, type LiveState, runOf, saved, traderOf } from './state.ts';

export type Taken =
  | Quote
  | RunCreated
  | RunSignalled
  | RunChanged
  | OrderFilled
  | OrderEnded
  | OrderAnswered
  | LiveGet
  | LiveCollect
  | Resumed;

/** A month's budget is for traders of people; a run is held by the day's quotas and its account's limits. */
const BUDGET = 1_000_000_000_000;

export function stepLive(state: LiveState, message: Taken, emit: Emit): LiveState {
  if (state.phase === 'none') return message.type === 'run.created' ? begin(message, emit) : state;
  try {
    return step(state, message, emit);
  } catch (error) {
    coolDown(state);
    throw error;
  }
}

function step(state: LiveState, message: Taken, emit: Emit): LiveState {
  const at = message.type === 'resumed' ? 0 : deliveredAt(message);
  switch (message.type) {
    case 'market.quote':
      return tick(state, message, emit);
    case 'run.signalled':
      return signalled(state, message, at, emit);
    case 'order.filled':
      return acted(state, at, emit, (run) => filled(state, run, message, at, emit));
    case 'order.ended':
      return acted(state, at, emit, (run) => ended(state, run, message, at, emit));
    case 'order.answered':
      if (message.order !== null) return state;
      return acted(state, at, emit, (run) => lost(state, run, message.orderId, at, emit));
    case 'run.changed':
      return { ...state, phase: 'gone' };
    case 'live.get':
      emit<LiveAnswered>(answerOf(state, runOf(state), at));
      return state;
    case 'live.collect':
      return collect(state, message, at, emit);
    case 'resumed':
      if (state.orders === 0) emit(traderFor(state));
      askAfter(state, emit);
      return state;
    default:
      return state;
  }
}

function begin(created: RunCreated, emit: Emit): LiveState {
  const state = begun(created);
  emit(traderFor(state));
  return state;
}

function traderFor(state: LiveState): TraderCreate {
  const { userId, name } = state.task;
  return {
    ...{ type: 'trader.create', traderId: traderOf(state), accountId: state.accountId, userId, name, by: userId },
    config: { budget: BUDGET, strategy: 'balanced', riskTolerance: 'medium' },
  };
}

/** Whatever has changed is followed by the next order, or by the end; what changed nothing leaves the row as it is. */
function acted(state: LiveState, at: number, emit: Emit, act: (run: LiveRun) => LiveState): LiveState {
  const run = runOf(state);
  const present = act(run);
  // What fills while everything is being closed is closed as well.
  if (present.phase === 'closing') run.closeAll('end');
  const next = finished(order(patience(present, at, emit), run, at, emit), run, at);
  return next === state && run.untaken === 0 ? state : saved(next, run);
}

function finished(state: LiveState, run: LiveRun, at: number): LiveState {
  if (state.phase !== 'closing') return state;
  if (state.working || !run.isFlat) return state;
  run.finish(at);
  return { ...state, phase: 'ended' };
}

function closing(state: LiveState, run: LiveRun, end: NonNullable<LiveState['end']>, reason: string | null): LiveState {
  if (state.phase === 'closing' || state.phase === 'ended') return state;
  run.closeAll('end');
  return { ...state, phase: 'closing', wasPaused: state.phase === 'paused', end, reason, exitsFrom: 0 };
}

function tick(state: LiveState, quote: Quote, emit: Emit): LiveState {
  const { startAt } = state.task;
  const at = deliveredAt(quote);
  if (state.phase === 'ended' || (startAt !== null && at < startAt)) return state;
  return acted(state, at, emit, (run) => {
    const present = timely(state, run, at);
    if (present.phase === 'closing' && run.isFlat && !state.working) return present;
    const { bid, ask, last, volume = 0, simulated } = quote;
    // An invented quote's last is no print: it would be a coin toss between bid and ask.
    const price = simulated ? (bid + ask) / 2 : last;
    try {
      run.tick({ at, bid, ask, price, volume }, present.phase === 'running');
    } catch (error) {
      return broken(present, run, error, at);
    }
    return present;
  });
}

/** A strategy that throws ends its run, and not the house: what it holds is closed as at any end. */
function broken(state: LiveState, run: LiveRun, error: unknown, at: number): LiveState {
  const reason = `the strategy failed: ${error instanceof Error ? error.message : String(error)}`;
  run.failed(reason, at);
  return closing(state, run, 'failed', reason);
}

function timely(state: LiveState, run: LiveRun, at: number): LiveState {
  const { endAt } = state.task;
  return endAt !== null && at >= endAt ? closing(state, run, 'done', null) : state;
}

function signalled(state: LiveState, { signal }: RunSignalled, at: number, emit: Emit): LiveState {
  return acted(state, at, emit, (run) => {
    if (signal === 'stop') return closing(state, run, 'stopped', null);
    if (signal === 'pause') return state.phase === 'running' ? { ...state, phase: 'paused' } : state;
    return state.phase === 'paused' ? { ...state, phase: 'running' } : state;
  });
}

function collect(before: LiveState, { taken, executionId }: LiveCollect, at: number, emit: Emit): LiveState {
  const state = acted(before, at, emit, (run) => timely(before, run, at));
  const { next, output } = partAfter(state, runOf(state), taken, at);
  emit<LiveCollected>({ type: 'live.collected', executionId, part: taken + 1, output });
  return next;
}
