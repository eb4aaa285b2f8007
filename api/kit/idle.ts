/** A body that stops coming in. Only time in which we wait for the client counts: while our own disk is slow nobody is to blame. */
import type { Readable } from 'node:stream';
import type { Clock } from '../../runtime/ports.ts';
import { Problem } from './problem.ts';

/** A line that says nothing for so long is given up, and its place is another's. */
export const IDLE_MS_MAX = 30_000;

const stalled = (): Problem =>
  new Problem('timeout', `Nothing has come in for ${IDLE_MS_MAX / 1_000} s`, { headers: { Connection: 'close' } });

/** Calls `fail` once, with a Problem; the function that is returned ends the watch. To be called where `source` begins to flow. */
export function watchIdle(
  source: Readable,
  clock: Pick<Clock, 'monotonic' | 'at'>,
  fail: (problem: Problem) => void,
): () => void {
  let heardMs = clock.monotonic();
  let cancel: () => void;
  const arm = (): void => {
    cancel = clock.at('monotonic', heardMs + IDLE_MS_MAX, check);
  };
  const check = (): void => {
    if (source.isPaused()) heardMs = clock.monotonic();
    if (clock.monotonic() - heardMs < IDLE_MS_MAX) arm();
    else fail(stalled());
  };
  source.on('data', () => {
    heardMs = clock.monotonic();
  });
  arm();
  return () => cancel();
}
