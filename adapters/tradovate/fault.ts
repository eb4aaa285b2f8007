/** The one error of this adapter. Its `handled` decides whether an order may exist: only a certain "no" makes a rejection. */

export interface Penalty {
  readonly ticket: string;
  readonly waitMs: number;
  /** A person has to solve it: no program can. */
  readonly captcha: boolean;
}

export class TradovateError extends Error {
  readonly retryable: boolean;
  constructor(
    message: string,
    /** `no`: Tradovate certainly did not act on the request. */
    readonly handled: 'no' | 'unknown',
    options: {
      readonly retryable?: boolean;
      readonly status?: number;
      readonly penalty?: Penalty;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'TradovateError';
    this.retryable = options.retryable ?? true;
    this.status = options.status;
    this.penalty = options.penalty;
  }
  readonly status: number | undefined;
  readonly penalty: Penalty | undefined;
}

const REASON_MAX = 300;

/** For people, and short: what goes into a report or the log. */
export const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, REASON_MAX);
