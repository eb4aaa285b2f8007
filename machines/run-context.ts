/** What the run machine knows and takes, and how its facts are made from it. */
import type { RunStatus } from '../domain/run.ts';
import type {
  RunAnswered,
  RunChanged,
  RunCreated,
  RunObeyed,
  RunPause,
  RunReported,
  RunRested,
  RunResume,
  RunSignalled,
  RunStart,
  RunStarted,
  RunStop,
  RunWait,
  TaskAnswered,
  TaskCreate,
  TaskCreated,
  TaskProblem,
} from '../messages/run.ts';
import type { Message } from '../runtime/message.ts';

/** The number that a new task or run gets, from a counter of all. */
export interface Numbered {
  readonly number: number;
}
/** What speaks against a task. */
export interface Checked {
  readonly problems: readonly TaskProblem[];
}
type OutOfPatience = Message & { readonly type: 'run.out-of-patience' };
export type Control = RunPause | RunResume | RunStop;
type Wish = 'run' | 'pause' | 'stop';

export type Context = {
  readonly taskId: number;
  readonly userId: string;
  readonly executionId: number;
  /** Runs so far. */
  readonly executions: number;
  /** The request that has begun the newest; rows of older builds lack it. */
  readonly requestId?: string;
  readonly status: RunStatus;
  readonly wanted: Wish;
  /** Who wanted it. */
  readonly by: string;
  /** What the job was told last and has not confirmed yet. */
  readonly sent: RunObeyed['signal'] | null;
  /** What the job holds for wanted. */
  readonly told: Wish;
};

export type Event =
  | (TaskCreate & Numbered & Checked)
  | (RunStart & Numbered)
  | Control
  | RunWait
  | RunReported
  | RunObeyed
  | OutOfPatience;
export type Emitted =
  | TaskCreated
  | TaskAnswered
  | RunCreated
  | RunStarted
  | RunSignalled
  | RunChanged
  | RunAnswered
  | RunRested;

export const WISHES = { 'run.pause': 'pause', 'run.resume': 'run', 'run.stop': 'stop' } as const;
export const SIGNALS = { run: 'resume', pause: 'pause', stop: 'stop' } as const;
export const WISH_OF = { submit: 'run', resume: 'run', pause: 'pause', stop: 'stop' } as const;
export const OUT_OF_PATIENCE = 'patience';

export const runOf = ({ executionId, executions, status }: Context) =>
  executions === 0 ? null : { executionId, executionNumber: executions, status };

export function changed(context: Context, status: RunStatus, reason: string | null): RunChanged {
  const { executionId, taskId, userId, status: from, by } = context;
  const why = status === 'failed' ? { reason: reason ?? 'no reason was given' } : {};
  const who = status === 'stopped' ? { by } : {};
  return { type: 'run.changed', executionId, taskId, userId, from, status, ...why, ...who };
}

export interface Move {
  readonly status: RunStatus;
  readonly reason?: string | null | undefined;
}
