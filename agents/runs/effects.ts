/** What the runs agent does outside: asks for the work of a run, and passes on what a person wants of it. Both may be repeated. */
import type { RunCreated, RunObeyed, RunSignalled } from '../../messages/run.ts';
import type { Effect } from '../../runtime/agent.ts';
import type { RunWork } from './work.ts';

type Outcome = Pick<RunObeyed, 'refused'>;

/** A refusal for good is an answer; whatever may pass is tried again. */
async function unlessRefused(work: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    if ((error as { retryable?: unknown }).retryable === true) throw error;
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
