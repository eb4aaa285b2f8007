/**
 * What each account holds: cash, positions, commission, moved by every fill, late ones too. Invariant: cash + positions at cost
 * + commission = deposits + realised profit. While something is open it is watched, and the breaker told whenever its worth may matter.
 */

import { type ById, withEntry } from '../../domain/by-id.ts';
import { exact, fromNumber, plus, text } from '../../domain/decimal.ts';
import { multiplierOf } from '../../domain/instrument.ts';
import { signedExact } from '../../domain/order.ts';
import { applyFill, FLAT, type Position } from '../../domain/position.ts';
import type {
  AccountAnswered,
  AccountOpen,
  AccountOpened,
  PortfolioAnswered,
  PortfolioGet,
} from '../../messages/account.ts';
import { deliveredAt } from '../../messages/delivered.ts';
import type { EquityDayOpened, EquityMark, EquityPeaked } from '../../messages/halt.ts';
import type { TradingLimits } from '../../messages/limits.ts';
import type { OrderFilled } from '../../messages/order.ts';
import type { TraderCreated } from '../../messages/trader.ts';
import type { AgentDefinition } from '../../runtime/agent.ts';
import { functionLogic } from '../../runtime/logic.ts';
import type { Message } from '../../runtime/message.ts';
import { type EquityBases, mayMatter, roughBases, utcDay } from '../equity-bounds.ts';
import { type Lasts, lastsOf } from './lasts.ts';
import { equityOf, valuate } from './valuation.ts';
import { accountsOf, beginsOf, holds, type WatchDue, type Watching, watchingLogic } from './watch.ts';

interface Account {
  readonly cash: string;
  readonly deposited: string;
  readonly commission: string;
  readonly positions: ById<Position>;
  readonly accountId: string;
  /** It holds something, or has not been valued since it became flat. */
  readonly watching: boolean;
  /** What the breaker compares its worth with; absent before its first mark. */
  readonly bases?: EquityBases;
  /** By the house, with a deposit of its own: a trader that is made on it brings none. Absent otherwise. */
  readonly opened?: true | undefined;
  /** What it held before the first fill of a day on which nobody had looked at it yet. */
  readonly before?: Held | undefined;
}

interface Held {
  readonly day: string;
  readonly cash: string;
  readonly positions: ById<Position>;
}

type PreparedGet = PortfolioGet & { readonly lasts: Lasts };
type PortfolioMessage =
  | AccountOpen
  | TraderCreated
  | OrderFilled
  | EquityDayOpened
  | EquityPeaked
  | PreparedGet
  | WatchDue
  | { type: 'other' };
type Emit = (message: AccountAnswered | AccountOpened | PortfolioAnswered | EquityMark) => void;

const opened: Account = { cash: '0', deposited: '0', commission: '0', positions: {}, accountId: '', watching: false };

function book(account: Account, fill: OrderFilled): Account {
  const { accountId, symbol, side, quantity, price, commission } = fill;
  const multiplier = multiplierOf(symbol);
  const spent = signedExact(side, quantity).times(price).times(multiplier);
  const next: { -readonly [Field in keyof Account]: Account[Field] } = {
    cash: text(exact(account.cash).minus(spent).minus(commission)),
    deposited: account.deposited,
    commission: plus(account.commission, commission),
    positions: withEntry(account.positions, symbol, applyFill(account.positions[symbol] ?? FLAT, fill, multiplier)),
    accountId,
    watching: true,
  };
  if (account.bases) next.bases = account.bases;
  if (account.opened) next.opened = account.opened;
  const before = heldBefore(account, utcDay(deliveredAt(fill)));
  if (before) next.before = before;
  return next;
}

function heldBefore({ bases, before, cash, positions }: Account, day: string): Held | undefined {
  if (bases?.day === undefined || bases.day >= day) return undefined;
  return before?.day === day ? before : { day, cash, positions };
}

/**
 * What a flat account has before it buys is what the breaker compares with: a loss of the first second counts too. Told once a day, and at
 * a new high.
 */
function markFlat(account: Account, fill: OrderFilled, emit: Emit): void {
  if (holds(account)) return;
  const { cash: equity, bases = {} } = account;
  const cash = Number(equity);
  if (mayMatter({ equity: cash, gross: Math.abs(cash) }, deliveredAt(fill), roughBases(bases), undefined))
    emit({ type: 'equity.mark', accountId: fill.accountId, equity });
}

function deposit(account: Account, accountId: string, amount: string): Account {
  return { ...account, accountId, cash: plus(account.cash, amount), deposited: plus(account.deposited, amount) };
}

/** An account with money in it (a fill was booked before anybody opened it) is opened all the same: the deposit was missing. */
function open(account: Account, { type, at, ...terms }: AccountOpen, emit: Emit): Account {
  const { accountId } = terms;
  emit({ type: 'account.answered', accountId, outcome: account.opened ? 'open-already' : 'opened' });
  if (account.opened) return account;
  emit({ type: 'account.opened', ...terms });
  return { ...deposit(account, accountId, terms.deposit), opened: true };
}

