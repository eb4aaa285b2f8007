/**
 * What the settings name outside of this process: folders, the replayed file, the address to listen on, the database. What can't be used
 * ends the start in the words of its setting, never in a bare errno, and never in silence.
 */
import { accessSync, constants, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseFault } from '../db/client/fault.ts';
import type { SettingName } from './environment.ts';
import { type Settings, SettingsError, settingProblem } from './settings.ts';

/** `ENOENT` of an error of the system, else its message. */
const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);

/** Undefined when it can be done. */
function failureOf(act: () => void): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return codeOf(error);
  }
}

/** Step by step: Node's own recursive mkdir never returns where the system denies that a folder's parent exists (/proc). */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

function folderProblem(path: string, rights: number): string | undefined {
  const missing = failureOf(() => statSync(path));
  if (missing !== undefined) return `can't be opened (${missing})`;
  if (!statSync(path).isDirectory()) return 'is no folder';
  const denied = failureOf(() => accessSync(path, rights));
  return denied && `may not be used (${denied})`;
}

function ownFolderProblem(path: string): string | undefined {
  const failure = failureOf(() => makeFolder(resolve(path)));
  return failure === undefined
    ? folderProblem(path, constants.R_OK | constants.W_OK | constants.X_OK)
    : `can't be made (${failure})`;
}

function fileProblem(path: string): string | undefined {
  const denied = failureOf(() => accessSync(path, constants.R_OK));
  if (denied !== undefined) return `names a file that can't be read (${denied})`;
  return statSync(path).isFile() ? undefined : 'names no file';
}

/** Makes the data folder; throws a SettingsError that names everything that can't be used. */
export function lookAround({ dataDir, importDir, marketData }: Settings): void {
  const found: readonly (readonly [SettingName, string, string | undefined])[] = [
    ['DATA_DIR', dataDir, ownFolderProblem(dataDir)],
    ...(importDir === undefined
      ? []
      : [['IMPORT_DIR', importDir, folderProblem(importDir, constants.R_OK | constants.X_OK)] as const]),
    ...(marketData.kind === 'replay'
      ? [['MARKET_DATA', `replay:${marketData.file}`, fileProblem(marketData.file)] as const]
      : []),
  ];
  const problems = found.flatMap(([name, value, problem]) =>
    problem === undefined ? [] : [settingProblem(name, value, problem)],
  );
  if (problems.length > 0) throw new SettingsError(problems);
}

/**
 * Folders of worlds that the embedded database keeps in the data folder, but for `own`: a start with another seed or file finds none of what
 * is in them.
 */
export const worldsBeside = (dataDir: string, own: string): readonly string[] =>
  readdirSync(dataDir)
    .filter((name) => name !== own && existsSync(join(dataDir, name, 'database')))
    .sort();

/** An address that can't be listened on, a database that can't be reached: the error in the words of the setting; any other as it is. */
export function inWordsOfSettings(error: unknown, { host, port, databaseUrl }: Settings): unknown {
  const { syscall } = error as NodeJS.ErrnoException;
  if (syscall === 'listen' || syscall === 'getaddrinfo') {
    const code = codeOf(error);
    const isPort = code === 'EADDRINUSE' || code === 'EACCES';
    const [name, value] = isPort ? (['PORT', String(port)] as const) : (['HOST', host] as const);
    return new SettingsError([settingProblem(name, value, `can't be listened on (${code})`)]);
  }
  if (databaseUrl === undefined || !(error instanceof DatabaseFault)) return error;
  return new SettingsError([settingProblem('DATABASE_URL', databaseUrl, `can't be used: ${error.message}`)]);
}
