/** Where a run is carried out, as the runs agent sees it: asked for once, then told what is wanted. What it does comes back as `run.reported`. */
import type { RunCreated, RunSignalled } from '../../messages/run.ts';
import type { JobState } from '../../runtime/jobs.ts';

export interface RunWork {
  /** The same run asked for twice is one. Rejects when it can't be taken: for good with `retryable: false` or a RangeError, else for now. */
  begin(run: RunCreated): Promise<void>;
  /** What it is doing now; undefined when there is no such run. A run that has ended stays as it is. */
  signal(executionId: number, signal: RunSignalled['signal']): Promise<JobState | undefined>;
  /** The run has ended, and its output is taken: nothing is kept for it there any more. */
  forget(executionId: number): Promise<void>;
}
