/** What every jobs port over rows answers in the same way, wherever its jobs run. */
import type { JobPart, JobStatus } from '../jobs.ts';
import type { Clock, Log } from '../ports.ts';
import { JobBoard } from './board.ts';
import { Patience } from './patience.ts';
import type { JobRows } from './rows.ts';

export abstract class JobsOverRows {
  protected readonly board: JobBoard;
  protected readonly patience: Patience;

  constructor({ rows, clock, log }: { readonly rows: JobRows; readonly clock: Clock; readonly log: Log }) {
    this.board = new JobBoard(rows, log);
    this.patience = new Patience(clock, log);
  }

  find(id: string): Promise<JobStatus | undefined> {
    return this.board.find(id);
  }

  output(id: string, after: number, limit: number): Promise<readonly JobPart[]> {
    return this.board.output(id, after, limit);
  }

  forget(id: string): Promise<void> {
    return this.board.remove(id);
  }

  listen(listener: (status: JobStatus) => void): () => void {
    return this.board.listen(listener);
  }
}
