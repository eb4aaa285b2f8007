/** Runs live: how one stands, and what it has put out, part by part. Orders and their fills travel as everybody's. */
import { z } from 'zod';
import { command, fact, query, reply } from './define.ts';
import { JOB_STATES } from './run.ts';

export const LiveGet = query('live.get', { executionId: z.int() }, { reply: 'live.answered' });
export type LiveGet = z.infer<typeof LiveGet.schema>;
/** `isNews`: there is more to collect than was given out so far. */
export const LiveAnswered = reply('live.answered', {
  executionId: z.int(),
  found: z.boolean(),
  state: z.enum(JOB_STATES),
  reason: z.string().nullable(),
  isNews: z.boolean(),
  progressRatio: z.number(),
});
export type LiveAnswered = z.infer<typeof LiveAnswered.schema>;

/** Parts up to `taken` are safe elsewhere and are forgotten here; the same question has the same answer. */
export const LiveCollect = command(
  'live.collect',
  { executionId: z.int(), taken: z.int() },
  { reply: 'live.collected' },
);
export type LiveCollect = z.infer<typeof LiveCollect.schema>;
/** `output`: JSON of a part, as of a backtest; null when there is nothing new. */
export const LiveCollected = reply('live.collected', {
  executionId: z.int(),
  part: z.int(),
  output: z.string().nullable(),
});
export type LiveCollected = z.infer<typeof LiveCollected.schema>;

/** A part was made, and is what is told from now on; the parts before it are forgotten. `processed`: how many ticks it knows. */
export const LivePartMade = fact('live.part-made', {
  executionId: z.int(),
  part: z.int(),
  processed: z.int(),
  events: z.int(),
  trades: z.int(),
});
export type LivePartMade = z.infer<typeof LivePartMade.schema>;

export const liveMessages = [LiveGet, LiveAnswered, LiveCollect, LiveCollected, LivePartMade];
