/** What a live run has put out, in parts that are given until somebody says that they are safe. The figures of a part are its moment's. */
import type { LiveAnswered, LiveCollect, LivePartMade } from '../../messages/live.ts';
import type { BacktestPart } from '../../runs/backtest/payload.ts';
import type { LiveRun } from '../../runs/live/live-run.ts';
import { summaryOf } from '../../runs/summary.ts';
import type { Emit } from '../../runtime/logic.ts';
import { type LiveState, linesOf, NOTHING_SAID, type Said, saved } from './state.ts';

/** New ticks alone are a part of their own only so often; with what asks every half second figures are never a second old. */
const FIGURES_EVERY_MS = 250;
/** So often what a run has learnt of the market is written down though it says nothing: a crash costs no more market than the restart behind it. */
const CHECKPOINT_EVERY_MS = 10_000;

type Given = Pick<LiveState, 'part' | 'output' | 'told' | 'toldAt'>;

/** The newest part of a run that holds no line: no row is worth it, the next question behind a restart has a newer one. */
const glimpses = new WeakMap<LiveRun, Given>();

function newest(state: LiveState, run: LiveRun): Given {
  const glimpse = glimpses.get(run);
  return glimpse && glimpse.part > state.part ? glimpse : state;
}

const isPast = (at: number, since: number, ms: number): boolean => at - since >= ms || at < since;

/** What must not be lost, or has not been written down for long. */
const isWorthARow = ({ said, phase, toldPhase, toldAt }: LiveState, at: number): boolean =>
  linesOf(said) > 0 || phase !== toldPhase || isPast(at, toldAt, CHECKPOINT_EVERY_MS);

export function hasNews(state: LiveState, run: LiveRun, at: number): boolean {
  if (linesOf(state.said) > 0 || state.phase !== state.toldPhase) return true;
  const { told, toldAt } = newest(state, run);
  return run.processed !== told && isPast(at, toldAt, FIGURES_EVERY_MS);
}

function progressOf({ task: { startAt, endAt }, end }: LiveState, at: number): number {
  if (end === 'done') return 1;
  if (startAt === null || endAt === null) return 0;
  return Math.min(1, Math.max(0, (at - startAt) / (endAt - startAt)));
}

function stateOf({ phase, end, wasPaused }: LiveState): LiveAnswered['state'] {
  if (phase === 'ended' || phase === 'lost' || phase === 'gone') return end ?? 'stopped';
  return phase === 'paused' || (phase === 'closing' && wasPaused) ? 'paused' : 'running';
}

export function answerOf(state: LiveState, isNews: boolean, at: number): LiveAnswered {
  const { executionId, reason } = state;
  return {
    ...{ type: 'live.answered', executionId, found: true, state: stateOf(state), reason },
    ...{ isNews, progressRatio: progressOf(state, at) },
  };
}

/** The row behind a part that was made: on record, because nothing else tells of the change. */
export function made(state: LiveState, said: Said, emit: Emit): LiveState {
  const { executionId, part, told } = state;
  const { events, trades } = said;
  const lines = { events: events.length, trades: trades.length };
  emit<LivePartMade>({ type: 'live.part-made', executionId, part, processed: Math.max(0, told), ...lines });
  return state;
}

/** The part behind those that are safe; null when there is nothing new. The same question has the same answer. */
export function partAfter(state: LiveState, run: LiveRun, { taken }: LiveCollect, at: number, emit: Emit) {
  const known = newest(state, run);
  if (known.part > taken) return { next: state, output: known.output };
  if (!hasNews(state, run, at)) return { next: state, output: null };
  const { last } = run;
  const part: BacktestPart = {
    ...state.said,
    ...{ figures: summaryOf(run), marketAt: last?.at ?? at, progressRatio: progressOf(state, at) },
  };
  const given: Given = { part: taken + 1, output: JSON.stringify(part), told: run.processed, toldAt: at };
  if (!isWorthARow(state, at)) {
    glimpses.set(run, given);
    return { next: state, output: given.output };
  }
  const next = { ...state, ...given, toldPhase: state.phase, said: NOTHING_SAID };
  return { next: made(saved(next, run), state.said, emit), output: given.output };
}

/** What a lost run has said since its newest part, with the figures of that part; null when that is nothing, or there never was a part. */
export function lastWords({ said, output }: LiveState): string | null {
  if (output === null || linesOf(said) === 0) return null;
  return JSON.stringify({ ...(JSON.parse(output) as BacktestPart), ...said } satisfies BacktestPart);
}
