/** What goes wrong around the product: rates that are fixed or drawn from the seed, each for a window of time. */
import { z } from 'zod';
import { chance, clockStep, duration } from './fields.ts';

const flag = z.literal(true, 'must be true, or be left out');
const chanceFor = z.strictObject({ chance, max: duration });

const venueFaults = z.strictObject({
  /** A request is lost before it arrives. */
  drop: chance.optional(),
  /** A report is told twice. */
  duplicate: chance.optional(),
  reorder: chance.optional(),
  /** Each way, evenly between nothing and this. */
  latency: duration.optional(),
  /** The venue acts, its answer is lost. */
  ackLost: chance.optional(),
  partialFill: chance.optional(),
  reject: chance.optional(),
  /** Out of reach for the whole window, or by chance a minute. */
  outage: z
    .union([flag, z.strictObject({ perMinute: chance, max: duration })], 'must be true, or {perMinute, max}')
    .optional(),
  /** It restarts: what is under way is lost, and it is back at the window's end. */
  restart: flag.optional(),
  /** The line is cut, and joined again at the window's end. */
  cut: flag.optional(),
});
const databaseFaults = z.strictObject({
  commitError: chance.optional(),
  /** The outcome of a commit cannot be told; half of them land. */
  commitUnknown: chance.optional(),
  slow: chanceFor.optional(),
  diskFull: flag.optional(),
  /** The process dies at a commit, before or after it. */
  crash: chance.optional(),
});
/** Chances a quote. */
const feedFaults = z.strictObject({
  gap: chanceFor.optional(),
  freeze: chanceFor.optional(),
  crossed: chance.optional(),
  zero: chance.optional(),
  notANumber: chance.optional(),
  outOfOrder: chance.optional(),
});
/** `drawn` rates come from the seed, within the ranges of the drawn worlds. */
export const DRAWN = 'drawn';
const orDrawn = <S extends z.ZodType>(schema: S) => z.union([z.literal(DRAWN), schema], 'must be "drawn" or rates');

export const faultKinds = z.strictObject({
  venue: orDrawn(venueFaults).optional(),
  database: orDrawn(databaseFaults).optional(),
  feed: orDrawn(feedFaults).optional(),
  /** The product's clock is off by this. */
  clock: z.strictObject({ step: clockStep }).optional(),
});
export type FaultKinds = z.output<typeof faultKinds>;

/** From the beginning to the end when nothing else is said. */
export const faultWindow = faultKinds.extend({ from: duration.default(0), until: duration.optional() });
