/**
 * A PostgreSQL server: one connection writes, a few read, one holds the advisory lock that makes this process the only writer and
 * ends with it. The pools connect when they are asked, so that a server that is away is a fault of a call, never of the start.
 */
import { hostname } from 'node:os';
import postgres from 'postgres';
import type { Database, DatabaseRow, Query, Statement } from './database.ts';
import { DatabaseFault } from './fault.ts';

/** Any constant that other programs on the same database are unlikely to lock. */
const LOCK_KEY = 7_420_019;
const LOCK_TRIES = 10;
const READERS = 3;
const CONNECT_TIMEOUT_S = 5;
const RECONNECT_MAX_S = 1;
const STATEMENT_TIMEOUT_MS = 30_000;

const HOLDER = `select a.application_name, l.pid from pg_locks l join pg_stat_activity a on a.pid = l.pid
  where l.locktype = 'advisory' and l.granted and l.objid = $1 and l.database = (select oid from pg_database where datname = current_database())`;

/** The writer's one statement is planned once and reaches all rows by key, however the tables grow after that. */
const WRITER_PLANS = {
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  jit: 'off',
};

type Sql = ReturnType<typeof postgres>;

function fault(error: unknown): DatabaseFault {
  const { message, code, severity } = error as { message: string; code?: string; severity?: string };
  return new DatabaseFault(message, code, severity, { cause: error });
}

export class PostgresDatabase implements Database {
  private readonly writer: Sql;
  private readonly readers: Sql;
  private readonly locker: Sql;

  constructor(url: string) {
    const name = `pitwall ${hostname()} pid ${process.pid}`;
    const connect = (max: number, settings: Readonly<Record<string, string | number>>): Sql =>
      postgres(url, {
        max,
        idle_timeout: 0,
        max_lifetime: null,
        connect_timeout: CONNECT_TIMEOUT_S,
        backoff: (attempt: number) => Math.min(RECONNECT_MAX_S, 0.1 * 2 ** attempt),
        fetch_types: false,
        onnotice: () => undefined,
        connection: { application_name: name, ...settings },
      });
    this.writer = connect(1, {
      statement_timeout: STATEMENT_TIMEOUT_MS,
      ...WRITER_PLANS,
    });
    this.readers = connect(READERS, { statement_timeout: STATEMENT_TIMEOUT_MS });
    this.locker = connect(1, {});
  }

  async lock(): Promise<void> {
    for (let attempt = 1; attempt <= LOCK_TRIES; attempt += 1) {
      const [row] = await run(this.locker, 'select pg_try_advisory_lock($1)', [LOCK_KEY]);
      if (row?.[0] === true) return;
      // The server needs a moment to notice that a holder was killed.
      await run(this.locker, 'select pg_sleep(0.1)', []);
    }
    const [holder] = await run(this.locker, HOLDER, [LOCK_KEY]);
    throw new Error(
      `the database is in use by ${holder?.[0] ?? 'another process'} (server process ${holder?.[1] ?? 'unknown'})`,
    );
  }

  readonly query: Query = (sql, params) => run(this.readers, sql, params);

  async commit(statements: readonly Statement[]): Promise<void> {
    const [first] = statements;
    if (!first) return;
    if (statements.length === 1) await run(this.writer, first.sql, first.params);
    else {
      await this.writer
        .begin(async (transaction) => {
          for (const { sql, params } of statements)
            await transaction.unsafe(sql, [...params], { prepare: params.length > 0 });
        })
        .catch((error: unknown) => {
          throw fault(error);
        });
    }
  }

  async snapshot<T>(work: (query: Query) => Promise<T>): Promise<T> {
    const inside = this.readers.begin('isolation level repeatable read read only', async (transaction) => ({
      result: await work((sql, params) => run(transaction, sql, params)),
    }));
    return (await inside).result;
  }

  async close(): Promise<void> {
    await Promise.all([this.writer, this.readers, this.locker].map((sql) => sql.end({ timeout: 5 })));
  }
}

async function run(
  connection: Pick<Sql, 'unsafe'>,
  sql: string,
  params: Statement['params'],
): Promise<readonly DatabaseRow[]> {
  try {
    return await connection.unsafe(sql, [...params], { prepare: true }).values();
  } catch (error) {
    throw fault(error);
  }
}
