/**
 * D2. One writer at a time: commits follow each other without a gap, records and commits bear the writer's epoch, and it only rises: with
 * each start, and in a living process with each commit that was lost. Behind a higher one nothing of a lower one lands any more.
 */
import type { CheckedCommit, CheckedGroup, Checker, Report } from './checker.ts';

/** Who wrote last, under which epoch and up to where. */
interface Writer {
  readonly connection: number;
  readonly epoch: number;
  readonly sequence: number;
}

class OneWriter implements Checker {
  readonly name = 'D2 one writer';
  readonly takes = [];
  private last: Writer | undefined;
  /** Highest epoch in which a commit was lost. */
  private lostIn = 0;

  onRecord(): void {}

  onGroup({ commit: { group, connection }, records }: CheckedGroup, report: Report): void {
    const { epoch, previousSequence, sequence } = group;
    const what = `the commit up to ${sequence}`;
    const { last } = this;
    if (last && previousSequence !== last.sequence)
      report(`${what} follows ${previousSequence}, and ${last.sequence} was durable`);
    if (last && epoch < last.epoch) report(`${what} of epoch ${epoch} landed behind one of epoch ${last.epoch}`);
    if (last && connection !== last.connection && epoch === last.epoch)
      report(`${what} is of another process than the one before, and both write under epoch ${epoch}`);
    if (epoch <= this.lostIn) report(`${what} is of epoch ${epoch}, in which a commit was lost before`);
    const stranger = records.find((record) => record.epoch !== epoch);
    if (stranger) report(`record ${stranger.sequence} of epoch ${stranger.epoch} is in a commit of epoch ${epoch}`);
    this.last = { connection, epoch, sequence };
  }

  onLost({ group: { epoch } }: CheckedCommit): void {
    this.lostIn = Math.max(this.lostIn, epoch);
  }

  atRest(): void {}
}

export const oneWriter = (): Checker => new OneWriter();
