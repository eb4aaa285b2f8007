/** The doors' queries on the in-memory twin: the same rows, in the same order, with the same counts as on SQL. */
import type { Condition, ListQuery, Page, Queries } from '../../projections/queries.ts';
import type { TableName, Tables } from '../../projections/rows.ts';
import { compareText, compareValues, type Value } from './compare.ts';
import type { MemoryDisk } from './disk.ts';

type AnyRow = Readonly<Record<string, Value>> & { readonly id: string };

export class MemoryQueries implements Queries {
  constructor(private readonly disk: MemoryDisk) {}

  async get<T extends TableName>(table: T, id: string): Promise<Tables[T] | undefined> {
    return this.disk.tables[table].get(id);
  }

  async list<T extends TableName>(table: T, query: ListQuery): Promise<Page<Tables[T]>> {
    const all = [...this.disk.tables[table].values()] as unknown as AnyRow[];
    const rows = all.filter((row) => query.where.every((condition) => holds(row, condition)));
    rows.sort((a, b) => compareRows(a, b, query));
    const page: unknown = rows.slice(query.offset, query.offset + query.limit);
    return { rows: page as Tables[T][], total: rows.length };
  }
}

function columnValue(row: AnyRow, column: string): Value {
  const value = row[column];
  if (value === undefined) throw new Error(`Invariant: a query names a column of its table, not ${column}`);
  return value;
}

function holds(row: AnyRow, { column, eq, in: among, gte, lt }: Condition): boolean {
  const value = columnValue(row, column);
  if (eq !== undefined && (value === null || eq === null ? value !== eq : compareValues(column, value, eq) !== 0))
    return false;
  if (among && (value === null || !among.some((other) => compareValues(column, value, other) === 0))) return false;
  if (gte !== undefined && (value === null || compareValues(column, value, gte) < 0)) return false;
  return lt === undefined || (value !== null && compareValues(column, value, lt) < 0);
}

function compareRows(a: AnyRow, b: AnyRow, { orderBy }: ListQuery): number {
  for (const { column, direction } of orderBy) {
    const order = compareValues(column, columnValue(a, column), columnValue(b, column));
    if (order !== 0) return direction === 'asc' ? order : -order;
  }
  return compareText(a.id, b.id);
}
