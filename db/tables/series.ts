/**
 * Imported market data: one row an import, and its ticks and bars as columns in compressed chunks. Only chunks of a published import
 * are part of a series; an instrument has at most one import under way.
 */
import { sql } from 'drizzle-orm';
import { customType, index, integer, pgTable, primaryKey, uniqueIndex } from 'drizzle-orm/pg-core';
import { ordered, whole } from './columns.ts';

/** As the database's drivers take and give it; in a JSON text it is hexadecimal. */
const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' });

export const imports = pgTable(
  'imports',
  {
    id: ordered('id').primaryKey(),
    symbol: ordered('symbol').notNull(),
    /** Null while it is under way. */
    publishedAt: whole('published_at'),
    startedAt: whole('started_at').notNull(),
    layout: ordered('layout').notNull(),
    kind: ordered('kind').notNull(),
    ticks: whole('ticks').notNull(),
    duplicates: whole('duplicates').notNull(),
    badLines: whole('bad_lines').notNull(),
    firstMs: whole('first_ms'),
    lastMs: whole('last_ms'),
    duplicateFirstMs: whole('duplicate_first_ms'),
    duplicateLastMs: whole('duplicate_last_ms'),
    fileName: ordered('file_name'),
    bytes: whole('bytes').notNull().default(0),
  },
  (table) => [uniqueIndex('imports_under_way').on(table.symbol).where(sql`${table.publishedAt} is null`)],
);

export const seriesChunks = pgTable(
  'series_chunks',
  {
    importId: ordered('import_id').notNull(),
    series: ordered('series').notNull(),
    part: integer('part').notNull(),
    symbol: ordered('symbol').notNull(),
    firstMs: whole('first_ms').notNull(),
    lastMs: whole('last_ms').notNull(),
    count: integer('count').notNull(),
    bytes: bytes('bytes').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.importId, table.series, table.part] }),
    index('series_chunks_by_time').on(table.symbol, table.series, table.firstMs),
  ],
);
