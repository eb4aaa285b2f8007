/**
 * Work that a house does by itself once a day, beside everything else: ten minutes after the start for the first time, and soon again where
 * it could not be done. By the steady clock: a replay's days pass in minutes.
 */
import type { Clock } from '../runtime/ports.ts';

const MINUTE_MS = 60_000;
/** Not at the start, when everything else is read; and soon enough for a house that is started anew each day. */
const AGAIN_MS = 10 * MINUTE_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;

export interface DailyWork {
  /** False: not now, soon again. */
  do(): Promise<boolean>;
  failed(error: unknown): void;
}

/** Begins it; what comes back ends it. */
export function daily(clock: Pick<Clock, 'monotonic' | 'at'>, work: DailyWork): () => void {
  let isOpen = true;
  let cancel = (): void => undefined;
  const next = (delayMs: number): void => {
    if (isOpen) cancel = clock.at('monotonic', clock.monotonic() + delayMs, look);
  };
  const failed = (error: unknown): void => {
    if (isOpen) work.failed(error);
    next(AGAIN_MS);
  };
  function look(): void {
    work.do().then((isDone) => next(isDone ? DAY_MS : AGAIN_MS), failed);
  }
  next(AGAIN_MS);
  return () => {
    isOpen = false;
    cancel();
  };
}
