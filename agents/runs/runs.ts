/**
 * Keeps the tasks that have an open run or had one lately, and gives tasks and runs their numbers. A task that rests leaves memory;
 * whoever starts it again brings it along from the table.
 */
import { runMachine } from '../../machines/run.machine.ts';
import type { Checked, Numbered } from '../../machines/run-context.ts';
import type {
  RunAnswered,
  RunObeyed,
  RunPause,
  RunReported,
  RunRested,
  RunResume,
  RunStart,
  RunStop,
  RunWait,
  TaskCreate,
} from '../../messages/run.ts';
import type { AgentDefinition } from '../../runtime/agent.ts';
import { functionLogic } from '../../runtime/logic.ts';
import type { Message } from '../../runtime/message.ts';
import { problemsOf } from './check.ts';
import { runEffects } from './effects.ts';
import type { RunWork } from './work.ts';

/** The numbers given last. */
interface Counters {
  readonly tasks: number;
  readonly runs: number;
}

type Taken =
  | (TaskCreate & Partial<Numbered>)
  | RunStart
  | RunPause
  | RunResume
  | RunStop
  | RunWait
  | RunReported
  | RunObeyed;

function count(counters: Counters, message: Message): Counters {
  if (message.type === 'task.create') return { ...counters, tasks: counters.tasks + 1 };
  return message.type === 'run.start' ? { ...counters, runs: counters.runs + 1 } : counters;
}

function keyOf(message: Taken): string {
  return String(message.type === 'task.create' ? message.number : message.taskId);
}

/** A task that is not in memory has no open run. */
function unknown(message: Message): readonly (RunAnswered | RunRested)[] {
  const { type, taskId } = message as Exclude<Taken, TaskCreate>;
  if (type === 'run.wait') return [{ type: 'run.rested', taskId, run: null }];
  const isControl = type === 'run.pause' || type === 'run.resume' || type === 'run.stop';
  return isControl ? [{ type: 'run.answered', taskId, outcome: 'not-open', run: null }] : [];
}

export function runsAgent(work: RunWork): AgentDefinition {
  return {
    address: 'runs',
    version: 1,
    logic: runMachine,
    shared: functionLogic<Counters, Message>({ tasks: 0, runs: 0 }, count),
    accepts: [
      ...['task.create', 'run.start', 'run.pause', 'run.resume', 'run.stop', 'run.wait'],
      ...['run.reported', 'run.obeyed'],
    ],
    durable: true,
    keyed: {
      key: (message) => keyOf(message as Taken),
      creates: ['task.create', 'run.start'],
      ended: (snapshot) => (snapshot as { status: string }).status === 'done',
      unknown,
    },
    prepare(message, shared): Message & Partial<Numbered & Checked> {
      const { tasks, runs } = shared as Counters;
      if (message.type === 'task.create')
        return { ...message, number: tasks, problems: problemsOf(message as TaskCreate) };
      return message.type === 'run.start' ? { ...message, number: runs } : message;
    },
    parks: ['run.wait'],
    ignores: ['resumed', 'run.reported', 'run.obeyed', 'run.out-of-patience'],
    effects: runEffects(work),
  };
}
