/**
 * Runs that trade live, seen as jobs are: what they have put out is collected from their agent, a job's from the jobs. So a run's output and
 * status take one way into the house. Live runs are asked twice a second; that is how old their figures can be.
 */
import type { LiveAnswered, LiveCollect, LiveCollected, LiveGet } from '../messages/live.ts';
import type { RunRow } from '../projections/rows.ts';
import type { ReadView } from '../projections/view.ts';
import type { JobPart, JobStatus, Jobs } from '../runtime/jobs.ts';
import type { Clock, Log } from '../runtime/ports.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { RunSource } from './run-news.ts';
import { isLive, jobOf } from './run-work.ts';

const LOOK_MS = 500;

export interface LiveWorkOptions {
  readonly runtime: Pick<Runtime, 'ask'>;
  readonly jobs: Jobs | undefined;
  readonly view: Pick<ReadView, 'openRuns'>;
  readonly clock: Clock;
  readonly log: Log;
}

export class LiveWork implements RunSource {
  private readonly listeners = new Set<(status: JobStatus) => void>();
  /** How often a run has said that it has news: grows whatever a restart has made the run forget. */
  private readonly news = new Map<number, number>();
  private looking = false;
  private cancel = (): void => undefined;

  constructor(private readonly options: LiveWorkOptions) {}

  listen(listener: (status: JobStatus) => void): () => void {
    this.listeners.add(listener);
    const unlisten = this.options.jobs?.listen(listener);
    return () => {
      this.listeners.delete(listener);
      unlisten?.();
    };
  }

  async find(run: RunRow): Promise<JobStatus | undefined> {
    return isLive(run) ? this.ask(run) : this.options.jobs?.find(jobOf(Number(run.id)));
  }

  async output(run: RunRow, after: number, limit: number): Promise<readonly JobPart[]> {
    const executionId = Number(run.id);
    if (!isLive(run)) return (await this.options.jobs?.output(jobOf(executionId), after, limit)) ?? [];
    const collect: LiveCollect = { type: 'live.collect', executionId, taken: after };
    const { part, output } = await this.options.runtime.ask<LiveCollected>(collect);
    return output === null ? [] : [{ part, attempt: 1, output }];
  }

  /** Asks all live runs how they stand, now and once more before the next call of every second. */
  look(): void {
    this.cancel();
    const live = this.options.view.openRuns().filter(isLive);
    for (const executionId of this.news.keys())
      if (!live.some(({ id }) => Number(id) === executionId)) this.news.delete(executionId);
    if (live.length === 0) return;
    const { clock } = this.options;
    this.cancel = clock.at('monotonic', clock.monotonic() + LOOK_MS, () => this.look());
    if (this.looking) return;
    this.looking = true;
    void this.tellAll(live).finally(() => {
      this.looking = false;
    });
  }

  close(): void {
    this.cancel();
    this.listeners.clear();
  }

  private async tellAll(runs: readonly RunRow[]): Promise<void> {
    for (const run of runs) {
      try {
        const status = await this.ask(run);
        if (status) for (const listener of this.listeners) listener(status);
      } catch (error) {
        // The others are heard all the same; this one is asked again at the next look.
        this.options.log.warn('runs.live-not-asked', { run: run.id, reason: String(error) });
      }
    }
  }

  private async ask(run: RunRow): Promise<JobStatus | undefined> {
    const executionId = Number(run.id);
    const get: LiveGet = { type: 'live.get', executionId };
    const { found, state, reason, isNews, progressRatio } = await this.options.runtime.ask<LiveAnswered>(get);
    if (!found) return undefined;
    const parts = (this.news.get(executionId) ?? 0) + (isNews ? 1 : 0);
    this.news.set(executionId, parts);
    return { id: jobOf(executionId), kind: 'live', state, attempt: 1, progressRatio, parts, result: null, reason };
  }
}
