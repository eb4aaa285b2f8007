/**
 * Cuts pieces of bytes into lines, without copying more than the piece's rest. Lines end with LF or CRLF and are counted from 1, blank
 * ones too; a line longer than the bound is told as such, and its bytes are not kept.
 */
const LINE_BYTES_MAX = 4_096;
const LF = 10;
const CR = 13;

export class ByteLines {
  /** The line that `next` found: `bytes` from `from` to `to`, without its end. */
  bytes: Uint8Array = new Uint8Array(0);
  from = 0;
  to = 0;
  line = 0;
  isTooLong = false;
  private position = 0;
  private ended = false;
  /** The line that is being read is longer than the bound: its beginning is gone already. */
  private isSkipping = false;

  push(piece: Uint8Array): void {
    const rest = this.bytes.subarray(this.position);
    if (rest.length > 0) {
      const joined = new Uint8Array(rest.length + piece.length);
      joined.set(rest);
      joined.set(piece, rest.length);
      this.bytes = joined;
    } else this.bytes = piece;
    this.position = 0;
  }

  /** What is left is the last line, even without an end. */
  finish(): void {
    this.ended = true;
  }

  /** False when there is no whole line any more: push the next piece. */
  next(): boolean {
    const { bytes } = this;
    let end = this.position;
    // A call of `indexOf` costs more than the few bytes of a line.
    while (end < bytes.length && bytes[end] !== LF) end += 1;
    if (end >= bytes.length) {
      if (!this.ended) {
        this.dropLong();
        return false;
      }
      if (this.position >= bytes.length && !this.isSkipping) return false;
    }
    this.line += 1;
    this.from = this.position;
    this.to = end > this.from && bytes[end - 1] === CR ? end - 1 : end;
    this.isTooLong = this.isSkipping || this.to - this.from > LINE_BYTES_MAX;
    this.isSkipping = false;
    this.position = end + 1;
    return true;
  }

  private dropLong(): void {
    if (this.bytes.length - this.position <= LINE_BYTES_MAX) return;
    this.isSkipping = true;
    this.position = this.bytes.length;
  }
}
