/** Every row of a table that fits, page by page; how far it gets is up to whoever reads. */
import type { Condition, Queries } from '../projections/queries.ts';
import type { TableName, Tables } from '../projections/rows.ts';

const PAGE_ROWS = 10_000;

/** Throws the signal's reason between two pages. */
export async function* everyPage<T extends TableName>(
  queries: Queries,
  table: T,
  where: readonly Condition[],
  signal?: AbortSignal,
): AsyncGenerator<readonly Tables[T][]> {
  for (let offset = 0; ; offset += PAGE_ROWS) {
    signal?.throwIfAborted();
    const { rows } = await queries.list(table, { where, orderBy: [], limit: PAGE_ROWS, offset });
    yield rows;
    if (rows.length < PAGE_ROWS) return;
  }
}

export async function* everyRow<T extends TableName>(
  queries: Queries,
  table: T,
  where: readonly Condition[],
): AsyncGenerator<Tables[T]> {
  for await (const rows of everyPage(queries, table, where)) yield* rows;
}
