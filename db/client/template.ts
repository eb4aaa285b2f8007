/**
 * A gzip image of a freshly migrated directory, kept under `.cache` by the hash of the migrations: a new embedded database unpacks
 * it in a second where a cold start takes many. It is only ever a shortcut; without it everything works the same.
 */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrationsHash } from './migrate.ts';
import { CACHE_DIRECTORY } from './package-root.ts';

const templatePath = (): string => join(CACHE_DIRECTORY, `pglite-${migrationsHash().slice(0, 16)}.tar.gz`);

/** The template for a directory that does not hold a database yet, if there is one. */
export function templateFor(directory: string): string | undefined {
  const path = templatePath();
  return isFresh(directory) && existsSync(path) ? path : undefined;
}

/** A directory that its process was killed in making holds nothing yet, whatever lies in it. */
export const isFresh = (directory: string): boolean =>
  !existsSync(join(directory, 'PG_VERSION')) || existsSync(makingOf(directory));

const makingOf = (directory: string): string => `${directory}.making`;

/** Beside a directory for as long as it is made; the caller holds the place. Returns what is called when it is whole, before its first commit. */
export function making(directory: string): () => void {
  const mark = makingOf(directory);
  if (existsSync(mark)) rmSync(directory, { recursive: true, force: true });
  if (!isFresh(directory)) return () => undefined;
  writeFileSync(mark, '');
  return () => rmSync(mark);
}

/** Keeps what `dump` writes as the template, whole or not at all. */
export async function keepTemplate(dump: (path: string) => Promise<void>): Promise<void> {
  const path = templatePath();
  if (existsSync(path)) return;
  mkdirSync(CACHE_DIRECTORY, { recursive: true });
  const draft = `${path}.${process.pid}`;
  await dump(draft);
  renameSync(draft, path);
}
