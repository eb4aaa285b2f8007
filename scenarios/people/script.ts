/**
 * What people and circumstances do in a drawn world, as data: who does what at which moment. A script and its seed are all that a run
 * needs, so that a failing one can be cut smaller step by step and still be run.
 */
import type { Regime } from '../../market/simulated.ts';
import type { ProductPorts, ProductSettings } from '../../system/ports.ts';
import type { WorldFaults } from '../faults.ts';
import type { LimitsOverride } from '../file/world-part.ts';
import { developmentProfile } from '../settings.ts';
import type { Way } from './attacks/ways.ts';
import { withoutLimits } from './missing-limits.ts';

export type Deed =
  | {
      readonly do: 'trade';
      readonly symbol: string;
      readonly side: 'buy' | 'sell';
      readonly type: 'market' | 'limit';
      /** The price as a ratio of the near side of the market at that moment. */
      readonly priceRatio: number;
      /** In account currency; the quantity is what this buys, at least one. */
      readonly value: number;
      /** Half a step more, or half a tick: what no market trades in. */
      readonly between?: 'steps' | 'ticks';
    }
  /** Cancels one of the own orders that were not answered as executed, and forgets it. */
  | { readonly do: 'cancel'; readonly which: 'oldest' | 'newest' }
  | { readonly do: 'look'; readonly at: 'trades' | 'quota' | 'trader' }
  | { readonly do: 'terminate' }
  /** `both`: an approval and a rejection at once; `twice`: two approvals at once. */
  | {
      readonly do: 'decide';
      readonly mood: 'approve' | 'reject' | 'both' | 'twice';
      readonly about: 'first' | 'all';
    }
  /** `whom`: a trader's name; absent: everything. `how`: of a trader its whole account; or reduction goes on. */
  | { readonly do: 'stop'; readonly whom?: string; readonly how?: 'account' | 'reduce' }
  /** Releases the oldest stop that is still in force, the own or `of` somebody else's. */
  | { readonly do: 'release'; readonly of?: string }
  /** Sends an invented tick file of an instrument; the line is cut so long after that, if at all. */
  | {
      readonly do: 'upload';
      readonly symbol: string;
      readonly ticks: number;
      readonly takesMs: number;
      readonly cutAfterMs?: number;
    }
  /** Makes a backtest over so many hours of an invented market, and starts it. */
  | { readonly do: 'backtest'; readonly symbol: string; readonly hours: number }
  /** Starts a strategy that trades on every tick. */
  | { readonly do: 'bot'; readonly symbol: string; readonly points: number; readonly quantity: number }
  /** Stops the own bot. */
  | { readonly do: 'stop-bot' }
  /** Tells the own backtest what to do. */
  | { readonly do: 'steer'; readonly what: 'start' | 'pause' | 'resume' | 'stop' }
  /** Reads at a door that needs no trader. */
  | { readonly do: 'read'; readonly path: string }
  /**
   * Hears on a socket what is told of `whom` (a trader's news, or the lines of what he has begun) or of the house, for so long, and so
   * often: he comes back whenever the line is gone.
   */
  | {
      readonly do: 'listen';
      readonly to: 'trader' | 'run' | 'house';
      readonly whom?: string;
      readonly forMs: number;
      readonly times: number;
    }
  /** Tries with `whom`'s trader what only its owner may. */
  | { readonly do: 'meddle'; readonly whom: string; readonly how: 'look' | 'trade' | 'stop' | 'terminate' }
  /** Tries a way around the limits; `value`: with how much, in account currency; `choice`: which of several, from 0 to 1. */
  | {
      readonly do: 'attack';
      readonly way: Way;
      readonly symbol: string;
      readonly value: number;
      readonly choice: number;
    }
  /** Proves the journal, copies it, or archives all but so many of its records. */
  | { readonly do: 'upkeep'; readonly what: 'verify' | 'replay' | 'export' | 'backup' }
  | { readonly do: 'upkeep'; readonly what: 'archive'; readonly keep: number }
  /** Changes what is named of the limits in force, unless somebody else does so meanwhile. */
  | { readonly do: 'limits'; readonly change: LimitsOverride }
  /** Takes away what is named (see missing-limits.ts) and brings back whatever else is missing. */
  | { readonly do: 'limits'; readonly missing: readonly string[] }
  | { readonly do: 'reconcile' }
  | { readonly do: 'crash' }
  /** Of a world whose background work is on a queue: a worker dies; the queue is lost with all that is in it, for so long. */
  | { readonly do: 'kill-worker' }
  | { readonly do: 'lose-queue'; readonly forMs: number }
  /** Nothing can be written for so long. */
  | { readonly do: 'fill-disk'; readonly forMs: number }
  /** The product's clock is off by so much, and right again after so long. */
  | { readonly do: 'step-clock'; readonly byMs: number; readonly forMs: number }
  /** The venue is away for so long; what is under way is lost. */
  | { readonly do: 'interrupt-venue'; readonly how: 'restart' | 'connection-cut'; readonly forMs: number }
  /** Nothing happens for so long; what was due meanwhile comes late. */
  | { readonly do: 'night'; readonly forMs: number }
  /** One tick at the venue, at this ratio of the market; nobody else sees it. */
  | { readonly do: 'flash'; readonly symbol: string; readonly priceRatio: number }
  /** The market moves by so much, evenly over so long. */
  | { readonly do: 'shock'; readonly symbol: string; readonly ratio: number; readonly overMs: number }
  /** The market is of this temper for so long. */
  | { readonly do: 'regime'; readonly symbol: string; readonly regime: Regime; readonly forMs: number }
  /** For so long the venue trades it no more, nothing is heard of it, or the same price. */
  | {
      readonly do: 'hold';
      readonly symbol: string;
      readonly how: 'halt' | 'silence' | 'freeze';
      readonly forMs: number;
    };

