/** Proves the journal: walks archive and table, and names the exact sequence where the chain does not hold. */
import { chainHash, GENESIS_HASH } from '../../runtime/chain.ts';
import type { StoredRecord } from '../../runtime/store.ts';
import { type Database, reader } from '../client/database.ts';
import { journalHead } from '../tables/journal.ts';
import { allRecords, lines } from './archive.ts';

export type Verification =
  | { readonly holds: true; readonly records: number; readonly hash: string }
  | { readonly holds: false; readonly sequence: number; readonly reason: string };

type Source = { readonly archiveDirectory: string };

export async function verifyJournal(database: Database, { archiveDirectory }: Source): Promise<Verification> {
  let sequence = 0;
  let hash = GENESIS_HASH;
  const broken = (reason: string): Verification => ({ holds: false, sequence: sequence + 1, reason });
  return database.snapshot(async (query) => {
    try {
      for await (const record of allRecords(query, archiveDirectory)) {
        const reason = breaks(record, sequence + 1, hash);
        if (reason !== undefined) return broken(reason);
        ({ sequence, hash } = record);
      }
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      return broken(`the archive can't be read: ${error.message}`);
    }
    const [head] = await reader(query).select().from(journalHead);
    if (head && head.sequence !== sequence) return broken(`the journal ends before its head, ${head.sequence}`);
    if (head && head.hash !== hash)
      return { holds: false, sequence, reason: 'the head has another hash than the last record' };
    return { holds: true, records: sequence, hash };
  });
}

function breaks(record: StoredRecord, expected: number, previousHash: string): string | undefined {
  if (record.sequence !== expected) return `record ${expected} is missing`;
  const { hash, ...fields } = record;
  return chainHash(previousHash, fields) === hash ? undefined : 'the record does not match its hash';
}

/** A damaged file, not a failing database. */
const isUnreadable = (error: unknown): error is Error =>
  error instanceof SyntaxError ||
  (error instanceof Error && /^(Z_|ERR_|ENOENT|EIO)/.test((error as NodeJS.ErrnoException).code ?? ''));

/** All records as JSON lines, the archived ones first. */
export const exportJournal = (database: Database, { archiveDirectory }: Source): AsyncGenerator<string> =>
  lines(allRecords(database.query, archiveDirectory));
