/** What the runs agent does outside: asks for the work of a run, passes on what a person wants of it, and clears up. All of it may be repeated. */
import { hasRunEnded } from '../../domain/run.ts';
import type { RunChanged, RunCreated, RunObeyed, RunSignalled } from '../../messages/run.ts';
import type { Effect } from '../../runtime/agent.ts';
import type { RunWork } from './work.ts';

type Outcome = Pick<RunObeyed, 'refused'>;

/** Orders out of their bounds stay so; any other error that does not say so itself may pass. */
const isForGood = (error: unknown): boolean =>
  error instanceof RangeError || (error as { retryable?: unknown }).retryable === false;

/** A refusal for good is an answer; whatever may pass is tried again, as often as an effect is. */
async function unlessRefused(work: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    if (!isForGood(error)) throw error;
    return { refused: error instanceof Error ? error.message : String(error) };
  }
}

export function runEffects(work: RunWork): Readonly<Record<string, Effect>> {
  return {
    'run.created': {
      repeatable: true,
      async run(fact): Promise<RunObeyed> {
        const run = fact as RunCreated;
        const outcome = await unlessRefused(async () => {
          await work.begin(run);
          return {};
        });
        const { executionId, task } = run;
        return { type: 'run.obeyed', taskId: task.taskId, executionId, signal: 'submit', ...outcome };
      },
    },
    // Whoever tells of a run's end has taken its output before.
    'run.changed': {
      repeatable: true,
      async run(fact): Promise<undefined> {
        const { executionId, status } = fact as RunChanged;
        if (hasRunEnded(status)) await work.forget(executionId);
        return undefined;
      },
    },
    'run.signalled': {
      repeatable: true,
      async run(fact): Promise<RunObeyed> {
        const { taskId, executionId, signal } = fact as RunSignalled;
        const outcome = await unlessRefused(async () =>
          (await work.signal(executionId, signal)) === undefined ? { refused: 'its work is not known any more' } : {},
        );
        return { type: 'run.obeyed', taskId, executionId, signal, ...outcome };
      },
    },
  };
}
