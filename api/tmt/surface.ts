/** How the tmt contract refuses: `{error: {code, message, details, timestamp, request_id}}`. */
import { z } from '@hono/zod-openapi';
import { iso } from '../kit/instant.ts';
import type { ProblemKind } from '../kit/problem.ts';
import type { Surface } from '../kit/surface.ts';

const errorSchema = z
  .object({
    error: z.object({
      code: z.string(),
      message: z.string(),
      details: z.record(z.string(), z.unknown()),
      timestamp: z.iso.datetime(),
      request_id: z.string(),
    }),
  })
  .openapi('TmtError');

const CODES: Readonly<Record<ProblemKind, string>> = {
  validation: 'VALIDATION_001',
  malformed: 'VALIDATION_001',
  'too-large': 'VALIDATION_001',
  'unsupported-type': 'VALIDATION_001',
  unauthorized: 'AUTH_001',
  forbidden: 'AUTH_002',
  'not-found': 'NOT_FOUND_001',
  'method-not-allowed': 'METHOD_001',
  timeout: 'VALIDATION_001',
  conflict: 'CONFLICT_001',
  'key-in-flight': 'IDEMPOTENCY_001',
  'key-conflict': 'IDEMPOTENCY_001',
  halted: 'BREAKER_001',
  'upgrade-required': 'VALIDATION_001',
  'rate-limited': 'RATE_001',
  'head-too-large': 'VALIDATION_001',
  internal: 'INTERNAL_001',
  unavailable: 'EXEC_002',
};

function detailsOf(kind: ProblemKind, details: unknown): unknown {
  return kind === 'validation' && Array.isArray(details) ? { fields: details } : (details ?? {});
}

export const tmtSurface: Surface = {
  name: 'tmt',
  prefixes: ['/api/v1'],
  errorSchema,
  render: ({ kind, code, message, details }, { requestId, at }) => ({
    error: {
      code: code ?? CODES[kind],
      message,
      details: detailsOf(kind, details),
      timestamp: iso(at),
      request_id: requestId,
    },
  }),
};
