/**
 * An adapter is one folder whose adapter.ts is `{name, port, settings, open}`, listed once in system/adapters.ts. The environment's
 * schema, the configuration page, the start and health all go by that list. Invariant: `open` asks for nothing but its own settings.
 */
import type { z } from 'zod';
import type { Venue } from '../../agents/venue.ts';
import type { MarketSource } from '../../market/source.ts';
import type { Quote } from '../../messages/market.ts';
import type { Clock, Random } from '../../runtime/ports.ts';

export interface AdapterHealth {
  readonly state: 'healthy' | 'degraded' | 'unhealthy';
  /** Its data or its fills are invented. */
  readonly simulated: boolean;
}

/** Settings of the environment by name, each with its meta. */
export type SettingShape = Readonly<Record<string, z.ZodType>>;
interface Adapter<Port extends string, Shape extends SettingShape, Needs, Opened> {
  readonly name: string;
  readonly port: Port;
  readonly settings: Shape;
  /** Throws an error whose message names the setting that is missing or wrong. */
  open(settings: z.infer<z.ZodObject<Shape>>, needs: Needs): Promise<Opened>;
}

export interface VenueNeeds {
  /** Folder of this world: whatever the adapter remembers lies there. */
  readonly folder: string;
  /** What is answered must survive the loss of power, not only the death of the process. */
  readonly powerProof: boolean;
  readonly clock: Clock;
  readonly random: Random;
}

/** What the house means to do with a venue. */
export interface HouseTerms {
  /** Pause between two looks at everything that is open. */
  readonly reconcileEveryS: number;
}

export interface OpenVenue {
  readonly venue: Venue;
  /** Matches resting orders against a believed quote before anybody hears of it; resolves when its reports are out. */
  readonly match?: (quote: Quote) => Promise<void> | undefined;
  health(): AdapterHealth;
  close(): Promise<void>;
}

export interface VenueAdapter<Shape extends SettingShape = SettingShape>
  extends Adapter<'venue', Shape, VenueNeeds, OpenVenue> {
  /** What speaks against a start with this venue, one line a problem that names its setting. */
  problems?(settings: z.infer<z.ZodObject<Shape>>, house: HouseTerms): readonly string[];
}

/** What a market source is given by the house. */
export interface MarketDesk {
  /** Position in the source that an earlier run had reached, 0 at the beginning. */
  readonly after: number;
  /** Resolves when everything that was told so far has settled, commits included; remembers the position now and then. */
  readonly settled: (position: number) => Promise<void>;
  /** The source is so far behind the speed that was asked for that it goes on from now. */
  readonly behind: (lagMs: number) => void;
  /** Told once, behind the last quote or at a failure. */
  readonly ended: (failure: string | undefined) => void;
}

/** A clock whose market reading the data moves. */
interface DrivenClock extends Clock {
  advance(atMs: number): void;
}

export interface MarketNeeds {
  /** What stands behind the colon of MARKET_DATA; empty when nothing does. */
  readonly argument: string;
  readonly clock: Clock;
  readonly drivenClock: (startMs: number) => DrivenClock;
  readonly seededRandom: (seed: string) => Random;
}

/** A market makes a world: its name is stamped into the journal, and its clock is the market's. */
export interface OpenMarket {
  readonly world: string;
  readonly clock: Clock;
  readonly source: (desk: MarketDesk) => MarketSource;
  /** What was quoted up to a position, oldest first, or just before the beginning; moves the market's clock along. */
  readonly past: Past;
}

export type Past = (position: number) => AsyncIterable<Quote>;

export type MarketAdapter<Shape extends SettingShape = SettingShape> = Adapter<
  'market',
  Shape,
  MarketNeeds,
  OpenMarket
>;
