/**
 * The line that runs a scenario again as it ran, ready to be pasted into a shell: whatever stands in a file's name or in a seed, the shell
 * hands it on as one word, and the command takes a file's name for no option.
 */
import { relative } from 'node:path';
import { CHECKOUT_DIRECTORY } from '../../db/client/package-root.ts';
import type { Part } from '../shrink/part.ts';
import { partOptions } from '../shrink/told.ts';

export interface Repeated {
  readonly file: string;
  readonly seed: string;
  /** Virtual milliseconds; the file's own when absent. */
  readonly untilMs?: number | undefined;
  readonly doubleCheck?: boolean;
  readonly planted?: boolean;
  /** Only these of its steps and fault windows. */
  readonly keep?: Part | undefined;
}

/** Nothing that a POSIX shell reads as anything but itself. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/** As one word of a POSIX shell. */
export const shellWord = (text: string): string => (PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

function fileWord(file: string): string {
  const path = relative(process.cwd(), file);
  return shellWord(path.startsWith('-') ? `./${path}` : path);
}

/** A seed that begins with a dash would be read as an option of its own. */
const seedOption = (seed: string): string =>
  seed.startsWith('-') || seed === '' ? shellWord(`--seed=${seed}`) : `--seed ${shellWord(seed)}`;

/** Outside of the checkout npm has to be told where it is. */
function npm(): string {
  const within = relative(CHECKOUT_DIRECTORY, process.cwd());
  return within.startsWith('..') ? `npm --prefix ${shellWord(relative(process.cwd(), CHECKOUT_DIRECTORY))}` : 'npm';
}

export function repeatCommand({ file, seed, untilMs, doubleCheck = false, planted = false, keep }: Repeated): string {
  const until = untilMs === undefined ? '' : ` --until ${untilMs}ms`;
  const flags = `${doubleCheck ? ' --double-check' : ''}${planted ? ' --planted' : ''}${keep ? ` ${partOptions(keep)}` : ''}`;
  return `${npm()} run scenario -- ${fileWord(file)} ${seedOption(seed)}${until}${flags}`;
}
