/** Two simple moving averages of the closes: where the fast one crosses the slow one, the position turns at the next open. */
import { z } from 'zod';
import { type BarColumns, PRICE_SCALE } from '../market/columns.ts';
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
/** Far above the error of products and quotients of floats: what lies nearer than this part of it is compared by the averages. */
const ROUNDING = 1e-14;

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
  /** A column for a bar that comes alone. */
  readonly #alone = new Float64Array(1);

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
    this.#alone[0] = close;
    this.take(this.#alone, 1, 0, 1, desk);
  }

  bars({ close }: BarColumns, from: number, to: number, desk: Desk): number {
    return this.take(close, PRICE_SCALE, from, to, desk);
  }

  /** The step, for one close or for many: a price is `scale` units of the column. Returns the row behind the one that crossed. */
  private take(column: Float64Array, scale: number, from: number, to: number, desk: Desk): number {
    let row = from;
    for (; row < to && this.seen < this.closes.length; row += 1) this.fill(column[row]! / scale);
    const { closes } = this;
    const fast = this.#fast;
    const slow = closes.length;
    let { slot, fastSum, slowSum, before } = this;
    let leaving = slot >= fast ? slot - fast : slot - fast + slow;
    let crossed = 0;
    for (; row < to && crossed === 0; row += 1) {
      const close = column[row]! / scale;
      fastSum = fastSum + close - closes[leaving]!;
      slowSum = slowSum + close - closes[slot]!;
      closes[slot] = close;
      slot = slot + 1 === slow ? 0 : slot + 1;
      leaving = leaving + 1 === slow ? 0 : leaving + 1;
      // Products tell as well on which side the fast average still is, wherever more than rounding lies between: divisions are slow.
      const slowShare = slowSum * fast;
      if ((fastSum * slow - slowShare) * before > Math.abs(slowShare) * ROUNDING) continue;
      const now = sideOf(fastSum / fast, slowSum / slow);
      if (now * before < 0) crossed = now;
      before = now;
    }
    this.slot = slot;
    this.fastSum = fastSum;
    this.slowSum = slowSum;
    this.before = before;
    if (crossed !== 0) this.turn(crossed > 0 ? this.#long : this.#short, desk);
    return row;
  }

  /** One of the first closes, until there are enough for the slow average. */
  private fill(close: number): void {
    const { closes, seen } = this;
    const fast = this.#fast;
    this.fastSum += close;
    this.slowSum += close;
    if (seen >= fast) this.fastSum -= closes[seen - fast]!;
    closes[seen] = close;
    this.seen = seen + 1;
    this.slot = this.seen % closes.length;
    if (this.slot === 0) this.before = sideOf(this.fastSum / fast, this.slowSum / closes.length);
  }

  private turn(entry: Entry, desk: Desk): void {
    const { side } = this.#parameters;
    if (desk.openEntries > 0) desk.exit(LAYER);
    if (side === 'both' || (side === 'long') === (entry.direction === 1)) desk.enter(entry);
  }
}

const sideOf = (fastMean: number, slowMean: number): number => (fastMean > slowMean ? 1 : fastMean < slowMean ? -1 : 0);

export const smaCross = defineStrategy({
  name: 'sma_cross',
  about: 'Follows the cross of a fast and a slow moving average of the closes.',
  input: 'bars',
  parameters: SmaCrossParameters,
  balanceOf: ({ balance }) => balance,
  unitsOf: ({ quantity }) => quantity,
  open: (parameters) => new SmaCross(parameters),
});
