/**
 * Everything that makes a request fail, thrown anywhere and rendered once per contract. The kind decides the status; a
 * contract's own code and details travel with it. Never carries a stack trace outside.
 */
import { AnswerError } from '../../runtime/answer-error.ts';
import { HouseError } from './house.ts';

const STATUS = {
  validation: 400,
  malformed: 400,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  timeout: 408,
  conflict: 409,
  'key-in-flight': 409,
  'too-large': 413,
  'unsupported-type': 415,
  'key-conflict': 422,
  halted: 423,
  'upgrade-required': 426,
  'rate-limited': 429,
  'head-too-large': 431,
  internal: 500,
  unavailable: 503,
} as const;

export type ProblemKind = keyof typeof STATUS;

export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

interface Extras {
  /** The contract's own code where the kind alone does not tell. */
  readonly code?: string;
  readonly details?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export class Problem extends AnswerError {
  readonly status: number;
  readonly code: string | undefined;
  readonly details: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly kind: ProblemKind,
    message: string,
    { code, details, headers = {} }: Extras = {},
  ) {
    super(message);
    this.name = 'Problem';
    this.status = STATUS[kind];
    this.code = code;
    this.details = details;
    this.headers = headers;
  }
}

export const invalid = (fields: readonly FieldProblem[], message = 'Validation failed'): Problem =>
  new Problem('validation', message, { details: fields });

export const notFound = (what: string, id: string): Problem =>
  new Problem('not-found', `${what} with id '${id}' not found`);

export const unavailable = (message: string, code?: string): Problem =>
  new Problem('unavailable', message, { headers: { 'Retry-After': '1' }, ...(code !== undefined && { code }) });

/** What this house is not set up for: waiting does not help, so that nobody is told to try again. */
export const notOffered = (message: string): Problem => new Problem('unavailable', message);

/** A fault as a problem; what is neither a problem nor a known fault is a bug, and says nothing outside. */
export function problemOf(fault: unknown): Problem {
  if (fault instanceof Problem) return fault;
  if (fault instanceof HouseError) return unavailable('The service cannot answer right now, please try again');
  return new Problem('internal', 'Internal server error');
}
