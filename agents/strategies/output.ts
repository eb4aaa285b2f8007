/** What a live run has put out, in parts that are given until somebody says that they are safe. The figures of a part are its moment's. */
import type { LiveAnswered, LiveCollect, LivePartMade } from '../../messages/live.ts';
import type { BacktestPart } from '../../runs/backtest/payload.ts';
import type { LiveRun } from '../../runs/live/live-run.ts';
import { summaryOf } from '../../runs/summary.ts';
import type { Emit } from '../../runtime/logic.ts';
import { type LiveState, linesOf, NOTHING_SAID, type Said, saved } from './state.ts';

/** New ticks alone are a part of their own only so often; with what asks every half second figures are never a second old. */
const FIGURES_EVERY_MS = 250;

export function hasNews(state: LiveState, run: LiveRun, at: number): boolean {
  const { said, told, toldPhase, toldAt, phase } = state;
  if (linesOf(said) > 0 || phase !== toldPhase) return true;
  return run.processed !== told && (at - toldAt >= FIGURES_EVERY_MS || at < toldAt);
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
  const { executionId, reason, part } = state;
  return {
    ...{ type: 'live.answered', executionId, found: true, state: stateOf(state), reason },
    ...{ part: isNews ? part + 1 : part, progressRatio: progressOf(state, at) },
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
  if (state.part > taken) return { next: state, output: state.output };
  if (!hasNews(state, run, at)) return { next: state, output: null };
  const { last } = run;
  const part: BacktestPart = {
    ...state.said,
    ...{ figures: summaryOf(run), marketAt: last?.at ?? at, progressRatio: progressOf(state, at) },
  };
  const output = JSON.stringify(part);
  const { processed: told } = run;
  const given = { part: taken + 1, output, told, toldPhase: state.phase, toldAt: at, said: NOTHING_SAID };
  return { next: made(saved({ ...state, ...given }, run), state.said, emit), output };
}

/** What a lost run has said since its newest part, with the figures of that part; null when that is nothing, or there never was a part. */
export function lastWords({ said, output }: LiveState): string | null {
  if (output === null || linesOf(said) === 0) return null;
  return JSON.stringify({ ...(JSON.parse(output) as BacktestPart), ...said } satisfies BacktestPart);
}
