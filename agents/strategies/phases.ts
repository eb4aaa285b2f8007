/** How a live run comes to its end. Invariant: it ends only flat and with no order under way; why its end began first is what is told. */
import type { LiveRun } from '../../runs/live/live-run.ts';
import type { LiveState } from './state.ts';

export function closing(
  state: LiveState,
  run: LiveRun,
  end: NonNullable<LiveState['end']>,
  reason: string | null,
): LiveState {
  if (state.phase === 'closing' || state.phase === 'ended') return state;
  run.closeAll('end');
  return { ...state, phase: 'closing', wasPaused: state.phase === 'paused', end, reason, exitsFrom: 0 };
}

export function finished(state: LiveState, run: LiveRun, at: number): LiveState {
  if (state.phase !== 'closing') return state;
  if (state.working || !run.isFlat) return state;
  run.finish(at);
  return { ...state, phase: 'ended' };
}

/** A strategy that throws ends its run, and not the house: what it holds is closed as at any end. */
export function broken(state: LiveState, run: LiveRun, error: unknown, at: number): LiveState {
  const reason = failureOf(error);
  run.failed(reason, at);
  return closing(state, run, 'failed', reason);
}

export const failureOf = (error: unknown): string => `the strategy failed: ${messageOf(error)}`;

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
