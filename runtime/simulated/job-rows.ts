/** Jobs' rows in memory: what a simulated world remembers of them. One object outlives the crashes of its users, as a database does. */

import {
  type ClaimedJob,
  type JobEnd,
  type JobRow,
  type JobRows,
  type JobSave,
  type Release,
  StaleAttempt,
  type Wanted,
} from '../jobs/rows.ts';
import { hasEnded, type JobOrder, type JobPart } from '../jobs.ts';

interface Kept {
  row: JobRow;
  readonly payload: string;
  checkpoint: string | null;
  readonly output: JobPart[];
}

export class MemoryJobRows implements JobRows {
  private readonly kept = new Map<string, Kept>();

  async add({ id, kind, payload }: JobOrder): Promise<void> {
    if (this.kept.has(id)) return;
    const begun = { state: 'waiting', attempt: 0, progressRatio: 0, parts: 0, result: null, reason: null } as const;
    const row = {
      id,
      kind,
      ...begun,
      wanted: 'run',
      tries: 0,
      beat: 0,
    } as const;
    this.kept.set(id, { row, payload, checkpoint: null, output: [] });
  }

  async claim(id: string, takeOver: boolean, mark: number): Promise<ClaimedJob | undefined> {
    const kept = this.kept.get(id);
    if (!kept) return undefined;
    const { row } = kept;
    const died = row.state === 'running';
    const isRepeat = died && row.beat === mark;
    if (row.state !== 'waiting' && !(died && takeOver) && !isRepeat) return undefined;
    if (!isRepeat)
      kept.row = {
        ...row,
        state: 'running',
        attempt: row.attempt + 1,
        tries: row.tries + (died ? 1 : 0),
        reason: died ? 'the worker died' : row.reason,
        beat: mark,
      };
    return { ...kept.row, payload: kept.payload, checkpoint: kept.checkpoint };
  }

  async save(id: string, attempt: number, { progressRatio, state, further, output, part }: JobSave): Promise<Wanted> {
    const kept = this.current(id, attempt);
    const { row } = kept;
    const isNew = output !== '' && part === row.parts + 1;
    if (isNew) kept.output.push({ part, attempt, output });
    kept.checkpoint = state;
    const tries = further ? 0 : row.tries;
    kept.row = { ...row, progressRatio, tries, parts: isNew ? part : row.parts, beat: row.beat + 1 };
    return row.wanted;
  }

  async beat(id: string, attempt: number, progressRatio: number): Promise<Wanted> {
    const kept = this.current(id, attempt);
    kept.row = { ...kept.row, progressRatio, beat: kept.row.beat + 1 };
    return kept.row.wanted;
  }

  async release(id: string, attempt: number, release: Release): Promise<JobRow> {
    const kept = this.current(id, attempt);
    const { row } = kept;
    const failing = release.how === 'failing';
    kept.row = {
      ...row,
      state: row.wanted === 'pause' ? 'paused' : row.wanted === 'stop' ? 'stopped' : 'waiting',
      tries: row.tries + (failing ? 1 : 0),
      reason: failing ? release.reason : row.reason,
    };
    return kept.row;
  }

  async finish(id: string, attempt: number, end: JobEnd): Promise<JobRow> {
    const kept = this.current(id, attempt);
    const { row } = kept;
    kept.checkpoint = null;
    kept.row = {
      ...row,
      state: end.state,
      progressRatio: end.state === 'done' ? 1 : row.progressRatio,
      result: end.state === 'done' ? end.result : null,
      reason: end.state === 'failed' ? end.reason : end.state === 'done' ? null : row.reason,
    };
    return kept.row;
  }

  async want(id: string, wanted: Wanted): Promise<JobRow | undefined> {
    const kept = this.kept.get(id);
    if (!kept || hasEnded(kept.row.state)) return kept?.row;
    const idle = wanted === 'stop' ? 'stopped' : wanted === 'pause' ? 'paused' : 'waiting';
    const lasting = kept.row.wanted === 'stop' ? 'stop' : wanted;
    kept.row = { ...kept.row, wanted: lasting, state: kept.row.state === 'running' ? 'running' : idle };
    return kept.row;
  }

  async remove(id: string): Promise<void> {
    const kept = this.kept.get(id);
    if (kept && hasEnded(kept.row.state)) this.kept.delete(id);
  }

  async find(id: string): Promise<JobRow | undefined> {
    return this.kept.get(id)?.row;
  }

  async open(): Promise<readonly JobRow[]> {
    return [...this.kept.values()].map(({ row }) => row).filter(({ state }) => !hasEnded(state));
  }

  async parts(id: string, after: number, limit: number): Promise<readonly JobPart[]> {
    return (this.kept.get(id)?.output ?? []).filter(({ part }) => part > after).slice(0, limit);
  }

  private current(id: string, attempt: number): Kept {
    const kept = this.kept.get(id);
    if (!kept || kept.row.attempt !== attempt || kept.row.state !== 'running') throw new StaleAttempt(id, attempt);
    return kept;
  }
}
