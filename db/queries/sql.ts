/** The doors' queries on SQL: total order, one count a page. */
import { and, asc, count, desc, eq, gte, inArray, isNull, lt, type SQL } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Condition, ListQuery, Page, Queries } from '../../projections/queries.ts';
import type { TableName, Tables } from '../../projections/rows.ts';
import { type Query, reader } from '../client/database.ts';
import { readTables } from '../tables/all.ts';

type AnyReadTable = PgTable & { readonly id: PgColumn };

export class SqlQueries implements Queries {
  private readonly read: ReturnType<typeof reader>;

  constructor(query: Query) {
    this.read = reader(query);
  }

  async get<T extends TableName>(table: T, id: string): Promise<Tables[T] | undefined> {
    const source: AnyReadTable = readTables[table];
    const [row] = await this.read.select().from(source).where(eq(source.id, id));
    return row as Tables[T] | undefined;
  }

  async list<T extends TableName>(table: T, query: ListQuery): Promise<Page<Tables[T]>> {
    const source: AnyReadTable = readTables[table];
    const where = and(...query.where.flatMap((condition) => conditions(source, condition)));
    const order = query.orderBy.map(({ column, direction }) =>
      (direction === 'asc' ? asc : desc)(columnOf(source, column)),
    );
    const [rows, counted] = await Promise.all([
      this.read
        .select()
        .from(source)
        .where(where)
        .orderBy(...order, asc(source.id))
        .limit(query.limit)
        .offset(query.offset),
      this.read.select({ total: count() }).from(source).where(where),
    ]);
    return { rows: rows as Tables[T][], total: counted[0]?.total ?? 0 };
  }
}

function columnOf(table: AnyReadTable, name: string): PgColumn {
  const column = (table as unknown as Readonly<Record<string, PgColumn | undefined>>)[name];
  if (!column) throw new Error(`Invariant: a query names a column of its table, not ${name}`);
  return column;
}

function conditions(table: AnyReadTable, condition: Condition): SQL[] {
  const column = columnOf(table, condition.column);
  const all: SQL[] = [];
  if (condition.eq !== undefined) all.push(condition.eq === null ? isNull(column) : eq(column, condition.eq));
  if (condition.in) all.push(inArray(column, [...condition.in]));
  if (condition.gte !== undefined) all.push(gte(column, condition.gte));
  if (condition.lt !== undefined) all.push(lt(column, condition.lt));
  return all;
}
