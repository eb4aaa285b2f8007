/** The content of a disk in memory as the lines of a backup: what a database reads back when it is restored from them. */
import { getTableName } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import type { EntityRow } from '../../runtime/store.ts';
import { migrationsHash } from '../client/migrate.ts';
import { readTables, TABLE_NAMES } from '../tables/all.ts';
import { cursors, effectOpen, entityState, journalHead, records, sleepers } from '../tables/journal.ts';
import { runHeads, runLines } from '../tables/runs.ts';
import { imports, seriesChunks } from '../tables/series.ts';
import type { Header, Part } from '../upkeep/backup.ts';
import type { MemoryDisk } from './disk.ts';

const PAGE = 2_000;

function* pages(table: PgTable, rows: readonly object[]): Generator<Part> {
  for (let from = 0; from < rows.length; from += PAGE)
    yield [getTableName(table), rows.slice(from, from + PAGE) as Part[1]];
}

/** The head is last: a place that has one has everything. */
export function* dump(disk: MemoryDisk): Generator<Header | Part> {
  const { head } = disk;
  if (!head) throw new Error('there is no journal here to copy');
  yield { migrations: migrationsHash(), world: head.world };
  yield* pages(records, [...disk.archived, ...disk.records]);
  const rows = entityRows(disk);
  yield* pages(
    entityState,
    rows.filter(({ wakesAt }) => wakesAt === undefined),
  );
  yield* pages(
    sleepers,
    rows.filter(({ wakesAt }) => wakesAt !== undefined),
  );
  yield* pages(cursors, [...disk.cursors.values()]);
  yield* pages(effectOpen, inAll(disk.effects));
  for (const name of TABLE_NAMES) yield* pages(readTables[name], [...disk.tables[name].values()]);
  const published = [...disk.series.values()].filter(({ record }) => record);
  const importRows = published.flatMap(({ record }) => record ?? []);
  yield* pages(imports, importRows);
  for (const { chunks } of published) yield* pages(seriesChunks, [...chunks.values()].map(asHexadecimal));
  yield* pages(runHeads, headRows(disk));
  const lines = [...disk.outputs].flatMap(([run, output]) => output.lines.map((line) => ({ run, ...line })));
  yield* pages(runLines, lines);
  yield* pages(journalHead, [{ id: 1, ...head }]);
}

const inAll = <T>(byAgent: ReadonlyMap<string, ReadonlyMap<unknown, T>>): T[] =>
  [...byAgent.values()].flatMap((all) => [...all.values()]);

/** Field by field: a row may spell its state only when it is asked for. */
const entityRows = (disk: MemoryDisk): EntityRow[] =>
  inAll(disk.rows).map(({ agent, entity, version, state, wakesAt }) => ({
    ...{ agent, entity, version, state },
    ...(wakesAt !== undefined && { wakesAt }),
  }));

const asHexadecimal = <T extends { readonly bytes: Uint8Array }>(chunk: T): object => ({
  ...chunk,
  bytes: `\\x${Buffer.from(chunk.bytes).toString('hex')}`,
});

function headRows({ outputs }: MemoryDisk): object[] {
  return [...outputs].map(([run, { head }]) => {
    const { last, figures, ...rest } = head;
    const told = figures === null ? null : JSON.stringify(figures);
    return { run, ...rest, events: last.event, trades: last.trade, points: last.equity, figures: told };
  });
}
