/**
 * Executions' `floor`: follows the momentum, buys more where the price comes back against it, in up to so many layers that each close
 * in profit of their mean entry. Invariants: exits come before entries, at most one entry a tick, none on a tick that closed something.
 */
import { z } from 'zod';
import { FloorLayers } from './floor-layers.ts';
import { PRICE_TOLERANCE } from './prices.ts';
import {
  type Desk,
  type Direction,
  defineStrategy,
  type Entry,
  type Tick,
  type TickStrategy,
  type Traits,
} from './strategy.ts';

const pips = (initial: number, about: string) => z.number().positive().max(1e6).default(initial).describe(about);

export const FloorParameters = z.strictObject({
  base_units: z.number().positive().max(1e9).default(1_000).describe('units of the first entry of a layer'),
  momentum_lookback: z.int().min(1).max(100_000).default(100).describe('ticks back that the mid is compared with'),
  take_profit_pips: pips(25, 'pips in favour of the mean entry at which a layer closes'),
  retracement_pips: pips(30, 'pips against the last entry at which a layer enters again'),
  max_retracements: z.int().min(0).max(1_000).default(10).describe('further entries per layer'),
  unit_increment: z.number().min(0).max(1_000).default(1).describe('base units added with each further entry'),
  max_layers: z.int().min(1).max(100).default(3).describe('layers open at once'),
  balance: z.number().positive().max(1e12).default(10_000).describe('starting balance in account currency'),
});
export type FloorParameters = z.infer<typeof FloorParameters>;

class Floor implements TickStrategy {
  readonly input = 'ticks';
  private readonly layers: FloorLayers;
  /** Bid plus ask of the last ticks, as a ring: twice the mid, so that nothing is divided. */
  private readonly sums: Float64Array;
  private slot = 0;
  private seen = 0;
  /** Entries asked for and not yet filled. */
  private waiting = 0;

  constructor(
    private readonly parameters: FloorParameters,
    { pipSize }: Traits,
  ) {
    this.layers = new FloorLayers(
      parameters.max_layers,
      parameters.take_profit_pips * pipSize,
      parameters.retracement_pips * pipSize,
    );
    this.sums = new Float64Array(parameters.momentum_lookback);
  }

  tick({ bid, ask }: Tick, desk: Desk): void {
    const momentum = this.momentumOf(bid + ask);
    const { layers } = this;
    if (layers.count > 0) {
      let exits = false;
      for (let index = layers.count - 1; index >= 0; index -= 1) {
        if (!layers.isTarget(index, bid, ask)) continue;
        exits = true;
        desk.exit(layers.numberAt(index));
        layers.close(index);
      }
      if (exits || desk.closedNow || this.waiting > 0) return;
      this.addTo(layers.count - 1, momentum, bid, ask, desk);
    } else if (momentum !== 0 && this.waiting === 0 && !desk.closedNow) this.open(1, momentum, desk);
  }

  entered({ layer, direction, units, retracementCount = 0 }: Entry, price: number): void {
    this.waited();
    this.layers.add(layer, direction, units, price, retracementCount);
  }

  missed(): void {
    this.waited();
  }

  exited(layer: number): void {
    this.layers.remove(layer);
  }

  /** Never below zero: live, one entry may be told of twice, because some of it was filled after its end. */
  private waited(): void {
    if (this.waiting > 0) this.waiting -= 1;
  }

  /** Where the mid went over the lookback; 0 while nothing is known or nothing moved. */
  private momentumOf(sum: number): Direction | 0 {
    const { sums, slot } = this;
    const before = sums[slot]!;
    sums[slot] = sum;
    this.slot = slot + 1 === sums.length ? 0 : slot + 1;
    if (this.seen < sums.length) {
      this.seen += 1;
      return 0;
    }
    if (sum - before > PRICE_TOLERANCE) return 1;
    return before - sum > PRICE_TOLERANCE ? -1 : 0;
  }

  private addTo(newest: number, momentum: Direction | 0, bid: number, ask: number, desk: Desk): void {
    const { layers, parameters } = this;
    if (!layers.isRetraced(newest, bid, ask)) return;
    const retracementCount = layers.retracementsAt(newest) + 1;
    const layer = layers.numberAt(newest);
    if (retracementCount <= parameters.max_retracements) {
      const units = parameters.base_units * (1 + retracementCount * parameters.unit_increment);
      this.waiting += 1;
      desk.enter({ direction: layers.directionAt(newest), units, layer, retracementCount });
    } else if (layers.count < parameters.max_layers && momentum !== 0) this.open(layer + 1, momentum, desk);
  }

  private open(layer: number, direction: Direction, desk: Desk): void {
    this.waiting += 1;
    desk.enter({ direction, units: this.parameters.base_units, layer, retracementCount: 0 });
  }
}

export const floor = defineStrategy({
  name: 'floor',
  about: 'Follows the momentum and averages into retracements, in layers that close in profit.',
  input: 'ticks',
  parameters: FloorParameters,
  balanceOf: ({ balance }) => balance,
  unitsOf: ({ base_units }) => base_units,
  open: (parameters, traits) => new Floor(parameters, traits),
});
