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

export const execute = async (
  sql: Pick<Sql, 'unsafe'>,
  text: string,
  params: Statement['params'],
): Promise<readonly DatabaseRow[]> => sql.unsafe(text, [...params], { prepare: true }).values();

function fault(error: unknown): DatabaseFault {
  const { message, code, severity } = error as { message: string; code?: string; severity?: string };
  return new DatabaseFault(message, code, severity, { cause: error });
}
