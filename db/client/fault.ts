/** A database's refusal as one error, whichever client it came from. `code` is a SQLSTATE, or the client's own word for a lost connection. */
export class DatabaseFault extends Error {
  constructor(
    message: string,
    readonly code: string | undefined,
    readonly severity: string | undefined,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'DatabaseFault';
  }

  /** A database that is away comes back; what it refused stays refused. */
  get retryable(): boolean {
    return !this.isAnswer;
  }

  /** The server answered this very statement, which therefore had no effect; the end of a session may come after one. */
  get isAnswer(): boolean {
    return this.severity === 'ERROR' && /^[0-9A-Z]{5}$/.test(this.code ?? '') && !this.code?.startsWith('08');
  }
}
