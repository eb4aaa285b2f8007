/** Trials in worker threads over one copy of the rows. An interrupted search ends its threads at once and leaves nothing behind. */
import { availableParallelism } from 'node:os';
import { TRIAL_THREAD } from '../../../db/client/package-root.ts';
import type { TrialDone, TrialTask } from '../../../runs/optimize/trial.ts';
import { openThreadPool } from '../../../runtime/live/thread-pool.ts';
import type { TrialGround } from '../../trial.worker.ts';
import { CommandFailure } from '../outcome.ts';

export type Attempt = (task: TrialTask) => Promise<TrialDone>;

/** The search was given up by whoever watched it. */
class Interrupted extends CommandFailure {}

/** Runs `search` and ends the threads, however it ends. The first trial that fails ends the command. */
export async function withThreads<T>(
  ground: TrialGround,
  { threads = availableParallelism(), signal }: { readonly threads?: number; readonly signal?: AbortSignal },
  search: (attempt: Attempt) => Promise<T>,
): Promise<T> {
  const pool = openThreadPool<TrialTask, TrialDone>(TRIAL_THREAD, threads, ground);
  const stop = (): void => void pool.close();
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  try {
    return await search(async (task) => {
      const outcome = await pool.run(task);
      if ('done' in outcome) return outcome.done;
      throw signal?.aborted ? new Interrupted('interrupted: nothing is ranked') : new Error(outcome.error);
    });
  } finally {
    signal?.removeEventListener('abort', stop);
    await pool.close();
  }
}
