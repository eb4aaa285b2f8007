/** What a simulated world is made of; all but the seed, the disk, the settings and the instruments has a plain form when absent. */
import type { SimulatedPlace } from '../db/simulated/database.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { MarketScript } from '../market/script.ts';
import type { MarketSource } from '../market/source.ts';
import type { Clock, Log, Random } from '../runtime/ports.ts';
import type { ProductPorts, ProductSettings } from '../system/ports.ts';
import type { WorldFaults } from './faults.ts';
import type { LaneOptions, LifeOptions, PlantedParts } from './life.ts';

export interface WorldOptions {
  readonly seed: string;
  /** The disk: an opened place, in memory or embedded. */
  readonly place: SimulatedPlace;
  readonly settings: ProductSettings;
  readonly symbols: readonly string[];
  readonly faults?: WorldFaults;
  /** Market time at which it begins, epoch milliseconds; `WORLD_STARTS_AT` when absent. */
  readonly startsAt?: number;
  readonly log?: Log;
  /** A defective agent in the first life of the product. */
  readonly defect?: NonNullable<ProductPorts['defect']>;
  /** A bug that every life of the product has. */
  readonly planted?: PlantedParts;
  /** The market; one invented walk an instrument when absent. */
  readonly market?: (ports: MarketPorts) => MarketSource;
  /** It remembers its market for each start, before its beginning an invented one of these; absent: each start finds an empty market. */
  readonly past?: { readonly invented: readonly string[] } | undefined;
  /** How the venue knows a repeated submit; by the client order id when absent. */
  readonly idempotency?: ProductPorts['venue']['idempotency'] | undefined;
  /** Background work; quick and undisturbed when absent. */
  readonly lanes?: LaneOptions;
  /** So many processes of their own do it, behind a queue; absent: the product's own. */
  readonly workers?: number | undefined;
  /** Looks on as messages reach agents; changes nothing. */
  readonly delivered?: LifeOptions['delivered'];
}

export interface MarketPorts {
  readonly instruments: readonly Instrument[];
  readonly clock: Pick<Clock, 'marketNow' | 'at'>;
  readonly random: Random;
  /** What people do to it; a market that is moved otherwise has no need of it. */
  readonly script?: MarketScript;
}
