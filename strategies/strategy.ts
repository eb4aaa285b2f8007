/**
 * What a strategy is: typed parameters and one step over the scalar values of the present tick or bar. Invariant: no strategy is ever
 * handed a series or a row that lies ahead (runs/engine/look-ahead.test.ts). What it remembers are its own fields; what it wants it
 * tells the desk, live as in a backtest.
 */
import type { z } from 'zod';
import type { Cue, Cued } from './cue.ts';

/** 1 is long, -1 short. */
export type Direction = 1 | -1;

/** A market order that opens something, with the exits that rest from its fill on. Prices and distances in the instrument's price. */
export interface Entry {
  readonly direction: Direction;
  readonly units: number;
  /** Entries of one layer close together; from 1. */
  readonly layer: number;
  /** How many entries of its layer came before it because the price went against them. */
  readonly retracementCount?: number;
  /** A limit order this far in favour of the fill; it gets its own price. */
  readonly targetDistance?: number;
  /** A stop order this far against the fill; it gets the market's price. */
  readonly stopDistance?: number;
}

/** Where a strategy's wishes go. */
export interface Desk {
  /** Entries that are held or on their way. */
  readonly openEntries: number;
  /** Has an entry closed on this very tick? */
  readonly closedNow: boolean;
  enter(entry: Entry): void;
  /** Closes all entries of a layer at the market. */
  exit(layer: number): void;
}

/** What becomes of a strategy's wishes; told after the step that wished it, or later where orders take their time. */
interface Told {
  entered?(entry: Entry, price: number): void;
  /** Nothing of the entry was filled, and nothing will be. */
  missed?(entry: Entry): void;
  /** Nothing of the layer is held any more. */
  exited?(layer: number): void;
}

/**
 * The present tick: one record, written anew for each, because numbers handed over as arguments would be allocated one by one where a
 * call isn't inlined. A strategy reads it and keeps none of it.
 */
export interface Tick {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly bid: number;
  readonly ask: number;
  /** Of the print; the mid where there is no print. */
  readonly price: number;
  /** As the data has it: contracts, units of the base currency. 0 where it has none, never NaN. */
  readonly volume: number;
}

/** The bar that has just closed, as one record like the tick. */
export interface ClosedBar {
  /** Its end, epoch milliseconds. */
  readonly at: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

export interface TickStrategy extends Told {
  readonly input: 'ticks';
  tick(now: Tick, desk: Desk): void;
}

export interface BarStrategy extends Told {
  readonly input: 'bars';
  /** The engine calls `bar` only on the bars on which this happens, live as in a backtest; without it on each. Read once, at the start. */
  readonly cue?: Cue;
  /** Orders fill at the next bar's open. `cued`: what the cue says of this bar; 0 without one. */
  bar(bar: ClosedBar, desk: Desk, cued: Cued): void;
}

export type Strategy = TickStrategy | BarStrategy;

/** What a strategy may know of its instrument; prices per unit. */
export interface Traits {
  readonly pipSize: number;
  readonly tickSize: number;
}

export interface StrategyDefinition {
  readonly name: string;
  /** One sentence for people. */
  readonly about: string;
  readonly input: Strategy['input'];
  /** Where a backtest over ticks fills: at the quote's sides, as a venue does, or at the tick's own price, where its rules say so. */
  readonly fillsAt?: 'price';
  /** The schema's descriptions say the units; each parameter has a default and bounds. */
  readonly parameters: z.ZodObject;
  /** What equity starts with, in account currency. */
  readonly balanceOf: (parameters: Readonly<Record<string, unknown>>) => number;
  /** Units of its first entry. */
  readonly unitsOf: (parameters: Readonly<Record<string, unknown>>) => number;
  /** A fresh strategy; validates. Throws a ZodError for parameters out of their bounds. */
  open(parameters: unknown, traits: Traits): Strategy;
}

interface Definition<Schema extends z.ZodObject> {
  readonly name: string;
  readonly about: string;
  readonly input: Strategy['input'];
  readonly fillsAt?: 'price';
  readonly parameters: Schema;
  readonly balanceOf: (parameters: z.output<Schema>) => number;
  readonly unitsOf: (parameters: z.output<Schema>) => number;
  open(parameters: z.output<Schema>, traits: Traits): Strategy;
}

/** Checks a definition against its own schema and lets the outside give parameters of any shape. */
export const defineStrategy = <Schema extends z.ZodObject>(definition: Definition<Schema>): StrategyDefinition => ({
  ...definition,
  balanceOf: (parameters) => definition.balanceOf(definition.parameters.parse(parameters)),
  unitsOf: (parameters) => definition.unitsOf(definition.parameters.parse(parameters)),
  open: (parameters, traits) => definition.open(definition.parameters.parse(parameters), traits),
});
