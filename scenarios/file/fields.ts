/** What all parts of a scenario file are written with: durations, percentages, names, and conditions on values. */
import { z } from 'zod';

const UNITS_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const DURATION = /^(\d+(\.\d+)?(ms|s|m|h|d))+$/;
const DURATION_FORM = 'must be a duration such as 90s, 10m or 1h30m';
const STEP = /^[+-](\d+(\.\d+)?(ms|s|m|h|d))+$/;
const PERCENT = /^[+-]?\d+(\.\d+)?%$/;

/** Milliseconds of a text that has the form. */
export const durationMs = (text: string): number =>
  [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)].reduce(
    (sum, [, count = '0', unit = 'ms']) => sum + Number(count) * UNITS_MS[unit as keyof typeof UNITS_MS],
    0,
  );

/** The shortest text of a duration in whole milliseconds: `1h30m`, `2.5s`. */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${ms}ms`;
  const whole = Math.floor(ms / 1_000);
  const seconds = (whole % 60) + (ms % 1_000) / 1_000;
  const [hours, minutes] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60];
  return `${hours > 0 ? `${hours}h` : ''}${minutes > 0 ? `${minutes}m` : ''}${seconds > 0 ? `${seconds}s` : ''}`;
}

/** Written as text, read as milliseconds. */
export const duration = z.string(DURATION_FORM).regex(DURATION, DURATION_FORM).transform(durationMs);
/** Forward or back. */
export const clockStep = z
  .string('must be a step such as +30s or -2m')
  .regex(STEP, 'must be a step such as +30s or -2m')
  .transform((text) => (text.startsWith('-') ? -1 : 1) * durationMs(text));
const PERCENT_FORM = 'must be a percentage such as 5% or -0.5%';
/** Written as text, read as a ratio. */
const percentage = (form: string) =>
  z
    .string(form)
    .regex(PERCENT, form)
    .transform((text) => Number(text.slice(0, -1)) / 100);
export const percent = percentage(PERCENT_FORM);
const CHANCE_FORM = 'must be a percentage from 0% to 100%';
export const chance = percentage(CHANCE_FORM).refine((ratio) => ratio >= 0 && ratio <= 1, CHANCE_FORM);
/** A name in the file; `${name.field}` refers to it. */
export const word = z
  .string('must be a name: a letter, then letters, digits, - or _')
  .regex(/^[A-Za-z][\w-]*$/, 'must be a name: a letter, then letters, digits, - or _');
/** One line for people. */
export const line = z.string('must be a text').min(1, 'must not be empty').max(2_000, 'must be shorter');

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type Scalar = z.infer<typeof scalar>;
const WANTED_FORM = 'must be a value, or conditions of min, max, not, in, matches, exists';
const condition = z
  .strictObject({
    min: z.number().optional(),
    max: z.number().optional(),
    not: scalar.optional().describe('Anything but this.'),
    in: z.array(scalar).min(1).optional().describe('One of these.'),
    matches: z.string().refine(isPattern, 'must be a regular expression').optional().describe('A regular expression.'),
    exists: z.boolean().optional().describe('Is there and not null, or is not.'),
  })
  .refine((conditions) => Object.keys(conditions).length > 0, WANTED_FORM);
/** A value that must be equal (numbers and decimal text compare as numbers), or conditions that must all hold. */
export const wanted = z.union([scalar, condition], {
  error: WANTED_FORM,
});
export type Wanted = z.infer<typeof wanted>;
/** By path: `symbol`, `ticket.price`, `portfolio.positions[0].quantity`. */
export const wantedFields = z.record(z.string(), wanted);
export type WantedFields = z.infer<typeof wantedFields>;

function isPattern(text: string): boolean {
  try {
    new RegExp(text, 'u');
    return true;
  } catch {
    return false;
  }
}

/** Those of `names` that the entry has. */
export const given = <T extends object, N extends keyof T & string>(entry: T, names: readonly N[]): N[] =>
  names.filter((name) => entry[name] !== undefined);
