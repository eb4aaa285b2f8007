/** Bugs below the agents: a store, rows of jobs, a lane that do not do what their ports promise. */
import type { SeriesStore } from '../../market/series/store.ts';
import type { JobRows } from '../../runtime/jobs/rows.ts';
import type { OpenLane } from '../../runtime/jobs/run.ts';

/** An import that is given up is not forgotten. */
export const givenUpStays = (store: SeriesStore): SeriesStore => ({ ...store, discard: async () => undefined });

/** A run that goes on begins anew, behind what it has put out already. */
export const checkpointsForgotten = (rows: JobRows): JobRows => ({
  ...rows,
  async claim(id, takeOver, mark) {
    const claimed = await rows.claim(id, takeOver, mark);
    return claimed && { ...claimed, checkpoint: null };
  },
});

/** Nobody notices the death of a worker. */
export const deathsUnnoticed =
  (open: OpenLane): OpenLane =>
  (...given) => {
    const run = open(...given);
    const ended = run.ended.then((end) => (end.end === 'died' ? new Promise<never>(() => undefined) : end));
    return { ...run, ended };
  };
