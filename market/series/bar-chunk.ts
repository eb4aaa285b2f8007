/** A chunk of parts of bars as compressed bytes and back. */
import { BarBuffer } from './bar-buffer.ts';
import { ByteReader, ByteWriter } from './byte-writer.ts';
import { readDecimals, readPlain, readSteps, writeDecimals, writePlain, writeSteps } from './column-codec.ts';
import { PACKED_IN_THREADS } from './pack.ts';

const FORMAT = 1;
const BYTES_A_BAR = 32;
export const CHUNK_BARS = 8_192;

const writer = new ByteWriter(CHUNK_BARS * BYTES_A_BAR);

/** The rows are read before this returns its promise. */
export function encodeBars(bars: BarBuffer, packing = PACKED_IN_THREADS): Promise<Uint8Array> {
  const { length, open } = bars;
  writer.unsigned(FORMAT);
  writer.unsigned(length);
  writeSteps(writer, bars.startMs, length);
  writeSteps(writer, open, length);
  for (const prices of [bars.high, bars.low, bars.close]) writePlain(writer, prices, length, open);
  writeDecimals(writer, bars.volume, length);
  for (const column of [bars.ticks, bars.openedMs, bars.closedMs]) writePlain(writer, column, length);
  return packing.pack(writer.finish());
}

/** Throws when the bytes are damaged or of a format of another build. */
export async function decodeBars(bytes: Uint8Array, packing = PACKED_IN_THREADS): Promise<BarBuffer> {
  const reader = new ByteReader(await packing.unpack(bytes));
  const format = reader.unsigned();
  if (format !== FORMAT) throw new Error(`a chunk of bars has format ${format}, this build reads ${FORMAT}`);
  const length = reader.unsigned();
  const bars = new BarBuffer(length);
  bars.length = length;
  bars.startMs.set(readSteps(reader, length));
  bars.open.set(readSteps(reader, length));
  for (const prices of [bars.high, bars.low, bars.close]) prices.set(readPlain(reader, length, bars.open));
  bars.volume.set(readDecimals(reader, length));
  for (const column of [bars.ticks, bars.openedMs, bars.closedMs]) column.set(readPlain(reader, length));
  return bars;
}
