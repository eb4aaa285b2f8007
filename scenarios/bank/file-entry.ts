/** The file of a banked seed: where it lies, whether it is still there, and whether it is still what had failed. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CHECKOUT_DIRECTORY } from '../../db/client/package-root.ts';
import type { Entry, FileEntry } from './entry.ts';

export const pathOf = ({ file }: Pick<FileEntry, 'file'>): string => resolve(CHECKOUT_DIRECTORY, file);

export const isGone = (entry: Entry): boolean => entry.kind === 'scenario' && !existsSync(pathOf(entry));

/** SHA-256, in hexadecimal digits. */
export const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
