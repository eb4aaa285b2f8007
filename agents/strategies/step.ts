/**
 * One turn of a live run: a tick, a person's signal, what became of an order, or a look at what it has put out. Invariant: a paused run
 * enters nothing, and sees the market and leaves it as ever.
 */

import { deliveredAt } from '../../messages/delivered.ts';
import type { LiveAnswered, LiveCollect, LiveCollected } from '../../messages/live.ts';
import type { Quote } from '../../messages/market.ts';
import type { RunCreated, RunSignalled } from '../../messages/run.ts';
import type { TraderCreate } from '../../messages/trader.ts';
import type { LiveRun } from '../../runs/live/live-run.ts';
import type { Emit } from '../../runtime/logic.ts';
import type { Taken } from './message.ts';
import { askAfter, ended, filled, lost as lostOrder, order, patience, stillThere } from './orders.ts';
import { answerOf, hasNews, partAfter } from './output.ts';
import { broken, closing, finished } from './phases.ts';
import { guarded, lost, stepLost } from './rescue.ts';
import { actorOf, begun, firstOf, type LiveState, runOf, saved, traderOf } from './state.ts';

/** A month's budget is for traders of people; a run is held by the day's quotas and its account's limits. */
const BUDGET = 1_000_000_000_000;

export function stepLive(state: LiveState, message: Taken, emit: Emit): LiveState {
  if (state.phase === 'none') return message.type === 'run.created' ? begin(message, emit) : state;
  return state.phase === 'lost' ? stepLost(state, message, emit) : guarded(step, state, message, emit);
}

function step(state: LiveState, message: Taken, emit: Emit): LiveState {
  const at = deliveredAt(message);
  switch (message.type) {
    case 'market.quote':
      return tick(state, message, emit);
    case 'run.signalled':
      return signalled(state, message, at, emit);
    case 'order.filled':
      return acted(state, at, emit, (run) => filled(state, run, message, at, emit));
    case 'order.ended':
      return acted(state, at, emit, (run) => ended(state, run, message, at, emit));
    case 'order.answered': {
      const { order: known, orderId } = message;
      if (known !== null) return acted(state, at, emit, () => stillThere(state, orderId));
      return acted(state, at, emit, (run) => lostOrder(state, run, orderId, at, emit));
    }
    case 'run.changed':
      return { ...state, phase: 'gone' };
    case 'live.get':
      emit<LiveAnswered>(answerOf(state, hasNews(state, runOf(state), at), at));
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

/** A plan that can't be begun (its parameters' bounds have changed, say) is a run that fails. */
function begin(created: RunCreated, emit: Emit): LiveState {
  const first = firstOf(created);
  try {
    const state = begun(first);
    emit(traderFor(state));
    return state;
  } catch (error) {
    return lost(first, created, error, emit);
  }
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
  const next = finished(order(patience(present, run, at, emit), run, at, emit), run, at);
  return next === state && run.untaken === 0 ? state : saved(next, run);
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
      // Paused, too: bars have no holes and averages no jumps. What it would enter meanwhile is forgotten.
      run.tick({ at, bid, ask, price, volume }, present.phase !== 'closing');
    } catch (error) {
      return broken(present, run, error, at);
    }
    return present;
  });
}

function timely(state: LiveState, run: LiveRun, at: number): LiveState {
  const { endAt } = state.task;
  return endAt !== null && at >= endAt ? closing(state, run, 'done', null) : state;
}

function signalled(state: LiveState, { signal, by }: RunSignalled, at: number, emit: Emit): LiveState {
  return acted(state, at, emit, (run) => {
    if (signal === 'stop') return closing(state, run, 'stopped', null);
    if (signal === 'pause') return state.phase === 'running' ? { ...state, phase: 'paused' } : state;
    if (state.phase !== 'paused') return state;
    run.missAll();
    return { ...state, actor: actorOf(state.task, by), phase: 'running' };
  });
}

function collect(before: LiveState, message: LiveCollect, at: number, emit: Emit): LiveState {
  const state = acted(before, at, emit, (run) => timely(before, run, at));
  const { next, output } = partAfter(state, runOf(state), message, at, emit);
  const { executionId, taken } = message;
  emit<LiveCollected>({ type: 'live.collected', executionId, part: taken + 1, output });
  return next;
}
