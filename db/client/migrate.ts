/**
 * Brings a database up to the migrations of this build, each in one unit of work. A database that knows a migration which this
 * build does not know, or knows it differently, is refused by name.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database, Query, Statement } from './database.ts';
import { MIGRATIONS_DIRECTORY } from './package-root.ts';

interface Migration {
  readonly name: string;
  readonly hash: string;
  readonly statements: readonly string[];
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export function readMigrations(): readonly Migration[] {
  return readdirSync(MIGRATIONS_DIRECTORY)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => {
      const text = readFileSync(join(MIGRATIONS_DIRECTORY, file), 'utf8');
      const statements = text.split('--> statement-breakpoint').map((statement) => statement.trim());
      return { name: file.replace(/\.sql$/, ''), hash: sha256(text), statements };
    });
}

/** Names all migrations of this build at once; a template of a migrated directory is kept under it. */
export const migrationsHash = (): string =>
  sha256(
    readMigrations()
      .map(({ hash }) => hash)
      .join('\n'),
  );

const CREATE = 'create table if not exists applied_migrations (name text primary key, hash text not null)';
const RECORD = 'insert into applied_migrations (name, hash) values ($1, $2)';

export async function migrate(database: Pick<Database, 'query' | 'commit'>): Promise<void> {
  const applied = await appliedMigrations(database.query);
  const migrations = readMigrations();
  const known = new Map(migrations.map(({ name, hash }) => [name, hash]));
  for (const [name, hash] of applied) {
    if (known.get(name) === undefined)
      throw new Error(`the database has migration ${name}, which this build does not know`);
    if (known.get(name) !== hash) throw new Error(`the database has another migration ${name} than this build`);
  }
  for (const { name, hash, statements } of migrations) {
    if (applied.has(name)) continue;
    const all = [...statements.map((sql): Statement => ({ sql, params: [] })), { sql: RECORD, params: [name, hash] }];
    await database.commit(
      applied.size === 0 && name === migrations[0]?.name ? [{ sql: CREATE, params: [] }, ...all] : all,
    );
  }
}

export async function hasNoTables(query: Query): Promise<boolean> {
  const [present] = await query("select to_regclass('applied_migrations')::text", []);
  return !present?.[0];
}

/** For a process that only works in a database which a product looks after: throws unless it is exactly of this build. */
export async function assertMigrated(query: Query): Promise<void> {
  const applied = await appliedMigrations(query);
  const migrations = readMigrations();
  const same = applied.size === migrations.length && migrations.every(({ name, hash }) => applied.get(name) === hash);
  if (!same) throw new Error('the database is not of this build: start the product of the same build on it first');
}

async function appliedMigrations(query: Query): Promise<ReadonlyMap<string, string>> {
  if (await hasNoTables(query)) return new Map();
  const rows = await query('select name, hash from applied_migrations', []);
  return new Map(rows.map(([name, hash]) => [name as string, hash as string]));
}
