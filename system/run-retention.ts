/**
 * Retention of the run tables: once a day the lines of runs that ended long ago (events, trades, points of equity) are removed. Their heads
 * with the figures stay, and a report makes the lines again from the rows. Nothing of a run that is open is touched.
 */
import type { Queries } from '../projections/queries.ts';
import type { RunOutputs } from '../projections/run-outputs.ts';
import type { Clock, Log } from '../runtime/ports.ts';
import { daily } from './daily.ts';

const DAY_MS = 86_400_000;
const RUNS_A_PAGE = 200;

export interface RunRetentionOptions {
  readonly queries: Queries;
  readonly outputs: Pick<RunOutputs, 'withLines' | 'removeLines'>;
  readonly keepDays: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** Begins it; what comes back ends it, also in the midst of its work. Ages are of market time, in which runs end. */
export function openRunRetention({ queries, outputs, keepDays, clock, log }: RunRetentionOptions): () => void {
  let isOpen = true;
  async function* endedBefore(end: number): AsyncGenerator<readonly number[], void> {
    for (let behind = 0; ; ) {
      const where = [
        // Null while it is open, and null is below nothing.
        { column: 'completedAt', lt: end },
        { column: 'sequence', gte: behind },
      ];
      const orderBy = [{ column: 'sequence', direction: 'asc' as const }];
      const { rows } = await queries.list('runs', { where, orderBy, limit: RUNS_A_PAGE, offset: 0 });
      yield rows.map(({ id }) => Number(id));
      if (rows.length < RUNS_A_PAGE) return;
      behind = (rows.at(-1)?.sequence ?? behind) + 1;
    }
  }

  async function remove(): Promise<boolean> {
    let runs = 0;
    for await (const ended of endedBefore(clock.marketNow() - keepDays * DAY_MS))
      for (const executionId of await outputs.withLines(ended)) {
        if (!isOpen) return true;
        await outputs.removeLines(executionId, clock.wallNow());
        runs += 1;
      }
    if (runs > 0) log.info('runs.lines-removed', { runs, keepDays });
    return true;
  }

  const stop = daily(clock, {
    do: remove,
    failed: (error) => log.warn('runs.lines-not-removed', { reason: String(error) }),
  });
  return () => {
    isOpen = false;
    stop();
  };
}
