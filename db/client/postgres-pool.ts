/**
 * Connections of postgres.js that are thrown away together when one of them is lost. The library would connect again by itself, but
 * keeps what it had not yet sent and writes it before the greeting, so that the new connection hangs (3.4.9): a new client never does.
 */
import type postgres from 'postgres';
import type { DatabaseRow, Statement } from './database.ts';
import { DatabaseFault } from './fault.ts';

export type Sql = ReturnType<typeof postgres>;

/** How long calls on other connections of a thrown away client may go on. */
const DRAIN_S = 5;

export class PostgresPool {
  private sql: Sql | undefined;

  constructor(private readonly create: (onclose: () => void) => Sql) {}

  /** Throws DatabaseFault only. */
  async use<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    this.sql ??= this.open();
    const { sql } = this;
    try {
      return await work(sql);
    } catch (error) {
      const failure = fault(error);
      if (!failure.isAnswer) this.drop(sql);
      throw failure;
    }
  }

  run({ sql: text, params }: Statement): Promise<readonly DatabaseRow[]> {
    return this.use((sql) => execute(sql, text, params));
  }

  async close(): Promise<void> {
    const { sql } = this;
    this.sql = undefined;
    await sql?.end({ timeout: DRAIN_S });
  }

  private open(): Sql {
    const sql: Sql = this.create(() => this.drop(sql));
    return sql;
  }

  private drop(sql: Sql): void {
    if (this.sql !== sql) return;
    this.sql = undefined;
    sql.end({ timeout: DRAIN_S }).catch(() => undefined);
  }
}

/**
 * A query lets go of what it carried once it is answered. The library's queries keep their parameters, and the engine takes them for
 * alive until its next full collection: two thirds of all that orders left behind in the heap were texts of commits long done.
 */
export async function execute(
  sql: Pick<Sql, 'unsafe'>,
  text: string,
  params: Statement['params'],
): Promise<readonly DatabaseRow[]> {
  const carried = [...params];
  const query = sql.unsafe(text, carried, { prepare: true }).values();
  try {
    return await query;
  } finally {
    carried.length = 0;
    (query as { parameters?: unknown[] }).parameters = [];
  }
}

function fault(error: unknown): DatabaseFault {
  const { message, code, severity } = error as { message: string; code?: string; severity?: string };
  return new DatabaseFault(message, code, severity, { cause: error });
}
