/** Two simple moving averages of the closes: where the fast one crosses the slow one, the position turns at the next open. */
import { z } from 'zod';
import type { Cue, Cued } from './cue.ts';
import { type BarStrategy, type ClosedBar, type Desk, defineStrategy, type Entry } from './strategy.ts';

const bars = (initial: number, about: string) => z.int().min(1).max(10_000).default(initial).describe(about);

export const SmaCrossParameters = z
  .strictObject({
    fast: bars(10, 'bars of the fast average'),
    slow: bars(30, 'bars of the slow average'),
    side: z.enum(['long', 'short', 'both']).default('both').describe('which crosses open a position'),
    quantity: z.number().positive().max(1e9).default(1).describe('units per entry'),
    balance: z.number().positive().max(1e12).default(10_000).describe('starting balance in account currency'),
  })
  .refine(({ fast, slow }) => fast < slow, { path: ['fast'], error: 'must be less than slow' });
export type SmaCrossParameters = z.infer<typeof SmaCrossParameters>;

const LAYER = 1;

class SmaCross implements BarStrategy {
  readonly input = 'bars';
  readonly #parameters: SmaCrossParameters;
  readonly #long: Entry;
  readonly #short: Entry;

  constructor(parameters: SmaCrossParameters) {
    const { quantity: units } = parameters;
    this.#parameters = parameters;
    this.#long = { direction: 1, units, layer: LAYER };
    this.#short = { direction: -1, units, layer: LAYER };
  }

  get cue(): Cue {
    const { fast, slow } = this.#parameters;
    return { kind: 'averageCross', fast, slow };
  }

  bar(_bar: ClosedBar, desk: Desk, cued: Cued): void {
    const { side } = this.#parameters;
    const entry = cued > 0 ? this.#long : this.#short;
    if (desk.openEntries > 0) desk.exit(LAYER);
    if (side === 'both' || (side === 'long') === (entry.direction === 1)) desk.enter(entry);
  }
}

export const smaCross = defineStrategy({
  name: 'sma_cross',
  about: 'Follows the cross of a fast and a slow moving average of the closes.',
  input: 'bars',
  parameters: SmaCrossParameters,
  balanceOf: ({ balance }) => balance,
  unitsOf: ({ quantity }) => quantity,
  open: (parameters) => new SmaCross(parameters),
});
