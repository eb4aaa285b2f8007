/** The form of refusals that several surfaces share: `{error: {code, message, details}}`; for validation `details` is a list of `{field, message}`. */
import { z } from '@hono/zod-openapi';
import type { FieldProblem, ProblemKind } from './problem.ts';
import type { Surface } from './surface.ts';

const CODES: Readonly<Record<ProblemKind, string>> = {
  validation: 'VALIDATION_ERROR',
  malformed: 'VALIDATION_ERROR',
  'too-large': 'PAYLOAD_TOO_LARGE',
  'unsupported-type': 'UNSUPPORTED_MEDIA_TYPE',
  unauthorized: 'UNAUTHORIZED',
  forbidden: 'INSUFFICIENT_PERMISSIONS',
  'not-found': 'NOT_FOUND',
  'method-not-allowed': 'METHOD_NOT_ALLOWED',
  timeout: 'REQUEST_TIMEOUT',
  conflict: 'CONFLICT',
  'key-in-flight': 'IDEMPOTENCY_CONFLICT',
  'key-conflict': 'IDEMPOTENCY_CONFLICT',
  halted: 'TRADING_HALTED',
  'upgrade-required': 'UPGRADE_REQUIRED',
  'rate-limited': 'RATE_LIMIT_EXCEEDED',
  'head-too-large': 'REQUEST_HEADER_TOO_LARGE',
  internal: 'INTERNAL_ERROR',
  unavailable: 'EXTERNAL_SERVICE_ERROR',
};

/** What is wrong with all of a body is a field's problem too, of the one that has no name. */
const whole = (message: string): readonly FieldProblem[] => [{ field: '', message }];

/** `schemaName` is the error's name in the OpenAPI document. */
export const codedSurface = (name: string, prefixes: readonly string[], schemaName: string): Surface => ({
  name,
  prefixes,
  errorSchema: z
    .object({ error: z.object({ code: z.string(), message: z.string(), details: z.unknown().optional() }) })
    .openapi(schemaName),
  render: ({
    kind,
    code = CODES[kind],
    message,
    details = code === CODES.validation ? whole(message) : undefined,
  }) => ({
    error: { code, message, ...(details !== undefined && { details }) },
  }),
});
