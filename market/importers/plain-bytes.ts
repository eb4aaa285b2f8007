/**
 * The text of a stream of bytes, plain or gzip (told by its first bytes), piece by piece: the file's size never matters to memory. The
 * limit counts the text, so that a small gzip file can't become an endless one.
 */
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { FileRefusal } from './refusal.ts';

export type Bytes = AsyncIterable<Uint8Array>;

const PIECE_BYTES = 1 << 18;

/** Throws FileRefusal beyond `maxBytes`, for what is no text, and for a gzip file that is torn or damaged. */
export async function* plainBytes(
  source: Bytes,
  maxBytes = Number.POSITIVE_INFINITY,
): AsyncGenerator<Uint8Array, void> {
  const pieces = source[Symbol.asyncIterator]();
  try {
    const beginning = await takeBeginning(pieces);
    refuseOtherFiles(beginning);
    const whole = rejoin(beginning, pieces);
    const isGzip = beginning[0] === 0x1f && beginning[1] === 0x8b;
    let readBytes = 0;
    for await (const piece of isGzip ? gunzip(whole) : whole) {
      readBytes += piece.length;
      if (readBytes > maxBytes) throw new FileRefusal('too-large', `the file has more than ${maxBytes} bytes of text`);
      yield piece;
    }
  } finally {
    await pieces.return?.();
  }
}

/** At least four bytes, if there are so many. */
async function takeBeginning(pieces: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let beginning: Uint8Array = new Uint8Array(0);
  while (beginning.length < 4) {
    const next = await pieces.next();
    if (next.done) break;
    beginning = beginning.length === 0 ? next.value : Buffer.concat([beginning, next.value]);
  }
  return beginning;
}

function refuseOtherFiles([first, second, third, fourth]: Uint8Array): void {
  if (first === 0x50 && second === 0x4b && third === 3 && fourth === 4)
    throw new FileRefusal('not-text', 'the file is a zip archive: only plain text and gzip are read');
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    throw new FileRefusal('not-text', 'the file is UTF-16: only ASCII and UTF-8 are read');
}

async function* rejoin(beginning: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  if (beginning.length > 0) yield beginning;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

async function* gunzip(source: Bytes): AsyncGenerator<Uint8Array, void> {
  const packed = Readable.from(source, { objectMode: false, highWaterMark: PIECE_BYTES });
  const plain = createGunzip({ chunkSize: PIECE_BYTES });
  // A failing read must reach whoever iterates, also when it happens below the decompression.
  packed.on('error', (error) => plain.destroy(error));
  packed.pipe(plain);
  try {
    for await (const piece of plain) yield piece as Uint8Array;
  } catch (error) {
    throw isDamage(error) ? new FileRefusal('damaged', `the gzip file is damaged: ${error.message}`) : error;
  } finally {
    packed.destroy();
    plain.destroy();
  }
}

/** What the decompressor says of the bytes, as opposed to a failing read. */
const isDamage = (error: unknown): error is Error =>
  error instanceof Error && String((error as NodeJS.ErrnoException).code).startsWith('Z_');