type Limits = ProductSettings['limits'];
type Role = ProductSettings['api']['clients'][number]['roles'][number];

export interface Step {
  /** Since the doors opened, in virtual milliseconds, nights not counted. */
  readonly atMs: number;
  readonly who: string;
  readonly deed: Deed;
}

/** What a world may set tighter than the profile does, or not at all, so that its limits are met. */
export interface ScriptLimits {
  readonly quotaDailyTrades?: number;
  readonly quotaDailyVolume?: number;
  /** Decimal text in account currency. */
  readonly exposureMax?: string;
  /** Limits that nobody has set when the world begins; see missing-limits.ts for their names. */
  readonly missing?: readonly string[];
}

export interface Script {
  /** Market time at which the world begins, epoch milliseconds. */
  readonly startsAt: number;
  /** How long people stay, nights not counted. */
  readonly virtualMs: number;
  readonly faults: WorldFaults;
  readonly limits: ScriptLimits;
  /** What the venue takes of each fill, in basis points of its value, as decimal text; nothing when absent. */
  readonly commissionBps?: string;
  /** Of traders who have less than the others, by name, in account currency. */
  readonly budgets?: Readonly<Record<string, number>>;
  /** Roles of people who have a client and tokens of their own, by name; all others share the development user's. */
  readonly people?: Readonly<Record<string, readonly Role[]>>;
  /** Nobody approves what he asked for, nor releases what he stopped. */
  readonly fourEyes?: boolean;
  /** So many workers do the background work, behind a queue; absent: the product's own process. */
  readonly workers?: number;
  /** Each start hears what its market did before, two invented hours at the first; absent: it finds an empty market. */
  readonly past?: true;
  /** How the venue knows a repeated submit; by the client order id when absent. */
  readonly idempotency?: ProductPorts['venue']['idempotency'];
  /** Records that daily retention leaves in the table; absent: nobody archives but people. */
  readonly keepRecords?: number;
  readonly steps: readonly Step[];
}

/** The account on which bots of a drawn world trade. */
export const BOT_ACCOUNT = 'APEX_136189';

function accountsFor({ steps }: Script): Pick<ProductSettings, 'accounts'> {
  if (!steps.some(({ deed }) => deed.do === 'bot')) return {};
  const { accounts = [] } = developmentProfile();
  return { accounts: accounts.filter(({ accountId }) => accountId === BOT_ACCOUNT) };
}

export const secretOf = (name: string): string => `${name} of a drawn world`;

const clientsOf = ({ people = {} }: Script): ProductSettings['api']['clients'] =>
  Object.entries(people).map(([name, roles]) => ({
    ...{ clientId: name, sub: name, secret: secretOf(name), roles, accounts: [] },
  }));

function limitsFor({ limits: known }: ProductSettings, { exposureMax, missing = [] }: ScriptLimits): Limits {
  const everybody = known?.accounts.default;
  const tighter =
    known && everybody && exposureMax !== undefined
      ? { ...known, accounts: { default: { ...everybody, exposureMax } } }
      : known;
  return tighter && withoutLimits(tighter, missing);
}

/** The product's settings with what the script sets tighter, and what its people need. */
export function settingsFor(settings: ProductSettings, script: Script): ProductSettings {
  const { limits, keepRecords, people, fourEyes = settings.api.fourEyes } = script;
  const { quotaDailyTrades, quotaDailyVolume } = limits;
  return {
    ...settings,
    limits: limitsFor(settings, limits),
    ...accountsFor(script),
    ...((people || fourEyes) && {
      api: { ...settings.api, fourEyes, clients: [...settings.api.clients, ...clientsOf(script)] },
    }),
    ...(keepRecords !== undefined && { journalKeepRecords: keepRecords }),
    ...(quotaDailyTrades !== undefined && { quotaDailyTrades }),
    ...(quotaDailyVolume !== undefined && { quotaDailyVolume }),
  };
}
