/** Retention of the journal: once a day old records leave the table for the archive, as many as the setting leaves no room for. Nothing that trades waits for it. */
import type { Upkeep } from '../projections/upkeep.ts';
import type { Clock, Log } from '../runtime/ports.ts';
import { daily } from './daily.ts';

export interface RetentionOptions {
  readonly upkeep: Pick<Upkeep, 'underWay' | 'archive'>;
  /** Records that stay in the table. */
  readonly keep: number;
  readonly clock: Pick<Clock, 'monotonic' | 'at'>;
  readonly log: Log;
}

/** Begins it; what comes back ends it. It waits while other upkeep is under way. */
export const openRetention = ({ upkeep, keep, clock, log }: RetentionOptions): (() => void) =>
  daily(clock, {
    async do() {
      if (upkeep.underWay !== undefined) return false;
      const { archivedUpTo, kept } = await upkeep.archive(keep);
      log.info('journal.archived', { archivedUpTo, kept });
      return true;
    },
    failed: (error) => log.warn('journal.not-archived', { reason: String(error) }),
  });
