/**
 * Imported series on a SQL database. A chunk is one row, put on its own while the import is under way; publishing is one statement that
 * makes all of them count. A chunk is never put for an import that was forgotten meanwhile.
 */
import { and, asc, eq, gte, isNotNull, lt, sql } from 'drizzle-orm';
import type { TickKind } from '../../market/columns.ts';
import type { Chunk, ChunkHead, ChunkRange, ImportRecord, SeriesStore } from '../../market/series/store.ts';
import { compile, type Database, type Parameter, reader } from '../client/database.ts';
import { imports, seriesChunks } from '../tables/series.ts';

type Rows = Pick<Database, 'query' | 'commit'>;

const forgotten = (importId: string): Error => new Error(`the import ${importId} is not under way any more`);

/** Chunks of an import that is not there any more. */
const orphansOf = (importId: string) => sql`delete from ${seriesChunks} where ${seriesChunks.importId} = ${importId}
  and not exists (select 1 from ${imports} where ${imports.id} = ${importId})`;

const bytesOf = (importId: string) =>
  sql`(select coalesce(sum(octet_length(${seriesChunks.bytes})), 0) from ${seriesChunks} where ${seriesChunks.importId} = ${importId})`;

export class SqlSeries implements SeriesStore {
  private readonly read: ReturnType<typeof reader>;
  /** Imports that could not be forgotten when they failed. */
  private readonly undone = new Set<string>();

  constructor(private readonly database: Rows) {
    this.read = reader(database.query);
  }

  async begin({ id, symbol, startedAt }: Pick<ImportRecord, 'id' | 'symbol' | 'startedAt'>): Promise<boolean> {
    for (const failed of this.undone) await this.discard(failed);
    const row = { id, symbol, startedAt, layout: '', kind: '', ticks: 0, duplicates: 0, badLines: 0 };
    const begun = await this.read.insert(imports).values(row).onConflictDoNothing().returning({ id: imports.id });
    return begun.length === 1;
  }

  async put({ importId, series, part, symbol, firstMs, lastMs, count, bytes }: Chunk): Promise<void> {
    const values: readonly Parameter[] = [importId, series, part, symbol, firstMs, lastMs, count, bytes];
    const rows = await this.database.query(PUT, values);
    if (rows.length === 0) throw forgotten(importId);
  }

  async publish({ id, ...rest }: Omit<ImportRecord, 'bytes'>): Promise<void> {
    const published = await this.read
      .update(imports)
      .set({ ...rest, bytes: bytesOf(id) })
      .where(and(eq(imports.id, id), sql`${imports.publishedAt} is null`))
      .returning({ id: imports.id });
    if (published.length === 0) throw forgotten(id);
  }

  async discard(importId: string): Promise<void> {
    this.undone.add(importId);
    await this.database.commit([
      compile(sql`delete from ${imports} where ${imports.id} = ${importId} and ${imports.publishedAt} is null`),
      compile(orphansOf(importId)),
    ]);
    this.undone.delete(importId);
  }

  async remove(importId: string): Promise<void> {
    await this.database.commit([
      compile(sql`delete from ${imports} where ${imports.id} = ${importId} and ${imports.publishedAt} is not null`),
      compile(orphansOf(importId)),
    ]);
  }

  async heads({ symbol, series, fromMs, toMs }: ChunkRange): Promise<readonly ChunkHead[]> {
    const { importId, part, firstMs, lastMs, count } = seriesChunks;
    const rows = await this.read
      .select({ importId, part, firstMs, lastMs, count })
      .from(seriesChunks)
      .innerJoin(imports, eq(imports.id, importId))
      .where(
        and(
          eq(seriesChunks.symbol, symbol),
          eq(seriesChunks.series, series),
          lt(firstMs, toMs),
          gte(lastMs, fromMs),
          isNotNull(imports.publishedAt),
        ),
      )
      .orderBy(asc(firstMs), asc(importId), asc(part));
    return rows.map((row) => ({ ...row, symbol, series }));
  }

  async bytes({ importId, series, part }: ChunkHead): Promise<Uint8Array> {
    const key = and(eq(seriesChunks.importId, importId), eq(seriesChunks.series, series), eq(seriesChunks.part, part));
    const [row] = await this.read.select({ bytes: seriesChunks.bytes }).from(seriesChunks).where(key);
    if (!row) throw new Error(`chunk ${part} of ${series} of the import ${importId} is not there any more`);
    return row.bytes;
  }

  async imports(symbol?: string): Promise<readonly ImportRecord[]> {
    const rows = await this.read
      .select()
      .from(imports)
      .where(and(isNotNull(imports.publishedAt), symbol === undefined ? undefined : eq(imports.symbol, symbol)))
      .orderBy(asc(imports.publishedAt), asc(imports.id));
    return rows.map(({ publishedAt, kind, ...row }) => ({
      ...row,
      kind: kind as TickKind,
      publishedAt: publishedAt ?? 0,
    }));
  }
}

const PUT = `insert into series_chunks (import_id, series, part, symbol, first_ms, last_ms, count, bytes)
  select $1::text, $2::text, $3::int, $4::text, $5::bigint, $6::bigint, $7::int, $8::bytea
  where exists (select 1 from imports where id = $1::text and published_at is null) returning 1`;

/** When a writer begins, nobody works on what is not published: what a dead one left is deleted. */
export async function sweepSeries(database: Rows): Promise<void> {
  await database.commit([
    compile(sql`delete from ${imports} where ${imports.publishedAt} is null`),
    compile(sql`delete from ${seriesChunks} where not exists
      (select 1 from ${imports} where ${imports.id} = ${seriesChunks.importId})`),
  ]);
}
