/**
 * A chunk of ticks as compressed bytes and back. Prices are written as steps, bid and ask as their distance from it, positions only where
 * they don't follow from the instants.
 */
import { CHUNK_TICKS, type TickKind } from '../columns.ts';
import { ByteReader, ByteWriter } from './byte-writer.ts';
import { readDecimals, readPlain, readSteps, writeDecimals, writePlain, writeSteps } from './column-codec.ts';
import type { DecodedTicks } from './decoded-ticks.ts';
import { PACKED_IN_THREADS } from './pack.ts';
import type { StoredTicks } from './tick-buffer.ts';

const FORMAT = 1;
const KINDS: readonly TickKind[] = ['prints', 'quotes', 'both'];
const BYTES_A_TICK = 24;

const writer = new ByteWriter(CHUNK_TICKS * BYTES_A_TICK);

/** The rows are read before this returns its promise: the arrays may be used for others at once. */
export function encodeTicks(ticks: StoredTicks, kind: TickKind, packing = PACKED_IN_THREADS): Promise<Uint8Array> {
  const { length, price } = ticks;
  writer.unsigned(FORMAT);
  writer.unsigned(KINDS.indexOf(kind));
  writer.unsigned(length);
  writeSteps(writer, ticks.atMs, length);
  writePlain(writer, ticks.subMsNs, length);
  writePositions(ticks);
  writeSteps(writer, price, length);
  if (kind === 'both') writePlain(writer, ticks.bid, length, price);
  if (kind !== 'prints') writePlain(writer, ticks.ask, length, price);
  writeDecimals(writer, ticks.volume, length);
  return packing.pack(writer.finish());
}

/** Throws when the bytes are damaged or of a format of another build. */
export async function decodeTicks(bytes: Uint8Array, packing = PACKED_IN_THREADS): Promise<DecodedTicks> {
  const reader = new ByteReader(await packing.unpack(bytes));
  const format = reader.unsigned();
  if (format !== FORMAT) throw new Error(`a chunk of a series has format ${format}, this build reads ${FORMAT}`);
  const kind = KINDS[reader.unsigned()] ?? 'both';
  const length = reader.unsigned();
  const atMs = readSteps(reader, length);
  const subMsNs = Int32Array.from(readPlain(reader, length));
  const position = readPositions(reader, { atMs, subMsNs, length });
  const price = readSteps(reader, length);
  const bid = kind === 'both' ? readPlain(reader, length, price) : price;
  const ask = kind === 'prints' ? price : readPlain(reader, length, price);
  return { kind, length, atMs, subMsNs, position, price, bid, ask, volume: readDecimals(reader, length) };
}

type Times = Pick<StoredTicks, 'atMs' | 'subMsNs' | 'length'>;

/** Follow from the instants: the first of an instant is 0, each further one is one more. */
function impliedPositions({ atMs, subMsNs, length }: Times): Int32Array {
  const positions = new Int32Array(length);
  for (let index = 1; index < length; index += 1) {
    const isSame = atMs[index] === atMs[index - 1] && subMsNs[index] === subMsNs[index - 1];
    positions[index] = isSame ? positions[index - 1]! + 1 : 0;
  }
  return positions;
}

function writePositions(ticks: StoredTicks): void {
  writePlain(writer, ticks.position, ticks.length, impliedPositions(ticks));
}

const readPositions = (reader: ByteReader, times: Times): Int32Array =>
  Int32Array.from(readPlain(reader, times.length, impliedPositions(times)));
