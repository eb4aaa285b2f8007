/** A name for this very database, the same from every machine that reaches it, whatever its address is called there. */
import type { Query } from '../client/database.ts';

const IDENTITY = `select system_identifier::text, (select oid from pg_database where datname = current_database())::text
  from pg_control_system()`;

export async function databaseIdentity(query: Query): Promise<string> {
  const [row] = await query(IDENTITY, []);
  if (!row) throw new Error('Invariant: a server has an identity');
  return row.join('-');
}
