/** What a live run wants, what it may do, and what became of it. Plain JSON, since the order under way is remembered with its wish. */
import type { ExitReason } from '../../domain/run.ts';
import type { Direction, Entry } from '../../strategies/strategy.ts';

/** The closing of entries of a layer. */
export interface Exit {
  readonly kind: 'exit';
  readonly layer: number;
  /** Of what is held. */
  readonly direction: Direction;
  readonly units: number;
  readonly reason: ExitReason;
  /** The run's own position becomes smaller and does not turn: an exit to the house's gates, too. */
  readonly reduces: boolean;
}

/** An order that is wanted: one that opens, or one that closes. Plain JSON. */
export type Wish = { readonly kind: 'entry'; readonly entry: Entry } | Exit;

/** What an order has come to: the mean price of what was filled, and the commission of all of it. */
export interface Filled {
  readonly units: number;
  readonly price: number;
  readonly commission: number;
}

/** What a run may do now. */
export interface Leave {
  readonly mayEnter: boolean;
  readonly mayExit: boolean;
  /** Units that one exit closes at most. */
  readonly exitUnitsMax?: number;
  /** Market time of the question; the last tick's where it is left out. */
  readonly at?: number;
}
