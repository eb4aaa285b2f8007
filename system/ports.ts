/** Everything outside the product, as one object: main.ts gives real ports, a simulated world gives their twins, nothing else differs. */
import type { AdapterHealth, MarketDesk, Past } from '../adapters/kit/adapter.ts';
import type { Venue } from '../agents/venue.ts';
import type { ApiSettings } from '../api/kit/house.ts';
import type { TickFiles } from '../market/import/tick-files.ts';
import type { SeriesStore } from '../market/series/store.ts';
import type { MarketSource } from '../market/source.ts';
import type { AccountTerms } from '../messages/account.ts';
import type { TradingLimits } from '../messages/limits.ts';
import type { Quote } from '../messages/market.ts';
import type { Queries } from '../projections/queries.ts';
import type { RunOutputs } from '../projections/run-outputs.ts';
import type { Upkeep } from '../projections/upkeep.ts';
import type { SupervisorSpec } from '../runtime/agent.ts';
import type { Jobs } from '../runtime/jobs.ts';
import type { RuntimePorts } from '../runtime/ports.ts';
import type { Store } from '../runtime/store.ts';

export interface ProductPorts extends RuntimePorts {
  /** `live`, `simulated:<seed>` or `replay:<file hash>`. */
  readonly world: string;
  readonly place: {
    readonly store: Store;
    readonly queries: Queries;
    readonly upkeep?: Upkeep;
    /** Imported market data; absent in worlds without any. */
    readonly series?: SeriesStore;
    readonly outputs: RunOutputs;
  };
  /** Where tick files lie that callers bring or name; absent in worlds without any. */
  readonly tickFiles?: TickFiles;
  readonly venue: Venue;
  /** Background work; absent in worlds without any. */
  readonly jobs?: Jobs;
  /** Absent: nobody watches it. */
  readonly venueHealth?: () => AdapterHealth;
  /** Matches resting orders against a believed quote before anybody hears of it; resolves when its reports are out. */
  readonly match?: (quote: Quote) => Promise<void> | undefined;
  readonly market: (desk: MarketDesk) => MarketSource;
  /** The market before this start. Absent in worlds that begin without one: nothing is kept of the market between starts either. */
  readonly past?: Past;
  /** Waits for work of other threads (cryptography), so that a simulated world can settle. */
  readonly track: <T>(work: Promise<T>) => Promise<T>;
  /** Each fact is held against its schema before it is recorded; else only the first ones of its type in a life of the house. */
  readonly checksEachFact?: true;
  /** Planted defects: a scenario, or a failpoint in development, puts a defective agent into the roster. */
  readonly defect?: (roster: SupervisorSpec) => SupervisorSpec;
}

export interface ProductSettings {
  readonly api: ApiSettings;
  readonly limits: TradingLimits | undefined;
  /** Decimal text in account currency. */
  readonly autonomousThreshold: string;
  readonly quotaDailyTrades: number;
  readonly quotaDailyVolume: number;
  /** How often our books are held against the venue's; of real time, however fast a replay runs. */
  readonly reconcileEveryMs: number;
  /** How far an account's cash may be from the venue's before it is told. Decimal text in account currency. */
  readonly reconcileCashTolerance: string;
  /** Records that daily retention leaves in the table; absent: it is left to an operator. */
  readonly journalKeepRecords?: number;
  /** Days for which the lines of ended runs stay; absent: for good. */
  readonly runsKeepDays?: number;
  /** May orders be varied in size, price and time? */
  readonly variance: boolean;
  /** Opened at the first start that misses them. */
  readonly accounts?: readonly AccountTerms[];
  /** Owner, symbols, budget and largest order of the house's own auto-trader; absent: nobody trades signals. */
  readonly autoTrader?: {
    readonly userId: string;
    readonly symbols: readonly string[];
    readonly budget: number;
    readonly orderValueMax: string;
    /** What a position may lose at its stop, as a ratio of its equity. */
    readonly riskRatio: string;
  };
  /** Bars that are built from ticks. */
  readonly timeframesMs: readonly number[];
}
