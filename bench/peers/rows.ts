/** One row a tick: the plain table that a stage has filled, as the alternative to columns in chunks. It has no index. */
import postgres from 'postgres';
import type { Side } from '../measure.ts';

const ROWS_A_FETCH = 10_000;

async function withPlain<T>(work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const url = process.env.BENCH_DATABASE_URL;
  if (!url) throw new Error('BENCH_DATABASE_URL names no server');
  const sql = postgres(url, { max: 1 });
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
}

export const rows: Side = {
  'ticks-size': () =>
    withPlain(async (sql) => {
      const [row] = await sql`select pg_total_relation_size('plain')::float8 / count(*) as bytes from plain`;
      return Number(row?.bytes);
    }),
  /** As they lie there: sorting them would come on top. */
  'ticks-read': () =>
    withPlain(async (sql) => {
      const startedMs = performance.now();
      let read = 0;
      let sum = 0;
      const all = sql`select extract(epoch from at)::float8 * 1000, price, bid, ask, volume from plain`.values();
      await all.cursor(ROWS_A_FETCH, (page) => {
        for (const [at, price] of page) sum += Number(at) + Number(price);
        read += page.length;
      });
      if (!(sum > 0)) throw new Error('the plain table is empty');
      return (read / (performance.now() - startedMs)) * 1_000;
    }),
};
