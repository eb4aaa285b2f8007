/** How a setting of the environment is declared: its allowed form, its default and what it is for, beside its schema. */
import { z } from 'zod';

/** What docs/CONFIGURATION.md shows of a setting. */
export interface SettingMeta {
  readonly about: string;
  /** The allowed form, in words. */
  readonly form: string;
  /** Absent: not set unless the environment says so. */
  readonly fallback?: string;
  readonly secret?: true;
}

export const setting = <T>(schema: z.ZodType<T, string>, meta: SettingMeta & { readonly fallback: string }) =>
  schema.prefault(meta.fallback).meta({ ...meta });
export const optional = <T>(schema: z.ZodType<T, string>, meta: SettingMeta) => schema.optional().meta({ ...meta });

export const number = (check: z.ZodType<number, number>) =>
  z
    .string()
    .regex(/^-?\d+(\.\d+)?$/, 'is not a number')
    .transform(Number)
    .pipe(check);
export const whole = (min: number, max: number) =>
  number(z.number().int('is not a whole number').min(min, 'is too small').max(max, 'is too large'));
export const words = z.string().min(1, 'is empty');
/** A text that `parse` takes apart; what it throws is what is wrong with the text. */
export const parsedBy = <T>(parse: (text: string) => T) =>
  z.string().transform((text, context) => {
    try {
      return parse(text);
    } catch (error) {
      context.addIssue(error instanceof Error ? error.message : String(error));
      return z.NEVER;
    }
  });
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);
export const isOnLoopback = (url: string): boolean => URL.canParse(url) && LOOPBACK.has(new URL(url).hostname);
export const decimal = z.string().regex(/^\d+(\.\d+)?$/, 'is not a plain decimal number');
export const address = (...schemes: string[]) =>
  z
    .string()
    .refine(
      (value) => schemes.some((scheme) => value.startsWith(`${scheme}://`)) && URL.canParse(value),
      'is not such an address',
    );
