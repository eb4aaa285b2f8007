/** A contract's way to say no. The surface of a path is the one with the longest prefix, so that unknown paths answer in form too. */
import type { z } from '@hono/zod-openapi';
import type { Problem, ProblemKind } from './problem.ts';

export interface ProblemContext {
  readonly requestId: string;
  /** Wall clock in epoch milliseconds. */
  readonly at: number;
}

export interface Surface {
  readonly name: string;
  /** Path prefixes, on segment borders. */
  readonly prefixes: readonly string[];
  readonly errorSchema: z.ZodType;
  /** Where a contract's status is another than the kind's own. */
  readonly statuses?: Readonly<Partial<Record<ProblemKind, number>>>;
  render(problem: Problem, context: ProblemContext): unknown;
}

export const statusOf = ({ statuses }: Surface, { kind, status }: Pick<Problem, 'kind' | 'status'>): number =>
  statuses?.[kind] ?? status;

const covers = (prefix: string, path: string): boolean =>
  prefix === '/' || path === prefix || path.startsWith(`${prefix}/`);

export function surfaceOf(surfaces: readonly Surface[], path: string): Surface {
  let found: Surface | undefined;
  let length = -1;
  for (const surface of surfaces) {
    for (const prefix of surface.prefixes) {
      if (prefix.length > length && covers(prefix, path)) {
        found = surface;
        length = prefix.length;
      }
    }
  }
  if (!found) throw new Error(`Invariant: no surface for ${path}`);
  return found;
}
