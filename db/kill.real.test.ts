/** A writer that is killed between and within commits: what it had acknowledged is there, whole, and nothing is there by halves. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PostgresCluster, startPostgres } from '../scripts/lib/postgres.mjs';
import { CACHE_DIRECTORY } from './client/package-root.ts';
import { openAt } from './testing/commit-forever.ts';
import { emptyPostgres } from './testing/empty-postgres.ts';
import { CHUNKS, KEPT, SERIES } from './testing/take-back-forever.ts';
import { verifyJournal } from './upkeep/verify.ts';

const bundle = join(CACHE_DIRECTORY, `commit-forever.${process.pid}.mjs`);
const children = new Set<ChildProcess>();
let cluster: PostgresCluster;
let directory: string;

beforeAll(async () => {
  cluster = await startPostgres();
  directory = mkdtempSync(join(tmpdir(), 'pitwall-kill-'));
  await build({
    stdin: {
      contents: `import { commitForever } from './testing/commit-forever.ts';
        import { takeBackForever } from './testing/take-back-forever.ts';
        await { commitForever, takeBackForever }[process.argv[2]](process.argv[3]);`,
      resolveDir: import.meta.dirname,
    },
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
});

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  cluster.stop();
  rmSync(bundle, { force: true });
  rmSync(directory, { recursive: true, force: true });
});

type Work = 'commitForever' | 'takeBackForever';

/** Lets a writer say `lines` lines, tries something meanwhile, kills it; returns the number that it said last. */
async function killAfter(
  lines: number,
  work: Work,
  where: string,
  meanwhile: () => Promise<void> = async () => undefined,
): Promise<number> {
  const child = spawn(process.execPath, [bundle, work, where], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let text = '';
  let tried: Promise<void> | undefined;
  for await (const chunk of child.stdout) {
    text += String(chunk);
    tried ??= meanwhile();
    if (text.split('\n').length <= lines) continue;
    await tried;
    child.kill('SIGKILL');
    break;
  }
  await exited;
  children.delete(child);
  return Number(text.split('\n').at(-2));
}

const places: Readonly<Record<string, () => Promise<string>>> = {
  embedded: async () => directory,
  postgres: () => emptyPostgres(cluster.url),
};

test.each(Object.keys(places))(
  '%s keeps every acknowledged group of a killed writer and refuses a second one by name',
  async (kind) => {
    const where = await places[kind]!();
    for (const groups of [3, 40]) {
      const acknowledged = await killAfter(groups, 'commitForever', where, async () => {
        const second = openAt(where);
        await expect(second.store.open('live')).rejects.toThrow(/in use by .*pid \d+/);
        await second.close();
      });
      const place = openAt(where);
      await place.store.open('live');
      const head = await place.store.takeEpoch();
      expect(head.sequence).toBeGreaterThanOrEqual(acknowledged);
      expect(await verifyJournal(place.database, place)).toMatchObject({ holds: true, records: head.sequence });
      expect(await place.queries.get('orders', 'newest')).toMatchObject({ sequence: head.sequence });
      expect((await place.store.load()).cursors).toEqual([{ agent: 'orders', sequence: head.sequence }]);
      await place.close();
    }
  },
);

test.each(Object.keys(places))(
  '%s has an import whole, or nothing of it, when it is killed while taking it back',
  async (kind) => {
    const where = kind === 'embedded' ? join(directory, 'taken-back') : await places[kind]!();
    for (const lines of [1, 3]) {
      await killAfter(lines, 'takeBackForever', where);
      const place = openAt(where);
      await place.store.open('live');
      const [kept, ...others] = await place.series.imports();
      expect(kept).toMatchObject({ id: KEPT });
      expect(others.length).toBeLessThanOrEqual(1);
      for (const series of SERIES) {
        const heads = await place.series.heads({ symbol: 'NQ', series, fromMs: 0, toMs: 2_000 });
        const chunksOf = (id: string) => heads.filter(({ importId }) => importId === id).length;
        expect([KEPT, ...others.map(({ id }) => id)].map(chunksOf)).toEqual(
          others.length === 0 ? [CHUNKS] : [CHUNKS, CHUNKS],
        );
      }
      const orphans = 'select 1 from series_chunks where not exists (select 1 from imports where id = import_id)';
      expect(await place.database.query(orphans, [])).toEqual([]);
      for (const { id } of others) await place.series.remove(id);
      expect(await place.series.begin({ id: `next-${lines}`, symbol: 'NQ', startedAt: 1 })).toBe(true);
      await place.close();
    }
  },
);
