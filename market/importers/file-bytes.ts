/** The text of a file, plain or gzip, and how far it has been read. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { plainBytes } from './plain-bytes.ts';

const PIECE_BYTES = 1 << 18;

export interface FileBytes {
  readonly pieces: AsyncGenerator<Uint8Array, void>;
  /** Part of the file's bytes that have been read, in [0, 1]. */
  ratio(): number;
}

/** Ending the iteration closes the file. */
export async function openFileBytes(path: string, maxBytes?: number): Promise<FileBytes> {
  const { size: sizeBytes } = await stat(path);
  const file = createReadStream(path, { highWaterMark: PIECE_BYTES });
  return {
    pieces: plainBytes(file, maxBytes),
    ratio: () => (sizeBytes === 0 ? 1 : Math.min(1, file.bytesRead / sizeBytes)),
  };
}
