/**
 * The bank of seeds, scenarios/seeds/: a file for each run that once failed. `npm run simulate` and the tests run it first, `npm run
 * scenario` what `cli/bank-first.ts` says of it. An entry is never written over: what is there under its name already stays.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { CHECKOUT_DIRECTORY } from '../../db/client/package-root.ts';
import { checkerIn } from '../planted/checker-in.ts';
import { type Entry, entryText, type FileEntry, parseEntry } from './entry.ts';
import { isGone } from './file-entry.ts';

export const BANK = join(CHECKOUT_DIRECTORY, 'scenarios', 'seeds');
const ENDING = '.json';
const WORDS_MAX = 8;

export interface Banked {
  /** The file's name without its ending. */
  readonly name: string;
  readonly entry: Entry;
}

/** In the order of their names; throws by name what cannot be read. Empty where there is no bank. */
export function readBank(folder: string = BANK): readonly Banked[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith(ENDING));
  return files
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((file) => ({
      name: basename(file, ENDING),
      entry: parseEntry(readFileSync(join(folder, file), 'utf8'), file),
    }));
}

/** Of one file: more than these tell nothing more, and each is run before everything from then on. */
export const SEEDS_OF_A_FILE_MAX = 10;

/** A seed of a scenario file, unless there are enough of it. */
export function bankSeed(name: string, entry: FileEntry, folder: string = BANK): string {
  const known = readBank(folder).filter(({ entry: other }) => other.kind !== 'drawn' && other.file === entry.file);
  const isFull = known.length >= SEEDS_OF_A_FILE_MAX && known.every((other) => other.name !== name);
  return isFull ? `not banked: ${known.length} seeds of this file are kept already` : bank(name, entry, folder);
}

/** Entries whose file no longer exists leave the bank; a sentence about each for the person who runs the command. */
export function dropGone(folder: string = BANK): readonly string[] {
  return readBank(folder).flatMap(({ name, entry }) => {
    if (entry.kind === 'drawn' || !isGone(entry)) return [];
    rmSync(join(folder, `${name}${ENDING}`));
    return [`dropped ${name} from the bank: ${entry.file} no longer exists`];
  });
}

/** `I5 one venue order at 17: twice` with seed 7 → `i5-one-venue-order-7`. */
export function bankName(seed: string, failure: string): string {
  const words = `${checkerIn(failure)}`.toLowerCase().match(/[a-z0-9]+/g) ?? ['failed'];
  return [...words.slice(0, WORDS_MAX), ...(seed.toLowerCase().match(/[a-z0-9]+/g) ?? [])].join('-');
}

/** A sentence about it for the person who runs the command. */
export function bank(name: string, entry: Entry, folder: string = BANK): string {
  const path = join(folder, `${name}${ENDING}`);
  const shown = relative(process.cwd(), path);
  if (existsSync(path)) return `in the bank already as ${shown}`;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, entryText(entry));
  } catch (error) {
    return `not banked, because ${shown} cannot be written: ${error instanceof Error ? error.message : String(error)}`;
  }
  return `banked as ${shown}; write into "found" what it was, run npm run docs, and commit both`;
}
