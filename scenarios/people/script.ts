/**
 * What people and circumstances do in a drawn world, as data: who does what at which moment. A script and its seed are all that a run
 * needs, so that a failing one can be cut smaller step by step and still be run.
 */
import type { ProductSettings } from '../../system/ports.ts';
import type { WorldFaults } from '../faults.ts';
import { developmentProfile } from '../settings.ts';

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
  /** `whom`: a trader's name; absent: everything. */
  | { readonly do: 'stop'; readonly whom?: string }
  /** Releases the oldest own stop that is still in force. */
  | { readonly do: 'release' }
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
  | { readonly do: 'crash' }
  /** Nothing can be written for so long. */
  | { readonly do: 'fill-disk'; readonly forMs: number }
  /** The product's clock is off by so much, and right again after so long. */
  | { readonly do: 'step-clock'; readonly byMs: number; readonly forMs: number }
  /** The venue is away for so long; what is under way is lost. */
  | { readonly do: 'interrupt-venue'; readonly how: 'restart' | 'connection-cut'; readonly forMs: number }
  /** Nothing happens for so long; what was due meanwhile comes late. */
  | { readonly do: 'night'; readonly forMs: number }
  /** One tick at the venue, at this ratio of the market; nobody else sees it. */
  | { readonly do: 'flash'; readonly symbol: string; readonly priceRatio: number };

export interface Step {
  /** Since the doors opened, in virtual milliseconds, nights not counted. */
  readonly atMs: number;
  readonly who: string;
  readonly deed: Deed;
}

/** What a world may set tighter than the profile does, so that its limits are met. */
export interface ScriptLimits {
  readonly quotaDailyTrades?: number;
  readonly quotaDailyVolume?: number;
  /** Decimal text in account currency. */
  readonly exposureMax?: string;
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
  readonly steps: readonly Step[];
}

/** The account on which bots of a drawn world trade. */
export const BOT_ACCOUNT = 'APEX_136189';

function accountsFor({ steps }: Script): Pick<ProductSettings, 'accounts'> {
  if (!steps.some(({ deed }) => deed.do === 'bot')) return {};
  const { accounts = [] } = developmentProfile();
  return { accounts: accounts.filter(({ accountId }) => accountId === BOT_ACCOUNT) };
}

/** The product's settings with what the script sets tighter, and what its people need. */
export function settingsFor(settings: ProductSettings, script: Script): ProductSettings {
  const { limits } = script;
  const { quotaDailyTrades, quotaDailyVolume, exposureMax } = limits;
  const known = settings.limits?.accounts.default;
  return {
    ...settings,
    ...accountsFor(script),
    ...(quotaDailyTrades !== undefined && { quotaDailyTrades }),
    ...(quotaDailyVolume !== undefined && { quotaDailyVolume }),
    ...(exposureMax !== undefined &&
      known &&
      settings.limits && { limits: { ...settings.limits, accounts: { default: { ...known, exposureMax } } } }),
  };
}
