/**
 * Chunks' compression: deflate with a checksum, so that a damaged chunk is an error and never other numbers. The bytes are the same whoever
 * packs them.
 */
import { promisify } from 'node:util';
import { deflate, deflateSync, inflate, inflateSync, type ZlibOptions } from 'node:zlib';

export interface Packing {
  pack(plain: Uint8Array): Promise<Uint8Array>;
  /** Rejects for damaged bytes. */
  unpack(packed: Uint8Array): Promise<Uint8Array>;
}

/** Higher levels cost more than twice the time for a tenth of the size. */
const LEVEL = 1;
/** A chunk goes through in one step or two: each step is a way to another thread and back. */
const PACKED_STEP_BYTES = 1 << 17;
const PLAIN_STEP_BYTES = 1 << 19;

const compress = promisify<Uint8Array, ZlibOptions, Buffer>(deflate);
const decompress = promisify<Uint8Array, ZlibOptions, Buffer>(inflate);

const TO_PACKED = { level: LEVEL, chunkSize: PACKED_STEP_BYTES };
const TO_PLAIN = { chunkSize: PLAIN_STEP_BYTES };

/** By zlib's threads, beside this one. */
export const PACKED_IN_THREADS: Packing = {
  pack: (plain) => compress(plain, TO_PACKED),
  unpack: (packed) => decompress(packed, TO_PLAIN),
};

/** At once: for a simulated world, whose runner knows of no other threads. */
export const PACKED_AT_ONCE: Packing = {
  pack: async (plain) => deflateSync(plain, TO_PACKED),
  unpack: async (packed) => inflateSync(packed, TO_PLAIN),
};
