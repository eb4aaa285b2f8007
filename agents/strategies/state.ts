/**
 * What is remembered of a live run: its row. The running strategy itself is kept beside it and is ahead of the row by the ticks of some seconds
 * at most; a row that was loaded goes on from its own checkpoint. Invariant: whatever is said or ordered is in the row.
 */
import { findInstrument, type Instrument } from '../../domain/instrument.ts';
import type { EquityPoint, RunEvent, RunTrade } from '../../domain/run.ts';
import { TIMEFRAMES_MS } from '../../market/series/store.ts';
import type { RunCreated, TaskView } from '../../messages/run.ts';
import { termsOf } from '../../runs/engine/terms.ts';
import { type LivePlan, LiveRun } from '../../runs/live/live-run.ts';
import type { Wish } from '../../runs/live/wish.ts';
import { findStrategy } from '../../strategies/all.ts';
import type { Memory } from '../../strategies/memory.ts';

/** The order under way, and what it has come to so far. */
export interface Working {
  readonly orderId: string;
  readonly wish: Wish;
  /** Market time of its submission. */
  readonly since: number;
  readonly units: number;
  /** Sum of units × price. */
  readonly cost: number;
  readonly commission: number;
  readonly canceling: boolean;
}

export interface Said {
  readonly events: readonly RunEvent[];
  readonly trades: readonly RunTrade[];
  readonly equity: readonly EquityPoint[];
}
export const linesOf = ({ events, trades, equity }: Said): number => events.length + trades.length + equity.length;
export const NOTHING_SAID: Said = { events: [], trades: [], equity: [] };

/** `closing`: no entries any more, everything is being closed. `lost`: ended, its memory can't be read. `gone`: the end is known everywhere. */
export type Phase = 'none' | 'running' | 'paused' | 'closing' | 'ended' | 'lost' | 'gone';

export interface LiveState {
  readonly executionId: number;
  readonly task: Pick<TaskView, 'taskId' | 'userId' | 'symbol' | 'strategyType' | 'parameters' | 'granularity'> &
    Pick<TaskView, 'startAt' | 'endAt' | 'name'>;
  readonly accountId: string;
  /** Who started it, or let it go on, in the user's name: nobody who may approve what it orders. Absent: the user. */
  readonly actor?: string | undefined;
  readonly phase: Phase;
  /** It was paused when its end began. */
  readonly wasPaused: boolean;
  readonly end: 'stopped' | 'done' | 'failed' | null;
  readonly reason: string | null;
  /** Orders so far: the last part of the next one's id. */
  readonly orders: number;
  readonly working: Working | null;
  /** The order before, for fills that come late. */
  readonly before: Working | null;
  /** No entry, no exit is tried before these market times. */
  readonly entriesFrom: number;
  readonly exitsFrom: number;
  /** How often in a row the account did not hold what an exit was to close, and how often in a row nothing of one was filled. */
  readonly unheld: number;
  readonly refusals: number;
  /** What the account has told the next exit to keep to. */
  readonly exitUnitsMax: number | null;
  /** The newest part that was given out, and its text. */
  readonly part: number;
  readonly output: string | null;
  /** How many ticks that part knew, in which phase, and its market time. */
  readonly told: number;
  readonly toldPhase: Phase;
  readonly toldAt: number;
  /** Said since that part. */
  readonly said: Said;
  readonly memory: Memory;
}

const NO_TASK: LiveState['task'] = {
  ...{ taskId: 0, userId: '', name: '', symbol: '', strategyType: '', parameters: {}, granularity: 'ticks' },
  ...{ startAt: null, endAt: null },
};
export const NO_RUN: LiveState = {
  ...{ executionId: 0, task: NO_TASK, accountId: '', phase: 'none', wasPaused: false, end: null, reason: null },
  ...{ orders: 0, working: null, before: null, entriesFrom: 0, exitsFrom: 0, unheld: 0, refusals: 0 },
  exitUnitsMax: null,
  ...{ part: 0, output: null, told: -1, toldPhase: 'none', toldAt: 0, said: NOTHING_SAID, memory: null },
};

/** A trader of the task's own: each of its runs trades for it. */
export const traderOf = ({ task }: LiveState): string => `agent-task-${task.taskId}`;

export function instrumentOf({ task: { symbol } }: LiveState): Instrument {
  const instrument = findInstrument(symbol);
  if (!instrument) throw new Error(`Invariant: a task's instrument is known, not ${symbol}`);
  return instrument;
}

function planOf(state: LiveState): LivePlan {
  const { strategyType, parameters, granularity } = state.task;
  const strategy = findStrategy(strategyType);
  if (!strategy) throw new Error(`Invariant: a task's strategy is known, not ${strategyType}`);
  const timeframeMs = granularity === 'ticks' ? 1 : TIMEFRAMES_MS[granularity];
  return { strategy, parameters, terms: termsOf(instrumentOf(state)), timeframeMs };
}

/** The strategy that belongs to a row; it dies with the row object, when the agent is dropped and loaded anew. */
const warm = new WeakMap<LiveState, LiveRun>();

export function runOf(state: LiveState): LiveRun {
  const known = warm.get(state);
  if (known) return known;
  const run = LiveRun.resume(planOf(state), state.memory);
  warm.set(state, run);
  return run;
}

/** After a failed step the fields of a strategy are anything: the row's are taken again. */
export const coolDown = (state: LiveState): boolean => warm.delete(state);

/** The row with everything that the run has done and said. */
export function saved(state: LiveState, run: LiveRun): LiveState {
  const { events, trades, equity } = run.take();
  const said: Said = {
    events: [...state.said.events, ...events],
    trades: [...state.said.trades, ...trades],
    equity: [...state.said.equity, ...equity],
  };
  const next: LiveState = { ...state, said, memory: run.checkpoint() };
  warm.set(next, run);
  return next;
}

/** The row of a run before its strategy is there. */
export function firstOf({ executionId, task, by }: RunCreated): LiveState {
  const { taskId, userId, name, symbol, strategyType, parameters, granularity, startAt, endAt, accountId } = task;
  const kept = { taskId, userId, name, symbol, strategyType, parameters, granularity, startAt, endAt };
  return { ...NO_RUN, executionId, task: kept, accountId: accountId ?? '', actor: actorOf(kept, by), phase: 'running' };
}

export const actorOf = ({ userId }: Pick<TaskView, 'userId'>, by: string): string | undefined =>
  by === userId ? undefined : by;

export const begun = (first: LiveState): LiveState => saved(first, new LiveRun(planOf(first)));
