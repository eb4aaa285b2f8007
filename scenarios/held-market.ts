/** What may have happened to a market that is still there. */

/** Instruments that something has happened to: the product hears nothing, hears the same price, or the venue has halted them. */
export interface HeldMarket {
  readonly silent: ReadonlySet<string>;
  readonly frozen: ReadonlySet<string>;
  readonly halted: ReadonlySet<string>;
}

export const NOTHING_HELD: HeldMarket = { silent: new Set(), frozen: new Set(), halted: new Set() };
