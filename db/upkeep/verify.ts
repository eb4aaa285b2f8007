/**
 * Proves the journal: walks archive and table, and names the exact sequence where the chain or a record's schema does not hold. A writer may go on
 * meanwhile: what is proven is the chain up to the head as it was at the beginning.
 */
import { sql } from 'drizzle-orm';
import { catalog } from '../../messages/registry.ts';
import type { Verification } from '../../projections/upkeep.ts';
import { chainHash, GENESIS_HASH } from '../../runtime/chain.ts';
import type { Message } from '../../runtime/message.ts';
import type { StoredRecord } from '../../runtime/store.ts';
import { compile, type Database, type Query } from '../client/database.ts';
import { journalHead, records } from '../tables/journal.ts';
import { allRecords, lines, unbrokenRecords } from './archive.ts';

type Source = { readonly archiveDirectory: string };

export interface Ends {
  readonly sequence: number;
  readonly hash: string;
  /** Of the newest record in the table, as read in the same instant. */
  readonly newest: number;
}

/** Undefined in a place without a journal. */
export async function journalEnds(query: Query): Promise<Ends | undefined> {
  const { sql: text, params } = compile(
    sql`select ${journalHead.sequence}, ${journalHead.hash}, (select max(${records.sequence}) from ${records}) from ${journalHead}`,
  );
  const [row] = await query(text, params);
  if (!row) return undefined;
  const [sequence, hash, newest] = row;
  return { sequence: Number(sequence), hash: String(hash), newest: Number(newest ?? sequence) };
}

/** What is wrong with a record of the product beside its place in the chain, in words: it must be what the schema of its type says. */
export function faultOf({ type, version, payload }: StoredRecord): string | undefined {
  try {
    const problem = catalog.problem?.(catalog.upcast(type, version, JSON.parse(payload) as Message));
    return problem && `${type} is not what its schema says: ${problem}`;
  } catch (error) {
    return `${type} can't be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** The chain; and each record for itself, where `fault` tells what is wrong with one. */
export async function verifyJournal(
  { query }: Pick<Database, 'query'>,
  { archiveDirectory }: Source,
  fault: typeof faultOf = () => undefined,
): Promise<Verification> {
  const ends = await journalEnds(query);
  return proveChain(ends, ends ? allRecords(query, archiveDirectory, { upTo: ends.sequence }) : [], fault);
}

/** `all`: the records up to the head, in order. Without ends there is no journal. */
export async function proveChain(
  ends: Ends | undefined,
  all: AsyncIterable<StoredRecord> | Iterable<StoredRecord>,
  fault: typeof faultOf,
): Promise<Verification> {
  let sequence = 0;
  let hash = GENESIS_HASH;
  const broken = (reason: string): Verification => ({ holds: false, sequence: sequence + 1, reason });
  if (!ends) return { holds: true, records: 0, hash };
  try {
    for await (const record of all) {
      const reason = breaks(record, sequence + 1, hash) ?? fault(record);
      if (reason !== undefined) return broken(reason);
      ({ sequence, hash } = record);
    }
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return broken(`the archive can't be read: ${error.message}`);
  }
  if (ends.sequence !== sequence) return broken(`the journal ends before its head, ${ends.sequence}`);
  if (ends.hash !== hash) return { holds: false, sequence, reason: 'the head has another hash than the last record' };
  if (ends.newest > sequence) return broken(`a record stands behind the head, ${ends.sequence}`);
  return { holds: true, records: sequence, hash };
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

/** Records as JSON lines, the archived ones first, up to the head at the beginning. */
export async function* exportJournal(
  { query }: Pick<Database, 'query'>,
  { archiveDirectory, fromSequence = 1 }: Source & { readonly fromSequence?: number },
): AsyncGenerator<string> {
  const ends = await journalEnds(query);
  if (!ends) return;
  yield* lines(unbrokenRecords(query, archiveDirectory, { after: fromSequence - 1, upTo: ends.sequence }));
}