function answer(account: Account, { accountId, requestId, lasts }: PreparedGet, emit: Emit): void {
  const { equity, unrealizedPnl, realizedPnl, positions } = valuate(account.cash, account.positions, lasts);
  emit({
    type: 'portfolio.answered',
    accountId,
    requestId,
    found: true,
    cash: account.cash,
    equity,
    unrealizedPnl,
    realizedPnl,
    positions: [...positions],
  });
}

/**
 * The last valuation comes after the last position is closed, so that its loss counts too. Before the first of a day comes what the account
 * was worth when the day began, though nobody was there to look: what it has lost since is a loss of the day. A fill of that day is none of that.
 */
function mark(account: Account, due: WatchDue, emit: Emit): Account {
  const { accountId, cash, positions } = account;
  const equity = equityOf(cash, positions, due.lasts);
  const held = heldBefore(account, utcDay(deliveredAt(due)));
  const began = held ? equityOf(held.cash, held.positions, { ...due.lasts, ...due.begins }) : equity;
  if (began !== equity) emit({ type: 'equity.mark', accountId, equity: began });
  emit({ type: 'equity.mark', accountId, equity });
  return holds(account) ? account : { ...account, watching: false };
}

function step(account: Account, message: PortfolioMessage, emit: Emit): Account {
  switch (message.type) {
    case 'account.open':
      return open(account, message, emit);
    case 'trader.created':
      return account.opened ? account : deposit(account, message.accountId, fromNumber(message.config.budget));
    case 'order.filled':
      markFlat(account, message, emit);
      return book(account, message);
    case 'portfolio.get':
      answer(account, message, emit);
      return account;
    case 'equity.watch':
      return mark(account, message, emit);
    case 'equity.day-opened':
      return {
        ...account,
        bases: { ...account.bases, day: message.day, dayEquity: message.equity },
        before: undefined,
      };
    case 'equity.peaked':
      return { ...account, bases: { ...account.bases, peakEquity: message.equity } };
    default:
      return account;
  }
}

const NOBODY: readonly string[] = [];

function notFound(message: Message): readonly PortfolioAnswered[] {
  if (message.type !== 'portfolio.get') return [];
  const { accountId, requestId } = message as PortfolioGet;
  return [
    {
      type: 'portfolio.answered',
      accountId,
      requestId,
      found: false,
      cash: '0',
      equity: '0',
      unrealizedPnl: '0',
      realizedPnl: '0',
      positions: [],
    },
  ];
}

/** Rows of version 1 knew only the symbols of the shared part, and no bases: an account without any is marked at each look. */
const upgrade = (_version: number, state: unknown): unknown =>
  Array.isArray(state) ? { symbols: state, accounts: 0, limits: null } : state;

/** `limits` are in force until a `limits.changed`. */
export function portfolioAgent(limits: TradingLimits | undefined): AgentDefinition {
  return {
    address: 'portfolio',
    version: 2,
    upgrade,
    logic: functionLogic(opened, step),
    shared: watchingLogic,
    accepts: ['account.open', 'portfolio.get'],
    // Its own openings too: the shared part counts them.
    reads: [
      ...['account.opened', 'trader.created', 'order.filled', 'equity.day-opened', 'equity.peaked', 'limits.changed'],
      ...['trading.resumed', 'feed.advanced'],
    ],
    durable: true,
    from: 'start',
    keyed: {
      key: (message) => (message as { accountId?: string }).accountId,
      // A fill is booked even when nobody has opened the account: money that moved is never dropped.
      creates: ['account.open', 'trader.created', 'order.filled'],
      ended: () => false,
      fanOut: (message, accounts) =>
        message.type === 'equity.watch' ? accountsOf(message as WatchDue, accounts) : NOBODY,
      unknown: notFound,
    },
    prepare(message, shared, latest) {
      const isReleased = message.type === 'trading.resumed';
      if (message.type !== 'portfolio.get' && message.type !== 'equity.watch' && !isReleased) return message;
      const watching = shared as Watching;
      const now = { lasts: lastsOf(watching.symbols, latest), limits: watching.limits ?? limits };
      if (message.type === 'portfolio.get') return { ...message, ...now } as Message;
      // What was released is looked at before anybody trades on it: where the breach lasts it is halted again at once.
      const { look, looks } = isReleased ? { look: 0, looks: 1 } : (message as WatchDue);
      const begins = beginsOf(watching, deliveredAt(message));
      const due: WatchDue = { type: 'equity.watch', at: message.at, look, looks, begins, ...now };
      return due;
    },
    ignores: [
      ...['resumed', 'account.opened', 'trader.created', 'limits.changed', 'equity.day-opened', 'equity.peaked'],
      ...['trading.resumed', 'feed.advanced'],
    ],
  };
}
