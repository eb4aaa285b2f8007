/** Why a file is not read any further. What reads a file for a caller turns it into data. */
export type RefusalCode =
  | 'empty'
  | 'not-text'
  | 'damaged'
  | 'unknown-layout'
  | 'one-sided'
  | 'two-instruments'
  | 'other-instrument'
  | 'too-large'
  | 'too-many-bad-lines'
  | 'not-ticks'
  | 'bar-length'
  | 'not-rising'
  | 'no-ticks';

export class FileRefusal extends Error {
  readonly retryable = false;

  constructor(
    readonly code: RefusalCode,
    message: string,
  ) {
    super(message);
    this.name = 'FileRefusal';
  }
}
