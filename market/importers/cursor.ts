/**
 * Reads numbers out of the bytes of one field, without a string in between. A price becomes whole units of 1e-8, exactly or not at
 * all; what can't be read is -1, because no field of a tick is negative.
 */
import { PRICE_SCALE, PRICE_UNITS_MAX } from '../columns.ts';

const ZERO = 48;
const POINT = 46;
const SPACE = 32;
const QUOTE = 34;
const LOWER_E = 101;
const UPPER_E = 69;

const PRICE_DECIMALS = 8;
const VOLUME_DECIMALS = 22;
/** Powers of ten that a float holds exactly. */
const POWERS = Float64Array.from({ length: VOLUME_DECIMALS + 1 }, (_, exponent) => Number(`1e${exponent}`));

export class Cursor {
  bytes: Uint8Array = new Uint8Array(0);
  pos = 0;
  end = 0;

  constructor(readonly delimiter: number) {}

  /** The byte so many further on, undefined behind the line's end. */
  peek(ahead: number): number | undefined {
    const pos = this.pos + ahead;
    return pos < this.end ? this.bytes[pos] : undefined;
  }

  /** The next field begins behind blanks and an opening quote. */
  open(): void {
    while (this.pos < this.end) {
      const byte = this.bytes[this.pos];
      if (byte !== SPACE && byte !== QUOTE) return;
      this.pos += 1;
    }
  }

  /** Steps over the field's delimiter. False when something else stands there. */
  close(): boolean {
    const { bytes, end } = this;
    let { pos } = this;
    let byte = bytes[pos];
    while (pos < end && byte !== this.delimiter) {
      if (byte !== SPACE && byte !== QUOTE) return false;
      pos += 1;
      byte = bytes[pos];
    }
    this.pos = pos + 1;
    return true;
  }

  skip(): void {
    const { bytes, end, delimiter } = this;
    let { pos } = this;
    while (pos < end && bytes[pos] !== delimiter) pos += 1;
    this.pos = pos;
  }

  /** Whether nothing stands in this field. */
  isEmpty(): boolean {
    return this.pos >= this.end || this.bytes[this.pos] === this.delimiter;
  }

  /** At most `max` digits as a whole number, -1 when there is none. */
  digits(max: number): number {
    const { bytes } = this;
    const end = Math.min(this.end, this.pos + max);
    let { pos } = this;
    let value = 0;
    while (pos < end) {
      const digit = bytes[pos]! - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      pos += 1;
    }
    if (pos === this.pos) return -1;
    this.pos = pos;
    return value;
  }

  /** Whole units of 1e-8. Refused: signs, exponents, anything finer, anything above the largest price. */
  price(): number {
    const { bytes, end } = this;
    let { pos } = this;
    let mantissa = 0;
    let digits = 0;
    let decimals = -1;
    for (; pos < end; pos += 1) {
      const digit = bytes[pos]! - ZERO;
      if (digit >= 0 && digit <= 9) {
        digits += 1;
        if (decimals === PRICE_DECIMALS) {
          if (digit !== 0) return -1;
          continue;
        }
        mantissa = mantissa * 10 + digit;
        if (decimals >= 0) decimals += 1;
      } else if (bytes[pos] === POINT && decimals < 0) decimals = 0;
      else break;
    }
    this.pos = pos;
    if (digits === 0) return -1;
    const units = mantissa * POWERS[PRICE_DECIMALS - Math.max(0, decimals)]!;
    return units <= PRICE_UNITS_MAX ? units : -1;
  }

  /** A whole number of 1e-9, as some write a price. Units of 1e-8, -1 when it is finer. */
  nanoPrice(): number {
    const nanos = this.digits(16);
    return nanos >= 0 && nanos <= Number.MAX_SAFE_INTEGER && nanos % 10 === 0 ? nanos / 10 : -1;
  }

  /** The nearest float of a decimal text that is not negative; exponents are allowed. -1 for anything else. */
  volume(): number {
    const start = this.pos;
    const { bytes, end } = this;
    let { pos } = this;
    let mantissa = 0;
    let digits = 0;
    let decimals = -1;
    for (; pos < end; pos += 1) {
      const digit = bytes[pos]! - ZERO;
      if (digit >= 0 && digit <= 9) {
        mantissa = mantissa * 10 + digit;
        digits += 1;
        if (decimals >= 0) decimals += 1;
      } else if (bytes[pos] === POINT && decimals < 0) decimals = 0;
      else break;
    }
    this.pos = pos;
    if (digits === 0) return -1;
    const next = bytes[pos];
    const isPlain = pos >= end || (next !== LOWER_E && next !== UPPER_E);
    if (isPlain && mantissa <= Number.MAX_SAFE_INTEGER && decimals <= VOLUME_DECIMALS) {
      return decimals > 0 ? mantissa / POWERS[decimals]! : mantissa;
    }
    return this.slowNumber(start);
  }

  private slowNumber(start: number): number {
    this.pos = start;
    this.skip();
    const text = Buffer.from(this.bytes.buffer, this.bytes.byteOffset + start, this.pos - start).toString('latin1');
    const value = Number(text.replaceAll('"', '').trim());
    return Number.isFinite(value) && value >= 0 ? value : -1;
  }
}

/** Units times a factor that is itself in units of 1e-8, or -1 when the product isn't whole. */
export function timesFactor(units: number, factor: number): number {
  const product = (BigInt(units) * BigInt(factor)) / BigInt(PRICE_SCALE);
  const isWhole = product * BigInt(PRICE_SCALE) === BigInt(units) * BigInt(factor);
  return isWhole && product <= BigInt(PRICE_UNITS_MAX) ? Number(product) : -1;
}
