/** What `npm run scenario` was asked for, as files: a file, a folder with all its scenarios, or the name of one in the library. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { suggestion } from '../file/problems.ts';

const ENDINGS = ['.yaml', '.yml', '.scenario.ts', '.scenario.json'];

export const isScenarioFile = (path: string): boolean => ENDINGS.some((ending) => path.endsWith(ending));

/** `05-venue-outage` → `venue-outage`: what a person types. */
const nameOf = (path: string): string => basename(path).replace(/\.(yaml|yml|scenario\.ts|scenario\.json)$/, '');
const plainName = (path: string): string => nameOf(path).replace(/^\d+-/, '');

export function scenariosIn(folder: string): string[] {
  return readdirSync(folder)
    .filter(isScenarioFile)
    .sort()
    .map((name) => join(folder, name));
}

/** Below `folders`, the first that has it; throws an error that a person understands. */
export function findFiles(asked: readonly string[], library: string, folders: readonly string[]): string[] {
  const found = asked.flatMap((what) => {
    const at = folders.map((folder) => resolve(folder, what)).find((path) => existsSync(path));
    if (at !== undefined && !statSync(at).isDirectory()) return [at];
    if (at !== undefined) {
      const files = scenariosIn(at);
      if (files.length === 0) throw new Error(`${what} holds no scenario (${ENDINGS.join(', ')})`);
      return files;
    }
    const known = existsSync(library) ? scenariosIn(library) : [];
    const named = known.filter(
      (file) => nameOf(file) === what || plainName(file) === what || nameOf(file).startsWith(`${what}-`),
    );
    if (named.length > 0) return named;
    const guess = suggestion(what, known.map(plainName));
    throw new Error(`${what} is no file, no folder and no scenario of the library: ${guess}`);
  });
  return [...new Set(found)].map((file) => relative(process.cwd(), file));
}
