/** How the executions contract refuses: `{error}`, one sentence with everything in it. */
import { z } from '@hono/zod-openapi';
import type { FieldProblem } from '../kit/problem.ts';
import type { Surface } from '../kit/surface.ts';

const sentence = (message: string, fields: readonly FieldProblem[]): string =>
  [message, ...fields.map(({ field, message: what }) => `${field === '' ? 'body' : field}: ${what}`)].join('; ');

export const executionsSurface: Surface = {
  name: 'executions',
  prefixes: ['/api/trading'],
  errorSchema: z.object({ error: z.string() }).openapi('ExecutionsError'),
  render: ({ kind, message, details }) => ({
    error: kind === 'validation' && Array.isArray(details) ? sentence(message, details) : message,
  }),
};
