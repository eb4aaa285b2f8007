/**
 * R1. A run has one life, told without a gap, and ends for a cause that can be named: it is stopped because somebody wanted that, and fails
 * with a reason. A backtest over invented prices needs nothing that could be wrong: only what goes wrong around it, again and again, ends it.
 */
import type { RunChanged, RunCreated } from '../../messages/run.ts';
import type { CheckedRecord, Checker, Report, Rest } from './checker.ts';

/** Deaths and lost answers in a row after which a run is given up. */
const TRIES = 5;
/** What can happen to a run that is in order itself. */
const MISHAPS: readonly string[] = [
  ...['worker-died', 'crash', 'crash-before-commit', 'crash-after-commit'],
  ...['statement-error', 'statement-answer-lost', 'disk-full'],
];
const ENDS: ReadonlySet<string> = new Set(['stopped', 'completed', 'failed']);

interface Run {
  readonly isInvented: boolean;
  status: RunChanged['status'];
  reason: string | undefined;
}

class RunsEndWithCause implements Checker {
  readonly name = 'R1 runs end with a cause';
  readonly takes = ['run.created', 'run.changed'] as const;
  private readonly runs = new Map<number, Run>();
  private readonly failed = new Map<number, Run>();

  onRecord({ type, message }: CheckedRecord, report: Report): void {
    if (type === 'run.created') this.begin(message as RunCreated, report);
    if (type === 'run.changed') this.change(message as RunChanged, report);
  }

  private begin({ executionId, task: { taskType, dataSource } }: RunCreated, report: Report): void {
    if (this.runs.has(executionId)) report(`run ${executionId} begins twice`);
    const isInvented = taskType === 'backtest' && dataSource === 'simulated';
    this.runs.set(executionId, { isInvented, status: 'created', reason: undefined });
  }

  private change({ executionId, from, status, reason, by }: RunChanged, report: Report): void {
    const run = this.runs.get(executionId);
    const what = `run ${executionId} goes from ${from} to ${status}`;
    if (!run) {
      report(`${what}, and has not begun`);
      return;
    }
    if (run.status !== from) report(`${what}, and was ${run.status}`);
    if (ENDS.has(from)) report(`${what}, and had ended`);
    if (status === 'failed' && !reason?.trim()) report(`${what} without a reason`);
    if (status === 'stopped' && by === undefined) report(`${what}, and nobody wanted it`);
    Object.assign(run, { status, reason });
    if (status === 'failed') this.failed.set(executionId, run);
  }

  atRest({ faults }: Rest, report: Report): void {
    if (!faults) return;
    const mishaps = MISHAPS.reduce((sum, kind) => sum + (faults[kind] ?? 0), 0);
    for (const [executionId, { isInvented, reason }] of this.failed)
      if (isInvented && mishaps < TRIES)
        report(`run ${executionId} has failed (${reason}), and only ${mishaps} times anything has gone wrong`);
  }
}

export const runsEndWithCause = (): Checker => new RunsEndWithCause();
