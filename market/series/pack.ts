/** Chunks' compression: deflate with a checksum, so that a damaged chunk is an error and never other numbers. */
import { promisify } from 'node:util';
import { deflate, inflate, type ZlibOptions } from 'node:zlib';

/** Higher levels cost more than twice the time for a tenth of the size. */
const LEVEL = 1;
/** A chunk goes through in one step or two: each step is a way to another thread and back. */
const PACKED_STEP_BYTES = 1 << 17;
const PLAIN_STEP_BYTES = 1 << 19;

const compress = promisify<Uint8Array, ZlibOptions, Buffer>(deflate);
const decompress = promisify<Uint8Array, ZlibOptions, Buffer>(inflate);

export const pack = (plain: Uint8Array): Promise<Uint8Array> =>
  compress(plain, { level: LEVEL, chunkSize: PACKED_STEP_BYTES });

export const unpack = (packed: Uint8Array): Promise<Uint8Array> => decompress(packed, { chunkSize: PLAIN_STEP_BYTES });
