/**
 * D3. A commit is bounded, in time and in size: what was recorded is handed to the database as soon as the one before it has been answered,
 * or 25 ms later, when outcomes that are on their way may travel with it, or when a night is over; and no commit has more than 4,000 records, its last turn apart.
 */
import { type CheckedGroup, type Checker, NIGHT_MS, type Report } from './checker.ts';

const WAIT_MAX_MS = 25;
const RECORDS_MAX = 4_000;

class GroupsAreBounded implements Checker {
  readonly name = 'D3 groups are bounded';
  readonly takes = [];

  onRecord(): void {}

  onGroup({ commit: { askedAt, freeAt, firstAt }, records }: CheckedGroup, report: Report): void {
    const what = `the commit up to ${records.at(-1)?.sequence}`;
    const waitedMs = askedAt - Math.max(freeAt, firstAt ?? askedAt);
    if (waitedMs > WAIT_MAX_MS && waitedMs < NIGHT_MS)
      report(`${what} was begun ${waitedMs} ms after it could have been`);
    if (records.length <= RECORDS_MAX) return;
    const { source, causationId } = records.at(-1)!;
    const isOfOtherTurn = (record: (typeof records)[number]): boolean =>
      record.source !== source || record.causationId !== causationId;
    const before = records.findLastIndex(isOfOtherTurn) + 1;
    if (before >= RECORDS_MAX) report(`${what} has ${records.length} records`);
  }

  atRest(): void {}
}

export const groupsAreBounded = (): Checker => new GroupsAreBounded();
