/**
 * A PostgreSQL server: one connection writes, a few read, one holds the advisory lock that makes this process the only writer and
 * ends with it. The pools connect when they are asked, so that a server that is away is a fault of a call, never of the start.
 */
import { hostname } from 'node:os';
import postgres from 'postgres';
import type { Database, Query, Statement } from './database.ts';
import { execute, PostgresPool } from './postgres-pool.ts';

/** Any constant that other programs on the same database are unlikely to lock. */
const LOCK_KEY = 7_420_019;
const LOCK_TRIES = 10;
const READERS = 3;
const CONNECT_TIMEOUT_S = 5;
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

export class PostgresDatabase implements Database {
  private readonly writer: PostgresPool;
  private readonly readers: PostgresPool;
  private readonly locker: PostgresPool;

  constructor(url: string) {
    const name = `pitwall ${hostname()} pid ${process.pid}`;
    const pool = (max: number, settings: Readonly<Record<string, string | number>>) =>
      new PostgresPool((onclose) =>
        postgres(url, {
          max,
          idle_timeout: 0,
          max_lifetime: null,
          connect_timeout: CONNECT_TIMEOUT_S,
          fetch_types: false,
          onnotice: () => undefined,
          onclose,
          connection: { application_name: name, ...settings },
        }),
      );
    this.writer = pool(1, { statement_timeout: STATEMENT_TIMEOUT_MS, ...WRITER_PLANS });
    this.readers = pool(READERS, { statement_timeout: STATEMENT_TIMEOUT_MS });
    this.locker = pool(1, {});
  }

  async lock(): Promise<void> {
    for (let attempt = 1; attempt <= LOCK_TRIES; attempt += 1) {
      const [row] = await this.locker.run({ sql: 'select pg_try_advisory_lock($1)', params: [LOCK_KEY] });
      if (row?.[0] === true) return;
      // The server needs a moment to notice that a holder was killed.
      await this.locker.run({ sql: 'select pg_sleep(0.1)', params: [] });
    }
    const [holder] = await this.locker.run({ sql: HOLDER, params: [LOCK_KEY] });
    const [name = 'another process', pid = 'unknown'] = holder ?? [];
    throw new Error(`the database is in use by ${name} (server process ${pid})`);
  }

  readonly query: Query = (sql, params) => this.readers.run({ sql, params });

  async commit(statements: readonly Statement[]): Promise<void> {
    const [first] = statements;
    if (!first) return;
    if (statements.length === 1) await this.writer.run(first);
    else {
      await this.writer.use((sql) =>
        sql.begin(async (transaction) => {
          for (const each of statements) await execute(transaction, each.sql, each.params);
        }),
      );
    }
  }

  async snapshot<T>(work: (query: Query) => Promise<T>): Promise<T> {
    const outcome = await this.readers.use((sql) =>
      sql.begin('isolation level repeatable read read only', async (transaction) => {
        // What `work` itself throws is not the database's fault, and is passed on as it is.
        return work((text, params) => execute(transaction, text, params)).then(
          (result) => ({ result }),
          (failure: unknown) => ({ failure }),
        );
      }),
    );
    if ('failure' in outcome) throw outcome.failure;
    return outcome.result as T;
  }

  async close(): Promise<void> {
    await Promise.all([this.writer.close(), this.readers.close(), this.locker.close()]);
  }
}
