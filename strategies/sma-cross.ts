/** Two simple moving averages of the closes: where the fast one crosses the slow one, the position turns at the next open. */
import { z } from 'zod';
import { type BarStrategy, type ClosedBar, type Desk, defineStrategy } from './strategy.ts';

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
  private fastBefore = 0.5;
  private slowBefore = 0.5;

  constructor(private readonly parameters: SmaCrossParameters) {
    this.closes = new Float64Array(parameters.slow);
    this.fastSum = 0;
    this.slowSum = 0;
  }

  bar({ close }: ClosedBar, desk: Desk): void {
    const { fast, slow } = this.parameters;
    this.take(close, fast, slow);
    if (this.seen < slow) return;
    const fastMean = this.fastSum / fast;
    const slowMean = this.slowSum / slow;
    if (this.seen > slow) {
      if (this.fastBefore < this.slowBefore && fastMean > slowMean) this.turn(1, desk);
      else if (this.fastBefore > this.slowBefore && fastMean < slowMean) this.turn(-1, desk);
    }
    this.fastBefore = fastMean;
    this.slowBefore = slowMean;
  }

  private take(close: number, fast: number, slow: number): void {
    const { closes, slot } = this;
    this.fastSum += close;
    this.slowSum += close;
    if (this.seen >= fast) this.fastSum -= closes[slot >= fast ? slot - fast : slot - fast + slow]!;
    if (this.seen >= slow) this.slowSum -= closes[slot]!;
    closes[slot] = close;
    this.slot = slot + 1 === slow ? 0 : slot + 1;
    // Stops just beyond the slow period: how many more it saw makes no difference.
    if (this.seen <= slow) this.seen += 1;
  }

  private turn(direction: 1 | -1, desk: Desk): void {
    const { side, quantity } = this.parameters;
    if (desk.openEntries > 0) desk.exit(LAYER);
    if (side === 'both' || (side === 'long') === (direction === 1))
      desk.enter({ direction, units: quantity, layer: LAYER });
  }
}

export const smaCross = defineStrategy({
  name: 'sma_cross',
  about: 'Follows the cross of a fast and a slow moving average of the closes.',
  input: 'bars',
  parameters: SmaCrossParameters,
  balanceOf: ({ balance }) => balance,
  open: (parameters) => new SmaCross(parameters),
});
