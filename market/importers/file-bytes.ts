/** The text of a file, plain or gzip, and how many lines it has. */
import { createReadStream } from 'node:fs';
import { plainBytes } from './plain-bytes.ts';

const PIECE_BYTES = 1 << 18;
const NEWLINE = 0x0a;

/** Ending the iteration closes the file. */
export const fileText = (path: string): AsyncGenerator<Uint8Array, void> =>
  plainBytes(createReadStream(path, { highWaterMark: PIECE_BYTES }));

/** As an importer numbers them: the last one needs no newline. Throws what reading throws. */
export async function countLines(path: string): Promise<number> {
  let lines = 0;
  let isOpen = false;
  for await (const piece of fileText(path)) {
    for (let at = piece.indexOf(NEWLINE); at >= 0; at = piece.indexOf(NEWLINE, at + 1)) lines += 1;
    isOpen = piece[piece.length - 1] !== NEWLINE;
  }
  return isOpen ? lines + 1 : lines;
}
