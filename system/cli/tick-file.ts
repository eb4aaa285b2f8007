/** A file of market data as an argument: that it is there, and which instrument it is of. */
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { findInstrument } from '../../domain/instrument.ts';
import { badUsage } from './outcome.ts';

/** The file's length; refuses what is no file. */
export function sizeOf(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isFile()) throw badUsage(`there is no file ${path}`);
  return found.size;
}

/** From the option, else from the beginning of the file's name. */
export function symbolOf(path: string, asked: string | undefined): string {
  const spelling = asked ?? basename(path).split(/[_.\s]/, 1)[0] ?? '';
  const instrument = findInstrument(spelling);
  if (instrument) return instrument.symbol;
  if (asked !== undefined) throw badUsage(`"${asked}" is not a known instrument`);
  throw badUsage(`the name of ${basename(path)} tells no known instrument: give --symbol`);
}
