/** Where a crash run keeps its journal: a folder with the embedded database, or a database of its own on a private PostgreSQL server. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type OpenedPlace, openEmbedded, openPostgres } from '../../db/open.ts';

export const DATABASES = ['embedded', 'postgres'] as const;
export type DatabaseKind = (typeof DATABASES)[number];

/** The simulated market's default seed names the world, and the world its folder. */
export const WORLD = 'simulated:1';

export interface CrashPlace {
  readonly kind: DatabaseKind;
  /** What the product is told of it. */
  readonly env: Readonly<Record<string, string>>;
  /** For proofs, while no product runs. */
  open(): OpenedPlace;
  close(): void;
}

interface Cluster {
  readonly url: string;
  readonly bin: string;
  stop(): void;
}

async function startCluster(): Promise<Cluster> {
  const script = pathToFileURL(join(process.cwd(), 'scripts', 'lib', 'postgres.mjs')).href;
  const { startPostgres } = (await import(script)) as { startPostgres(): Promise<Cluster> };
  return startPostgres();
}

export async function openCrashPlace(kind: DatabaseKind, folder: string): Promise<CrashPlace> {
  const directory = join(folder, 'data', 'simulated-1');
  const env = { DATA_DIR: join(folder, 'data') };
  if (kind === 'embedded') return { kind, env, open: () => openEmbedded({ directory }), close: () => undefined };
  const cluster = await startCluster();
  return {
    kind,
    env: { ...env, DATABASE_URL: cluster.url },
    open: () => openPostgres({ url: cluster.url, archiveDirectory: directory }),
    close: () => cluster.stop(),
  };
}
