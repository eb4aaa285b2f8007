/**
 * Which accounts are valued when: all that hold something are looked at once a second, and those whose worth may matter to the circuit
 * breaker are valued exactly and told. Invariant: a breach is told within a second; an account that has become flat is told once more.
 */

import { isZero } from '../../domain/decimal.ts';
import { multiplierOf } from '../../domain/instrument.ts';
import type { Position } from '../../domain/position.ts';
import type { AccountOpened } from '../../messages/account.ts';
import { deliveredAt } from '../../messages/delivered.ts';
import { type LimitsChanged, limitsOf, type TradingLimits } from '../../messages/limits.ts';
import type { DayOpens, FeedAdvanced } from '../../messages/market.ts';
import type { OrderFilled } from '../../messages/order.ts';
import type { TraderCreated } from '../../messages/trader.ts';
import type { Resumed } from '../../runtime/lifecycle.ts';
import { type After, afterInMemory, functionLogic } from '../../runtime/logic.ts';
import type { Message } from '../../runtime/message.ts';
import { type EquityBases, mayMatter, type RoughBases, type RoughEquity, roughBases } from '../equity-bounds.ts';
import { meet } from '../quotes.ts';
import type { Lasts } from './lasts.ts';

const EVERY_MS = 1_000;
const DAY_MS = 86_400_000;
/** So many accounts share a look; more are spread over the second, so that no look floods the breaker. */
const ACCOUNTS_A_LOOK = 500;
const LOOKS_MAX = 10;

/** One account, as far as watching it goes. */
export interface WatchedAccount {
  readonly accountId: string;
  readonly cash: string;
  readonly positions: Readonly<Record<string, Position>>;
  /** It holds something, or has not been valued since it became flat. */
  readonly watching: boolean;
  readonly bases?: EquityBases;
}

/** Common to all accounts. */
export interface Watching {
  /** Symbols that were ever filled: what valuations need quotes of. */
  readonly symbols: readonly string[];
  /** About as many as there are: a trader on an account that the house has opened counts once more. */
  readonly accounts: number;
  /** Of the newest change; null before any. */
  readonly limits: TradingLimits | null;
  /** What instruments' newest days began with, where the feed tells; absent before any. */
  readonly opens?: DayOpens;
}

/** The prices with which the day of `at` began, as far as they are known. */
export function beginsOf({ opens = {} }: Watching, at: number): Lasts {
  const day = Math.floor(at / DAY_MS);
  const begins: Record<string, number> = {};
  for (const symbol in opens) {
    const begun = opens[symbol]!;
    if (begun.day === day) begins[symbol] = begun.open;
  }
  return begins;
}

/** Look number `look` of `looks` in this second, with the market and the limits of that moment. */
export type WatchDue = Message & {
  readonly type: 'equity.watch';
  readonly look: number;
  readonly looks: number;
  readonly lasts: Lasts;
  readonly begins: Lasts;
  readonly limits: TradingLimits | undefined;
};

type WatchingMessage = AccountOpened | TraderCreated | OrderFilled | LimitsChanged | FeedAdvanced | WatchDue | Resumed;

/** In memory: a restart begins it again, and a second of watching is not worth a row. */
function nextLook({ accounts }: Watching, at: number): After {
  const looks = Math.min(LOOKS_MAX, 1 + Math.floor(accounts / ACCOUNTS_A_LOOK));
  const stepMs = EVERY_MS / looks;
  const index = Math.floor(at / stepMs) + 1;
  const due: Omit<WatchDue, 'lasts' | 'begins' | 'limits'> = { type: 'equity.watch', look: index % looks, looks };
  return afterInMemory('watch', index * stepMs - at, due);
}

export const watchingLogic = functionLogic<Watching, WatchingMessage>(
  { symbols: [], accounts: 0, limits: null },
  (state, message, emit) => {
    switch (message.type) {
      case 'order.filled': {
        const symbols = meet(state.symbols, message.symbol);
        return symbols === state.symbols ? state : { ...state, symbols };
      }
      case 'account.opened':
      case 'trader.created':
        return { ...state, accounts: state.accounts + 1 };
      case 'limits.changed':
        return { ...state, limits: message.limits };
      case 'feed.advanced':
        return message.opens ? { ...state, opens: { ...state.opens, ...message.opens } } : state;
      case 'resumed':
      case 'equity.watch':
        emit(nextLook(state, deliveredAt(message)));
        return state;
      default:
        return state;
    }
  },
);

export function holds({ positions }: WatchedAccount): boolean {
  for (const symbol in positions) if (!isZero(positions[symbol]!.quantity)) return true;
  return false;
}

interface RoughHolding {
  readonly symbol: string;
  readonly units: number;
  readonly cost: number;
}

/** An account in rounded numbers. */
interface RoughAccount {
  readonly cash: number;
  readonly holdings: readonly RoughHolding[];
  readonly isFlat: boolean;
  readonly bases: RoughBases | undefined;
}

/** An account's state never changes, another comes in its place, and it is looked at every second: it is read once. */
const roughly = new WeakMap<WatchedAccount, RoughAccount>();

function roughAccount(account: WatchedAccount): RoughAccount {
  const known = roughly.get(account);
  if (known) return known;
  const { cash, positions, bases = {} } = account;
  const holdings = Object.entries(positions).map(([symbol, { quantity, cost }]) => ({
    symbol,
    units: Number(quantity) * Number(multiplierOf(symbol)),
    cost: Number(cost),
  }));
  const read = { cash: Number(cash), holdings, isFlat: !holds(account), bases: roughBases(bases) };
  roughly.set(account, read);
  return read;
}

function roughEquity({ cash, holdings }: RoughAccount, lasts: Lasts): RoughEquity {
  let equity = cash;
  let gross = Math.abs(equity);
  for (const { symbol, units, cost } of holdings) {
    const last = lasts[symbol];
    const value = last === undefined ? cost : units * last;
    equity += value;
    gross += Math.abs(value);
  }
  return { equity, gross };
}

function lookOf(accountId: string, looks: number): number {
  let sum = 0;
  for (let index = 0; index < accountId.length; index += 1) sum = (sum * 31 + accountId.charCodeAt(index)) % 1_009;
  return sum % looks;
}

/** What has become flat is told now, and not looked at again. */
function isDue(account: WatchedAccount, { lasts, limits }: WatchDue, at: number): boolean {
  const rough = roughAccount(account);
  return rough.isFlat || mayMatter(roughEquity(rough, lasts), at, rough.bases, limitsOf(limits, account.accountId));
}

/** Accounts that this look has to value exactly. */
export function accountsOf(due: WatchDue, accounts: ReadonlyMap<string, unknown>): readonly string[] {
  const at = deliveredAt(due);
  const { look, looks } = due;
  const found: string[] = [];
  accounts.forEach((state, accountId) => {
    const account = state as WatchedAccount;
    if (!account.watching || (looks > 1 && lookOf(accountId, looks) !== look)) return;
    if (isDue(account, due, at)) found.push(accountId);
  });
  return found;
}
