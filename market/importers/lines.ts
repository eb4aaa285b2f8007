/** The lines of a text file, plain or gzip (told by its first bytes), streamed: the file's size never matters to memory. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';

export interface LineSource {
  readonly lines: AsyncIterable<string>;
  /** Part of the file's bytes that have been read, in [0, 1]. */
  ratio(): number;
  close(): void;
}

export async function openLines(path: string): Promise<LineSource> {
  const { sizeBytes, gzip } = await inspect(path);
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  const bytes = gzip ? file.pipe(createGunzip()) : file;
  // A failing read must reach whoever iterates, also when it happens below the decompression.
  if (gzip) file.on('error', (error) => bytes.destroy(error));
  const lines = createInterface({ input: bytes, crlfDelay: Number.POSITIVE_INFINITY });
  bytes.on('error', () => lines.close());
  return {
    lines: failing(lines, () => bytes.errored),
    ratio: () => (sizeBytes === 0 ? 1 : Math.min(1, file.bytesRead / sizeBytes)),
    close: () => {
      lines.close();
      file.destroy();
      bytes.destroy();
    },
  };
}

async function* failing(lines: AsyncIterable<string>, fault: () => Error | null): AsyncGenerator<string> {
  yield* lines;
  const error = fault();
  if (error) throw error;
}

async function inspect(path: string): Promise<{ sizeBytes: number; gzip: boolean }> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return { sizeBytes: size, gzip: buffer[0] === 0x1f && buffer[1] === 0x8b };
  } finally {
    await handle.close();
  }
}
