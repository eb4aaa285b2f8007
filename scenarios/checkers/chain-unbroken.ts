/**
 * I8. The journal has no gap, and each record's hash covers what is stored of it and the hash before: whatever was changed, taken
 * out or put in shows at its sequence.
 */
import { hash as digest } from 'node:crypto';
import type { StoredRecord } from '../../runtime/store.ts';
import type { CheckedRecord, Checker, Report, Rest } from './checker.ts';

type Hashed = Omit<StoredRecord, 'hash'>;

const NOTHING_BEFORE = '0'.repeat(64);

function hashOf(before: string, record: Hashed): string {
  const { sequence, epoch, recordedAt, type, source, causationId, correlationId, principal, version, payload } = record;
  const covered =
    `${before}\n${sequence}\n${epoch}\n${recordedAt}\n${type}\n${source}\n${causationId}\n` +
    `${correlationId}\n${principal}\n${version}\n${payload}`;
  return digest('sha256', covered, 'hex');
}

class Chain {
  private sequence = 0;
  private epoch = 0;
  private hash = NOTHING_BEFORE;

  /** Says what is wrong with the next record and goes on from it, so that one fault is told once. */
  add(record: StoredRecord): string | undefined {
    const { sequence, epoch, hash } = record;
    const expected = this.sequence + 1;
    const before = this.hash;
    const epochBefore = this.epoch;
    this.sequence = sequence;
    this.epoch = epoch;
    this.hash = hash;
    if (sequence !== expected) return `record ${sequence} follows ${expected - 1}`;
    if (epoch < epochBefore) return `record ${sequence} is of epoch ${epoch}, the one before of ${epochBefore}`;
    if (hashOf(before, record) !== hash) return `the hash of record ${sequence} does not cover it`;
    if (record.causationId >= sequence) return `record ${sequence} names ${record.causationId} as its cause`;
    return undefined;
  }
}

/** In every field that is stored; those that a checked record has besides were read off it. */
const isSame = (told: CheckedRecord, stored: StoredRecord): boolean =>
  told.sequence === stored.sequence &&
  told.epoch === stored.epoch &&
  told.recordedAt === stored.recordedAt &&
  told.type === stored.type &&
  told.payload === stored.payload &&
  told.source === stored.source &&
  told.causationId === stored.causationId &&
  told.correlationId === stored.correlationId &&
  told.principal === stored.principal &&
  told.version === stored.version &&
  told.hash === stored.hash;

class ChainUnbroken implements Checker {
  readonly name = 'I8 chain unbroken';
  private readonly chain = new Chain();
  private readonly told: CheckedRecord[] = [];
  /** What was found stored as it was told; a stored record never changes, another one is another object. */
  private readonly inOrder: StoredRecord[] = [];

  onRecord(record: CheckedRecord, report: Report): void {
    const fault = this.chain.add(record);
    if (fault) report(fault);
    this.told.push(record);
  }

  /** What is stored is, to the letter, what was told when it was committed; the chain of that has been looked at. */
  atRest({ records, recordsAfter = 0 }: Rest, report: Report): void {
    const { told, inOrder } = this;
    for (let index = 0; index < records.length; index += 1) {
      const record = records[index]!;
      const place = recordsAfter + index;
      if (inOrder[place] === record) continue;
      const committed = told[place];
      if (committed && isSame(committed, record)) inOrder[place] = record;
      else report(`stored: record ${record.sequence} is not the one that was committed`);
    }
    const count = recordsAfter + records.length;
    if (count < told.length) report(`stored: ${count} records, ${told.length} were committed`);
  }
}

export const chainUnbroken = (): Checker => new ChainUnbroken();
