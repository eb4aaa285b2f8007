/** Whole numbers as bytes: seven bits a byte, the lowest first (LEB128); signed ones with the sign in the lowest bit. Exact up to 2^53. */

const SMALL = 2 ** 31;

export class ByteWriter {
  private bytes: Uint8Array;
  private length = 0;

  constructor(capacityBytes: number) {
    this.bytes = new Uint8Array(capacityBytes);
  }

  /** A number from 0 to 2^53. */
  unsigned(value: number): void {
    if (this.length + 10 > this.bytes.length) this.grow();
    const { bytes } = this;
    let { length } = this;
    let rest = value;
    while (rest >= SMALL) {
      bytes[length] = (rest % 128) | 128;
      length += 1;
      rest = Math.floor(rest / 128);
    }
    while (rest >= 128) {
      bytes[length] = (rest & 127) | 128;
      length += 1;
      rest >>>= 7;
    }
    bytes[length] = rest;
    this.length = length + 1;
  }

  /** Between -2^52 and 2^52. */
  signed(value: number): void {
    this.unsigned(value < 0 ? -2 * value - 1 : 2 * value);
  }

  raw(values: Float64Array): void {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    while (this.length + bytes.length > this.bytes.length) this.grow();
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** A copy of what was written; the writer begins again. */
  finish(): Uint8Array {
    const { length } = this;
    this.length = 0;
    return this.bytes.slice(0, length);
  }

  private grow(): void {
    const larger = new Uint8Array(this.bytes.length * 2 + 64);
    larger.set(this.bytes);
    this.bytes = larger;
  }
}

/** Reads what a writer wrote. Bytes that end too early are an error: a chunk is whole or damaged. */
export class ByteReader {
  private position = 0;

  constructor(private readonly bytes: Uint8Array) {}

  unsigned(): number {
    const { bytes } = this;
    let { position } = this;
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = bytes[position];
      if (byte === undefined) throw new Error('a chunk of a series is damaged: it ends too early');
      position += 1;
      if (byte < 128) {
        this.position = position;
        return value + byte * factor;
      }
      value += (byte & 127) * factor;
      factor *= 128;
    }
  }

  signed(): number {
    const value = this.unsigned();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  raw(count: number): Float64Array {
    const end = this.position + count * 8;
    if (end > this.bytes.length) throw new Error('a chunk of a series is damaged: it ends too early');
    // A copy that begins where a float may begin; a Buffer's own `slice` would be none.
    const copy = new Uint8Array(this.bytes.subarray(this.position, end));
    this.position = end;
    return new Float64Array(copy.buffer, 0, count);
  }
}
