/**
 * Runs one job where it is at home: piece by piece, saved now and then, until it is done, told to leave, or fails. Never throws: every
 * way out is an end. The same code runs in a thread and under the simulated clock.
 */
import { JOB_BOUNDS } from '../bounds.ts';
import type { JobKind, JobRun } from '../jobs.ts';
import { isStorable, storable } from '../text.ts';

/** What a lane is given: a claim without what only its host needs. Everything in it can be sent to a thread. */
export interface LaneWork {
  readonly id: string;
  readonly kind: string;
  readonly attempt: number;
  readonly payload: string;
  readonly checkpoint: string | null;
}

export type LaneEnd =
  | { readonly end: 'done'; readonly result: string }
  /** It obeyed. */
  | { readonly end: 'left' }
  | { readonly end: 'failed'; readonly reason: string; readonly retryable: boolean }
  /** The lane is gone, and nobody knows what it did last. */
  | { readonly end: 'died'; readonly reason: string };

/** What a lane tells its host. */
export interface LaneWords {
  /** Resolves when output and state are durable. */
  save(progressRatio: number, state: string, output: string): Promise<void>;
  progress(progressRatio: number): void;
  call(service: string, argument: unknown): Promise<unknown>;
}

/** A job under way, as its host holds it. */
export interface LaneRun {
  /** Never rejects. */
  readonly ended: Promise<LaneEnd>;
  /** Asks it to save and end. */
  leave(): void;
  /** Ends it, whatever it does. */
  kill(): void;
}

export type OpenLane = (work: LaneWork, words: LaneWords) => LaneRun;

export interface Surroundings extends LaneWords {
  readonly signal: AbortSignal;
  /** Milliseconds, for the rhythm of saving only. */
  readonly now: () => number;
  /** Lets words from outside in. */
  readonly breathe: () => Promise<void>;
}

const PROGRESS_EVERY_MS = 100;

class Running {
  private savedAt: number;
  private toldAt: number;
  private progressRatio = 0;

  constructor(
    private readonly run: JobRun,
    private readonly around: Surroundings,
  ) {
    this.savedAt = around.now();
    this.toldAt = this.savedAt;
  }

  async toEnd(): Promise<LaneEnd> {
    const { run, around } = this;
    for (;;) {
      if (around.signal.aborted) {
        await this.save();
        return { end: 'left' };
      }
      const slice = await run.advance();
      if (slice.done) {
        await this.save(true);
        if (!isStorable(slice.result)) throw new RangeError('a result holds NUL or a lone surrogate');
        return { end: 'done', result: slice.result };
      }
      this.progress(slice.progressRatio);
      if (slice.full || around.now() - this.savedAt >= JOB_BOUNDS.saveEveryMs) await this.save();
      await around.breathe();
    }
  }

  private progress(progressRatio: number): void {
    this.progressRatio = progressRatio;
    const now = this.around.now();
    if (now - this.toldAt < PROGRESS_EVERY_MS) return;
    this.toldAt = now;
    this.around.progress(progressRatio);
  }

  /** At the end only what is left of the output counts. */
  private async save(atEnd = false): Promise<void> {
    const saved = this.run.checkpoint?.();
    if (!saved || (atEnd && saved.output === '')) return;
    const { state, output } = saved;
    if (state.length > JOB_BOUNDS.stateChars || output.length > JOB_BOUNDS.outputChars)
      throw new RangeError(
        `a checkpoint of ${state.length} and an output of ${output.length} characters are too large`,
      );
    await this.around.save(this.progressRatio, state, output);
    this.savedAt = this.around.now();
  }
}

const failure = (error: unknown): LaneEnd => ({
  end: 'failed',
  reason: storable(error instanceof Error ? error.message : String(error)),
  retryable: (error as { retryable?: unknown } | undefined)?.retryable === true,
});

export async function runJob(kinds: readonly JobKind[], work: LaneWork, around: Surroundings): Promise<LaneEnd> {
  let run: JobRun | undefined;
  try {
    const kind = kinds.find(({ kind: name }) => name === work.kind);
    if (!kind) throw new Error(`nobody here knows jobs of kind ${work.kind}`);
    const { id, attempt, payload, checkpoint } = work;
    run = await kind.open({
      id,
      attempt,
      payload: JSON.parse(payload),
      checkpoint: checkpoint ?? undefined,
      call: around.call,
    });
    return await new Running(run, around).toEnd();
  } catch (error) {
    return around.signal.aborted ? { end: 'left' } : failure(error);
  } finally {
    run?.close?.();
  }
}
