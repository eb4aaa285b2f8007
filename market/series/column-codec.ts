/**
 * One column as bytes. Whole numbers are written as differences (to the row above, or to another column) divided by their greatest common
 * divisor: times and prices of one instrument become numbers of few bits. What is read is what was written, bit for bit.
 */
import type { ByteReader, ByteWriter } from './byte-writer.ts';

type Column = Float64Array | Int32Array;

/** The greatest common divisor of some numbers that are not negative, at most 2^53; 0 when all are 0. */
function commonDivisor(values: Column, length: number): number {
  let divisor = 0;
  for (let index = 0; index < length && divisor !== 1; index += 1) {
    let rest = Math.abs(values[index]!);
    if (divisor > 0) {
      const quotient = rest / divisor;
      if (quotient === Math.floor(quotient)) continue;
    }
    while (rest > 0) [divisor, rest] = [rest, divisor % rest];
  }
  return divisor;
}

const differences = new Float64Array(1 << 16);
const scratch = (length: number): Float64Array =>
  length <= differences.length ? differences : new Float64Array(length);

/** Each value as its difference to the one above. */
export function writeSteps(writer: ByteWriter, values: Column, length: number): void {
  const steps = scratch(length);
  let previous = 0;
  for (let index = 0; index < length; index += 1) {
    const value = values[index]!;
    steps[index] = value - previous;
    previous = value;
  }
  // The first value alone would spoil the divisor.
  if (length > 0) writer.signed(steps[0]!);
  writeShared(writer, steps.subarray(1, Math.max(1, length)), length - 1);
}

export function readSteps(reader: ByteReader, length: number): Float64Array {
  const values = new Float64Array(length);
  if (length === 0) return values;
  values[0] = reader.signed();
  const divisor = length > 1 ? reader.unsigned() : 0;
  for (let index = 1; index < length; index += 1) {
    values[index] = values[index - 1]! + (divisor === 0 ? 0 : reader.signed() * divisor);
  }
  return values;
}

/** Each value as its difference to `base` in the same row, or as it is. */
export function writePlain(writer: ByteWriter, values: Column, length: number, base?: Column): void {
  if (!base) {
    writeShared(writer, values, length);
    return;
  }
  const steps = scratch(length);
  for (let index = 0; index < length; index += 1) steps[index] = values[index]! - base[index]!;
  writeShared(writer, steps, length);
}

export function readPlain(reader: ByteReader, length: number, base?: Column): Float64Array {
  const values = new Float64Array(length);
  const divisor = length > 0 ? reader.unsigned() : 0;
  for (let index = 0; index < length; index += 1) {
    const value = divisor === 0 ? 0 : reader.signed() * divisor;
    values[index] = base ? base[index]! + value : value;
  }
  return values;
}

/** The divisor, and unless it is 0 the quotients. */
function writeShared(writer: ByteWriter, values: Column, length: number): void {
  if (length <= 0) return;
  const divisor = commonDivisor(values, length);
  writer.unsigned(divisor);
  if (divisor === 0) return;
  for (let index = 0; index < length; index += 1) writer.signed(values[index]! / divisor);
}

const DECIMALS_MAX = 8;
const AS_THEY_ARE = DECIMALS_MAX + 1;

/** Numbers that need not be whole: as whole numbers of the first power of ten that holds all of them, else as they are. */
export function writeDecimals(writer: ByteWriter, values: Float64Array, length: number): void {
  const scaled = scratch(length);
  for (let decimals = 0; decimals <= DECIMALS_MAX; decimals += 1) {
    if (!scale(values, length, 10 ** decimals, scaled)) continue;
    writer.unsigned(decimals);
    writeShared(writer, scaled, length);
    return;
  }
  writer.unsigned(AS_THEY_ARE);
  writer.raw(values.subarray(0, length));
}

export function readDecimals(reader: ByteReader, length: number): Float64Array {
  const decimals = reader.unsigned();
  if (decimals === AS_THEY_ARE) return reader.raw(length);
  const values = readPlain(reader, length);
  const factor = 10 ** decimals;
  if (factor > 1) for (let index = 0; index < length; index += 1) values[index] = values[index]! / factor;
  return values;
}

const WHOLE_MAX = 2 ** 52;

/** False when a value is not exactly a whole number of 1 ÷ `factor`. */
function scale(values: Float64Array, length: number, factor: number, target: Float64Array): boolean {
  for (let index = 0; index < length; index += 1) {
    const value = values[index]!;
    const whole = Math.round(value * factor);
    if (whole / factor !== value || whole > WHOLE_MAX) return false;
    target[index] = whole;
  }
  return true;
}
