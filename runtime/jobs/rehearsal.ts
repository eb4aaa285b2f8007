/**
 * A job that does nothing useful, to see that jobs run: it counts, writes a line a piece, and, when asked, fails, hangs, spins or stays
 * at a piece. What it puts out is the same however often it was broken off.
 */
import type { JobCheckpoint, JobKind, JobRun, JobSlice, JobWork } from '../jobs.ts';

export interface RehearsalPayload {
  readonly pieces: number;
  /** Rounds of arithmetic a piece, for a job that takes its time. */
  readonly rounds: number;
  readonly trouble?: {
    /** `stays` obeys and saves as ever, but gets no further: it runs until somebody ends its attempt. */
    readonly kind: 'fails' | 'refuses' | 'hangs' | 'spins' | 'stays';
    readonly atPiece: number;
    /** Attempts that meet it. */
    readonly attempts: number;
  };
}

const PIECES_MAX = 1_000_000;

function checked(payload: unknown): RehearsalPayload {
  const { pieces, rounds } = payload as RehearsalPayload;
  if (!Number.isInteger(pieces) || pieces < 0 || pieces > PIECES_MAX)
    throw new RangeError(`a rehearsal has 0 to ${PIECES_MAX} pieces`);
  if (!Number.isInteger(rounds) || rounds < 0) throw new RangeError('rounds is a whole number from 0');
  return payload as RehearsalPayload;
}

class Rehearsal implements JobRun {
  private readonly payload: RehearsalPayload;
  private piece = 0;
  private sum = 1;
  private lines = '';

  constructor(private readonly work: JobWork) {
    this.payload = checked(work.payload);
    if (work.checkpoint !== undefined) [this.piece, this.sum] = JSON.parse(work.checkpoint) as [number, number];
  }

  advance(): JobSlice | Promise<JobSlice> {
    const { pieces, rounds, trouble } = this.payload;
    if (trouble && this.piece === trouble.atPiece && this.work.attempt <= trouble.attempts) {
      if (trouble.kind === 'hangs') return new Promise(() => undefined);
      while (trouble.kind === 'spins') this.sum ^= 1;
      if (trouble.kind === 'stays') return { done: false, progressRatio: this.piece / pieces };
      throw Object.assign(new Error(`piece ${this.piece} ${trouble.kind}`), { retryable: trouble.kind === 'fails' });
    }
    if (this.piece < pieces) {
      for (let round = 0; round <= rounds; round += 1) this.sum = (Math.imul(this.sum, 31) + this.piece + round) | 0;
      this.piece += 1;
      this.lines += `${this.piece} ${this.sum}\n`;
    }
    return this.piece < pieces
      ? { done: false, progressRatio: this.piece / pieces }
      : { done: true, result: JSON.stringify({ pieces, sum: this.sum }) };
  }

  checkpoint(): JobCheckpoint {
    const output = this.lines;
    this.lines = '';
    return { state: JSON.stringify([this.piece, this.sum]), output };
  }
}

export const rehearsal: JobKind = { kind: 'rehearsal', triesMax: 3, open: (work) => new Rehearsal(work) };
