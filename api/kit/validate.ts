/** What schemas of all contracts share, and what they find as field problems in plain words; the first finding of a field counts. */
import { z } from '@hono/zod-openapi';
import { type DecimalText, fromNumber } from '../../domain/decimal.ts';
import { instantOf } from './instant.ts';
import { type FieldProblem, invalid, notFound } from './problem.ts';

type Issue = z.core.$ZodIssue;

const fieldOf = (path: readonly PropertyKey[]): string => path.map(String).join('.');

function fieldsOf(issue: Issue): readonly FieldProblem[] {
  const field = fieldOf(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ field: field === '' ? key : `${field}.${key}`, message: 'Unknown field' }));
  }
  return [{ field, message: issue.input === undefined && issue.code === 'invalid_type' ? 'Required' : issue.message }];
}

export function validate<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const found = new Map<string, FieldProblem>();
  for (const problem of result.error.issues.flatMap(fieldsOf)) {
    if (!found.has(problem.field)) found.set(problem.field, problem);
  }
  throw invalid([...found.values()]);
}

/** An ISO 8601 date or time as epoch milliseconds; without a zone it is UTC. */
export const isoInstant = z
  .string()
  .transform((text, context) => {
    const instant = instantOf(text);
    if (instant !== undefined) return instant;
    context.issues.push({ code: 'custom', message: 'Must be an ISO 8601 date', input: text });
    return z.NEVER;
  })
  .openapi({ type: 'string', format: 'date-time' });

const PAGE_MAX = 1_000_000;
const LIMIT_MAX = 100;
/** A whole number as a query has it: digits. */
export const wholeNumber = (min: number, max: number) => {
  const message = `Must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .pipe(z.number().min(min, message).max(max, message));
};

const NUMBERED_ID = /^[1-9]\d{0,8}$/;
/** The number of a `what` in a path. What is no such number is nobody's id: not found, as any other that nobody has. */
export const numberedId = (what: string) =>
  z
    .string()
    .transform((id) => {
      if (!NUMBERED_ID.test(id)) throw notFound(what, id);
      return Number(id);
    })
    .openapi({ type: 'integer', minimum: 1 });

const DECIMALS_MAX = 10;
export const hasFewDecimals = (amount: number | DecimalText): boolean => {
  const [, decimals = ''] = (typeof amount === 'number' ? fromNumber(amount) : amount).split('.');
  return decimals.length <= DECIMALS_MAX;
};
export const tooManyDecimals = (name: string): string => `${name} must not have more than ${DECIMALS_MAX} decimals`;
/** An amount of money, a price or a quantity, as all of them come in as JSON numbers. */
export const amountOf = (number: z.ZodNumber, name: string) => number.refine(hasFewDecimals, tooManyDecimals(name));

export const pagingQuery = {
  page: wholeNumber(1, PAGE_MAX).default(1).openapi({ type: 'integer', minimum: 1, default: 1 }),
  limit: wholeNumber(1, LIMIT_MAX)
    .default(20)
    .openapi({ type: 'integer', minimum: 1, maximum: LIMIT_MAX, default: 20 }),
};
