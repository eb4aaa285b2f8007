/** Two simple moving averages of the closes: where the fast one crosses the slow one, the position turns at the next open. */
import { z } from 'zod';
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
  /** The closes of the slow average, as a ring. */
  private readonly closes: Float64Array;
  private slot = 0;
  private seen = 0;
  private fastSum = 0.5;
  private slowSum = 0.5;
  /** Where the fast average was at the bar before: 1 above the slow one, -1 below it, 0 on it or unknown. */
  private before = 0;
  readonly #fast: number;
  readonly #parameters: SmaCrossParameters;
  readonly #long: Entry;
  readonly #short: Entry;

  constructor(parameters: SmaCrossParameters) {
    const { fast, slow, quantity: units } = parameters;
    this.closes = new Float64Array(slow);
    this.fastSum = 0;
    this.slowSum = 0;
    this.#fast = fast;
    this.#parameters = parameters;
    this.#long = { direction: 1, units, layer: LAYER };
    this.#short = { direction: -1, units, layer: LAYER };
  }

  bar({ close }: ClosedBar, desk: Desk): void {
    const { closes, slot } = this;
    const fast = this.#fast;
    const slow = closes.length;
    let fastSum = this.fastSum + close;
    let slowSum = this.slowSum + close;
    if (this.seen >= fast) fastSum -= closes[slot >= fast ? slot - fast : slot - fast + slow]!;
    if (this.seen >= slow) slowSum -= closes[slot]!;
    // Stops at the slow period: how many more it saw makes no difference.
    else this.seen += 1;
    closes[slot] = close;
    this.slot = slot + 1 === slow ? 0 : slot + 1;
    this.fastSum = fastSum;
    this.slowSum = slowSum;
    if (this.seen >= slow) this.compare(fastSum / fast, slowSum / slow, desk);
  }

  private compare(fastMean: number, slowMean: number, desk: Desk): void {
    const { before } = this;
    this.before = fastMean > slowMean ? 1 : fastMean < slowMean ? -1 : 0;
    if (this.before * before < 0) this.turn(this.before > 0 ? this.#long : this.#short, desk);
  }

  private turn(entry: Entry, desk: Desk): void {
    const { side } = this.#parameters;
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
