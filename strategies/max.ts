/** Orca's `max`: enters after impulse, pullback and confirmation on either side, one position at a time, with a fixed target and stop. */
import { z } from 'zod';
import { Detector } from './max-detector.ts';
import { type Desk, defineStrategy, type Tick, type TickStrategy } from './strategy.ts';

const points = (initial: number, about: string) => z.number().positive().max(1e6).default(initial).describe(about);

export const MaxParameters = z.strictObject({
  side: z.enum(['long', 'short', 'both']).default('both').describe('which signals are followed'),
  impulse: points(15, 'points that the price has to move to begin an impulse'),
  pullback: points(7, 'points of the pullback from the extreme of the impulse'),
  confirmation: points(5, 'points back from the extreme of the pullback'),
  entriesPerImpulse: z.int().min(1).max(1_000).default(2).describe('entries per impulse'),
  target: points(15, 'points in favour at which a position closes'),
  stop: points(15, 'points against at which a position closes'),
  quantity: z.number().positive().max(1e9).default(1).describe('units per entry'),
  balance: z.number().positive().max(1e12).default(50_000).describe('starting balance in account currency'),
});
export type MaxParameters = z.infer<typeof MaxParameters>;

const LAYER = 1;

class Max implements TickStrategy {
  readonly input = 'ticks';
  private readonly long: Detector;
  private readonly short: Detector;
  private readonly followsLong: boolean;
  private readonly followsShort: boolean;
  /** Where neither detector has anything to say. */
  private calmAbove = 1e300;
  private calmBelow = -1e300;

  constructor(private readonly parameters: MaxParameters) {
    this.long = new Detector(parameters);
    this.short = new Detector(parameters);
    this.followsLong = parameters.side !== 'short';
    this.followsShort = parameters.side !== 'long';
  }

  tick({ price }: Tick, desk: Desk): void {
    if (price > this.calmAbove && price < this.calmBelow) return;
    const long = this.followsLong && this.long.signals(price);
    const short = this.followsShort && this.short.signals(-price);
    if ((long || short) && desk.openEntries === 0 && !desk.closedNow) this.enter(long, price, desk);
    this.watch();
  }

  private enter(long: boolean, price: number, desk: Desk): void {
    const { quantity: units, target: targetDistance, stop: stopDistance } = this.parameters;
    desk.enter({ direction: long ? 1 : -1, units, layer: LAYER, targetDistance, stopDistance });
    if (long) this.long.entered(price);
    else this.short.entered(-price);
  }

  private watch(): void {
    const { long, short } = this;
    this.calmAbove = Math.max(
      this.followsLong ? long.calmAbove : -1e300,
      this.followsShort ? -short.calmBelow : -1e300,
    );
    this.calmBelow = Math.min(this.followsLong ? long.calmBelow : 1e300, this.followsShort ? -short.calmAbove : 1e300);
  }
}

export const max = defineStrategy({
  name: 'max',
  about: 'Enters after impulse, pullback and confirmation, with a fixed target and stop.',
  input: 'ticks',
  fillsAt: 'price',
  parameters: MaxParameters,
  balanceOf: ({ balance }) => balance,
  unitsOf: ({ quantity }) => quantity,
  open: (parameters) => new Max(parameters),
});
