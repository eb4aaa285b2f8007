/** The one record of the present that a run writes anew for each tick or bar: what a strategy sees, and where fills take their prices. */
import type { ClosedBar, Tick } from '../../strategies/strategy.ts';

export class Present implements Tick, ClosedBar {
  /** Fractions and not zeros, so that the fields are doubles from the first moment on. */
  at = -1e300;
  bid = 0.5;
  ask = 0.5;
  price = 0.5;
  open = 0.5;
  high = 0.5;
  low = 0.5;
  close = 0.5;
  volume = 0.5;
}
