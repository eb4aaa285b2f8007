/**
 * The open layers of `floor`, oldest first, as columns: what each holds, and the prices at which it takes profit or enters again.
 * Invariant: numbers rise from the oldest to the newest. A layer that is being closed waits for its end and does nothing else.
 */
import { asPrice } from './prices.ts';
import type { Direction } from './strategy.ts';

export class FloorLayers {
  count = 0;
  private readonly numbers: Float64Array;
  private readonly directions: Float64Array;
  private readonly units: Float64Array;
  private readonly costs: Float64Array;
  private readonly retracements: Float64Array;
  private readonly targets: Float64Array;
  private readonly reentries: Float64Array;

  /** Distances in price. */
  constructor(
    layersMax: number,
    private readonly targetDistance: number,
    private readonly reentryDistance: number,
  ) {
    this.numbers = new Float64Array(layersMax);
    this.directions = new Float64Array(layersMax);
    this.units = new Float64Array(layersMax);
    this.costs = new Float64Array(layersMax);
    this.retracements = new Float64Array(layersMax);
    this.targets = new Float64Array(layersMax);
    this.reentries = new Float64Array(layersMax);
  }

  numberAt(index: number): number {
    return this.numbers[index]!;
  }

  directionAt(index: number): Direction {
    return this.directions[index]! > 0 ? 1 : -1;
  }

  retracementsAt(index: number): number {
    return this.retracements[index]!;
  }

  isTarget(index: number, bid: number, ask: number): boolean {
    return this.directions[index]! > 0 ? bid >= this.targets[index]! : ask <= this.targets[index]!;
  }

  isRetraced(index: number, bid: number, ask: number): boolean {
    return this.directions[index]! > 0 ? bid <= this.reentries[index]! : ask >= this.reentries[index]!;
  }

  /** A filled entry, of the newest layer or of a new one above it. */
  add(number: number, direction: Direction, units: number, price: number, retracementCount: number): void {
    let index = this.numbers.subarray(0, this.count).indexOf(number);
    if (index < 0) {
      index = this.count;
      this.count += 1;
      this.numbers[index] = number;
      this.directions[index] = direction;
      this.units[index] = 0;
      this.costs[index] = 0;
    }
    const held = this.units[index]! + units;
    const cost = this.costs[index]! + units * price;
    this.units[index] = held;
    this.costs[index] = cost;
    this.retracements[index] = retracementCount;
    this.targets[index] = asPrice(cost / held + direction * this.targetDistance);
    this.reentries[index] = asPrice(price - direction * this.reentryDistance);
  }

  /** From now on it neither takes profit nor enters again. */
  close(index: number): void {
    const direction = this.directions[index]!;
    this.targets[index] = direction * 1e300;
    this.reentries[index] = direction * -1e300;
  }

  remove(number: number): void {
    const index = this.numbers.subarray(0, this.count).indexOf(number);
    if (index < 0) return;
    const columns = [this.numbers, this.directions, this.units, this.costs, this.retracements];
    for (const column of [...columns, this.targets, this.reentries]) column.copyWithin(index, index + 1, this.count);
    this.count -= 1;
  }
}
