/** Reads pages of Markdown for the rules about them: which message types they name, which files they link. */
import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { ROOT } from './source.ts';

/** Message types in the rows of tables: `noun.verb` in code font, at the row's beginning or as its reply. */
export function namedTypes(page: string): ReadonlySet<string> {
  const rows = page.split('\n').filter((line) => line.startsWith('|'));
  return new Set(rows.flatMap((row) => [...row.matchAll(/`([a-z-]+\.[a-z-]+)`/g)].map(([, type = '']) => type)));
}

export const unnamedTypes = (page: string, types: readonly string[]): string[] =>
  types.filter((type) => !page.includes(`\`${type}\``));

export const deadLinks = (path: string, page: string): string[] =>
  [...page.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => !existsSync(join(ROOT, posix.join(posix.dirname(path), link))))
    .map((link) => `${path} links ${link}`);
