/** What goes wrong around the product: rates that are fixed or drawn from the seed, each for a window of time. */
import { z } from 'zod';
import { chance, clockStep, duration } from './fields.ts';

const flag = z.literal(true, 'must be true, or be left out');
const chanceFor = z.strictObject({ chance, max: duration });

const venueFaults = z.strictObject({
  drop: chance.optional().describe('A request is lost before it arrives.'),
  duplicate: chance.optional().describe('A report is told twice.'),
  reorder: chance.optional().describe('A report is held back behind those of other orders.'),
  latency: duration.optional().describe('Each way, evenly between nothing and this.'),
  ackLost: chance.optional().describe('The venue acts, its answer is lost.'),
  partialFill: chance.optional().describe('A match fills only a part.'),
  lateFill: chance
    .optional()
    .describe('A last tick crosses a cancel, and what it fills is told behind the answer to it.'),
  reject: chance.optional().describe('The venue refuses the order.'),
  outage: z
    .union([flag, z.strictObject({ perMinute: chance, max: duration })], 'must be true, or {perMinute, max}')
    .optional()
    .describe('Out of reach for the whole window, or by chance a minute.'),
  restart: flag.optional().describe("It restarts: what is under way is lost, and it is back at the window's end."),
  cut: flag.optional().describe("The line is cut, and joined again at the window's end."),
});
const databaseFaults = z.strictObject({
  commitError: chance.optional().describe('A commit fails, and nothing of it lands.'),
  commitUnknown: chance.optional().describe('The outcome of a commit cannot be told; half of them land.'),
  slow: chanceFor.optional().describe('A commit takes up to `max`.'),
  diskFull: flag.optional().describe('Nothing can be written.'),
  crash: chance.optional().describe('The process dies at a commit, before or after it.'),
});
/** Chances a quote. */
const feedFaults = z.strictObject({
  gap: chanceFor.optional().describe('No quotes, up to `max`.'),
  freeze: chanceFor.optional().describe('The same price with a new time, up to `max`.'),
  crossed: chance.optional().describe('The bid lies above the ask.'),
  zero: chance.optional().describe('A price of nothing.'),
  notANumber: chance.optional().describe('A price that is no number.'),
  outOfOrder: chance.optional().describe('A quote comes behind a later one.'),
});
/** Chances a start of the product. */
const pastFaults = z.strictObject({
  slow: chanceFor.optional().describe('A start is told nothing of the market before it for up to `max`.'),
  broken: chance.optional().describe('It breaks off: that start fails, and the next one follows.'),
  gap: chanceFor.optional().describe('A stretch of up to `max` is missing in it.'),
});
const seriesFaults = z.strictObject({
  error: chance.optional().describe('A chunk of an import cannot be stored.'),
  slow: chanceFor.optional().describe('It takes up to `max` to store a chunk.'),
  corrupt: chance.optional().describe('A chunk is read with a damaged byte.'),
});
const fileFaults = z.strictObject({
  error: chance.optional().describe('A piece of a file that is being brought cannot be kept.'),
});
const jobFaults = z.strictObject({
  death: chance.optional().describe('A worker dies with a piece of a run.'),
  slow: duration.optional().describe('A piece of a run takes at least this long.'),
});
const queueFaults = z.strictObject({
  lost: chance.optional().describe('An entry is taken and never seen again.'),
  duplicate: chance.optional().describe('An entry is handed on twice.'),
  delay: chanceFor.optional().describe('An entry comes up to `max` later.'),
  away: flag.optional().describe("It is lost with all that is in it, and back, empty, at the window's end."),
});
/** Chances a message that an agent is given. */
const agentFaults = z.strictObject({
  crash: chance.optional().describe('It crashes over it, before it has done anything or at the end of its turn.'),
  crashAgain: chance
    .optional()
    .describe('Having crashed, it crashes over the next one of that type, as a rule the same.'),
});
/** `drawn` rates come from the seed, within the ranges of the drawn worlds. */
export const DRAWN = 'drawn';
const orDrawn = <S extends z.ZodType>(schema: S) => z.union([z.literal(DRAWN), schema], 'must be "drawn" or rates');

export const faultKinds = z.strictObject({
  venue: orDrawn(venueFaults).optional(),
  database: orDrawn(databaseFaults).optional(),
  feed: orDrawn(feedFaults).optional(),
  past: orDrawn(pastFaults).optional().describe('Of a world that remembers its market (`past`).'),
  series: orDrawn(seriesFaults).optional(),
  files: orDrawn(fileFaults).optional(),
  jobs: orDrawn(jobFaults).optional(),
  queue: orDrawn(queueFaults).optional().describe('Of a world with `workers`.'),
  agents: orDrawn(agentFaults).optional().describe('All agents of the house.'),
  clock: z.strictObject({ step: clockStep }).optional().describe("The product's clock is off by this."),
});
export type FaultKinds = z.output<typeof faultKinds>;

/** From the beginning to the end when nothing else is said. */
export const faultWindow = faultKinds.extend({
  from: duration.default(0),
  until: duration.optional().describe('To the end when absent.'),
});
