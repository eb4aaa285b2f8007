/** What the market does in a scenario, instrument by instrument: invented with a script, or read from a file. */
import { z } from 'zod';
import { REGIMES } from '../../market/simulated.ts';
import { duration, percent } from './fields.ts';

/** A symbol, or `all`. */
const instrument = z.string().describe('A symbol, or `all`.');
const period = { instrument, from: duration.default(0), until: duration.optional() };

const regimeSchema = z.strictObject({
  ...period,
  regime: z.enum(REGIMES).optional().describe('How it walks; one after the other by chance when absent.'),
  drift: percent.optional().describe("Expected move a day; the regime's own when absent."),
  volatility: percent
    .refine((ratio) => ratio >= 0, 'must not be negative')
    .optional()
    .describe('Standard deviation a day.'),
});
const JUMP_MIN_RATIO = -0.95;
export const shockSchema = z.strictObject({
  instrument,
  jump: percent
    .refine((ratio) => ratio >= JUMP_MIN_RATIO, 'must not be below -95%')
    .describe('By how much the price moves, beside its walk.'),
  over: duration.default(0).describe('At once when absent.'),
});
const periodSchema = z.strictObject(period);

export const marketSchema = z.strictObject({
  regimes: z.array(regimeSchema).max(1_000).default([]),
  shocks: z
    .array(shockSchema.extend({ at: duration }))
    .max(1_000)
    .default([]),
  gaps: z.array(periodSchema).max(1_000).default([]).describe('The product hears no quotes; the venue goes on.'),
  freezes: z.array(periodSchema).max(1_000).default([]).describe('The product hears the same price again and again.'),
  halts: z
    .array(periodSchema)
    .max(1_000)
    .default([])
    .describe('The venue halts trading: no quotes, new orders are refused.'),
  replay: z
    .array(
      z.strictObject({
        file: z.string().min(1).describe('Beside the scenario.'),
        instrument: z.string().optional().describe('When the file does not tell.'),
      }),
    )
    .max(20)
    .default([])
    .describe("Tick or bar files, moved in time so that the first quote stands at the world's start."),
});
export type MarketPart = z.output<typeof marketSchema>;
export type Shock = z.output<typeof shockSchema>;
