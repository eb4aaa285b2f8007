/** How the orca contract refuses: `{detail, status_code}`; what is not valid is 422. */
import { z } from '@hono/zod-openapi';
import type { FieldProblem, Problem } from '../kit/problem.ts';
import { type Surface, statusOf } from '../kit/surface.ts';

const errorSchema = z.object({ detail: z.string(), status_code: z.int() }).openapi('OrcaError');

/** One sentence from whatever a problem knows. */
export function detailOf({ kind, message, details }: Pick<Problem, 'kind' | 'message' | 'details'>): string {
  if (kind !== 'validation' || !Array.isArray(details)) return message;
  const fields = details as readonly FieldProblem[];
  return fields.map(({ field, message: told }) => (field === '' ? told : `${field}: ${told}`)).join('; ') || message;
}

export const orcaSurface: Surface = {
  name: 'orca',
  prefixes: ['/api/health', '/api/v1/trading', '/api/v1/run-bot', '/api/upload-tick-data'],
  errorSchema,
  statuses: { validation: 422 },
  render: (problem) => ({ detail: detailOf(problem), status_code: statusOf(orcaSurface, problem) }),
};
