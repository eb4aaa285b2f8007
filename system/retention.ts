/**
 * Retention on its own: once a day old records leave the table for the archive, as many as the setting leaves no room for. A look that
 * fails or meets other upkeep is repeated soon; nothing that trades waits for it.
 */
import type { Retention, Upkeep } from '../projections/upkeep.ts';
import type { Clock, Log } from '../runtime/ports.ts';

const MINUTE_MS = 60_000;
/** Not at the start, when everything else is read; and soon enough for a house that is started anew each day. */
const AGAIN_MS = 10 * MINUTE_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;

export interface RetentionOptions {
  readonly upkeep: Pick<Upkeep, 'underWay' | 'archive'>;
  /** Records that stay in the table. */
  readonly keep: number;
  readonly clock: Pick<Clock, 'monotonic' | 'at'>;
  readonly log: Log;
}

/** Begins it; what comes back ends it. By the steady clock: a replay's days pass in minutes. */
export function openRetention({ upkeep, keep, clock, log }: RetentionOptions): () => void {
  let isOpen = true;
  let cancel = (): void => undefined;

  const next = (delayMs: number): void => {
    if (isOpen) cancel = clock.at('monotonic', clock.monotonic() + delayMs, look);
  };
  const done = ({ archivedUpTo, kept }: Retention): void => {
    log.info('journal.archived', { archivedUpTo, kept });
    next(DAY_MS);
  };
  const failed = (error: unknown): void => {
    if (isOpen) log.warn('journal.not-archived', { reason: String(error) });
    next(AGAIN_MS);
  };
  function look(): void {
    if (upkeep.underWay !== undefined) next(AGAIN_MS);
    else upkeep.archive(keep).then(done, failed);
  }

  next(AGAIN_MS);
  return () => {
    isOpen = false;
    cancel();
  };
}
