/** How the platform contract refuses: `{error, detail, timestamp}`. It also answers for paths that nobody else has. */
import { z } from '@hono/zod-openapi';
import { iso } from '../kit/instant.ts';
import type { Surface } from '../kit/surface.ts';

const errorSchema = z
  .object({
    error: z.string(),
    detail: z.string(),
    timestamp: z.iso.datetime(),
    fields: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  })
  .openapi('PlatformError');

export const platformSurface: Surface = {
  name: 'platform',
  prefixes: ['/'],
  errorSchema,
  render: ({ kind, message, details }, { at }) => ({
    error: kind,
    detail: message,
    timestamp: iso(at),
    ...(kind === 'validation' && { fields: details }),
  }),
};
