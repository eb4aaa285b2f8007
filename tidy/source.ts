/** Reads and parses the project's own files for the rules of this folder. A rule gets sources and gives back its offenders as readable lines. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { type Comment, type Program, parseSync, type StaticImport } from 'oxc-parser';

export interface Source {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  readonly program: Program;
  readonly comments: readonly Comment[];
  readonly imports: readonly Import[];
}

export interface Import {
  /** As written. */
  readonly specifier: string;
  /** Root-relative path of a file of ours, or undefined for a package. */
  readonly target: string | undefined;
  readonly typeOnly: boolean;
}

export type Rule = (sources: readonly Source[]) => string[];

export const ROOT = process.cwd();
const OUTSIDE = new Set(['node_modules', 'dist', '.git', '.cache', '.data', 'coverage']);

/** Every file of the checkout that is ours, sorted. */
export function projectFiles(folder = ''): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = posix.join(folder, entry.name);
      if (!entry.isDirectory()) return [path];
      return OUTSIDE.has(entry.name) ? [] : projectFiles(path);
    })
    .sort();
}

export const readText = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

export function parseSource(path: string, text: string): Source {
  const { program, comments, module } = parseSync(path, text);
  const imports = [
    ...module.staticImports.map((found) => toImport(path, found.moduleRequest.value, isTypeOnly(found, text))),
    ...module.staticExports.flatMap((found) =>
      found.entries.flatMap((entry) =>
        entry.moduleRequest ? [toImport(path, entry.moduleRequest.value, entry.isType)] : [],
      ),
    ),
    ...module.dynamicImports.flatMap((found) => {
      const literal = /^['"`]([^'"`]+)['"`]$/.exec(text.slice(found.moduleRequest.start, found.moduleRequest.end))?.[1];
      return literal === undefined ? [] : [toImport(path, literal, false)];
    }),
  ];
  return { path, text, lines: text.trimEnd().split('\n').length, program, comments, imports };
}

let parsed: readonly Source[] | undefined;

/** All TypeScript files, parsed once a process. */
export function sources(): readonly Source[] {
  parsed ??= projectFiles()
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
    .map((path) => parseSource(path, readText(path)));
  return parsed;
}

/** Tests, and what only tests share: suites of a port's conformance, a room's `testing/` folder. */
export const isTest = (path: string): boolean => /\.test\.ts$|(^|[/.])conformance\.ts$|\/testing\//.test(path);
export const isTestFile = (path: string): boolean => /\.test\.ts$/.test(path);
export const roomOf = (path: string): string => (path.includes('/') ? path.slice(0, path.indexOf('/')) : '');
export const lineAt = (source: Source, offset: number): number => source.text.slice(0, offset).split('\n').length;

function toImport(from: string, specifier: string, typeOnly: boolean): Import {
  const target = specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : undefined;
  return { specifier, target, typeOnly };
}

function isTypeOnly(found: StaticImport, text: string): boolean {
  if (/^import\s+type\b/.test(text.slice(found.start, found.end))) return true;
  return found.entries.length > 0 && found.entries.every((entry) => entry.isType);
}
