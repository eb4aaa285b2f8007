/**
 * Where a run's reports and its JUnit XML go. What can't be written is told before anything runs, and each run of a folder has a file of
 * its own, whatever its scenario and its seed are called.
 */
import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

export interface Reported {
  readonly file: string;
  readonly seed: string;
  /** Place of the planted bug, none in a run of the scenario as it is. */
  readonly bug?: number;
}

export const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

const NAME_LENGTH_MAX = 200;

function nameOf({ file, seed, bug }: Reported): string {
  const planted = bug === undefined ? '' : `-bug-${bug + 1}`;
  return `${`${basename(file)}-${seed}`.replaceAll(/[/\\\0]/g, '_').slice(0, NAME_LENGTH_MAX)}${planted}`;
}

function reportNames(runs: readonly Reported[]): readonly string[] {
  const taken = new Set<string>();
  return runs.map((run) => {
    const name = nameOf(run);
    let free = name;
    for (let more = 2; taken.has(free); more += 1) free = `${name}-${more}`;
    taken.add(free);
    return `${free}.html`;
  });
}

/** A file for each run, in their order: `html` itself, or files of a folder. */
export function reportFiles(html: string, runs: readonly Reported[]): readonly string[] {
  if (runs.length === 1 && !isFolder(html)) return [html];
  return reportNames(runs).map((name) => join(html, name));
}

const failureOf = (action: () => void): string | undefined => {
  try {
    action();
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
};

const WHY: Readonly<Record<string, string>> = { ENOENT: 'its folder is not there', EISDIR: 'it is a folder' };

/** Why `path` can't be written, in words. */
export function whyUnwritable(path: string): string | undefined {
  if (isFolder(path)) return WHY.EISDIR;
  const code =
    failureOf(() => accessSync(dirname(path), constants.W_OK)) ??
    (statSync(path, { throwIfNoEntry: false }) && failureOf(() => accessSync(path, constants.W_OK)));
  return code && (WHY[code] ?? code);
}

/** The same of a folder, which is made when it is missing. */
export const whyNoFolder = (path: string): string | undefined =>
  failureOf(() => {
    mkdirSync(path, { recursive: true });
    accessSync(path, constants.W_OK);
  });
