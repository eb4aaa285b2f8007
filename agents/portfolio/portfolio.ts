/**
 * What each account holds: cash, positions, commission, moved by every fill, late ones too. Invariant: cash + positions at cost
 * + commission = deposits + realised profit. While something is open it tells the breaker every second what it is worth.
 */
import { type ById, withEntry } from '../../domain/by-id.ts';
import { exact, fromNumber, isZero, plus, text } from '../../domain/decimal.ts';
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
import type { EquityMark } from '../../messages/halt.ts';
import type { OrderFilled } from '../../messages/order.ts';
import type { TraderCreated } from '../../messages/trader.ts';
import type { AgentDefinition } from '../../runtime/agent.ts';
import type { Resumed } from '../../runtime/lifecycle.ts';
import { type After, afterInMemory, functionLogic } from '../../runtime/logic.ts';
import type { Message } from '../../runtime/message.ts';
import { meet, type Quotes, quotesFor } from '../quotes.ts';
import { multiplierOf, valuate } from './valuation.ts';

const WATCH_EVERY_MS = 1_000;

interface Account {
  readonly cash: string;
  readonly deposited: string;
  readonly commission: string;
  readonly positions: ById<Position>;
  readonly accountId: string;
  /** The next valuation is due. */
  readonly watching: boolean;
  /** By the house, with a deposit of its own: a trader that is made on it brings none. Absent otherwise. */
  readonly opened?: true | undefined;
}

/** The account's own deadline, with the market as it then is. */
type WatchDue = Message & { readonly type: 'equity.watch'; readonly accountId: string; readonly quotes: Quotes };
type PreparedGet = PortfolioGet & { readonly quotes: Quotes };
type PortfolioMessage = AccountOpen | TraderCreated | OrderFilled | PreparedGet | WatchDue | Resumed;
type Emit = (message: AccountAnswered | AccountOpened | PortfolioAnswered | EquityMark | After) => void;

const opened: Account = { cash: '0', deposited: '0', commission: '0', positions: {}, accountId: '', watching: false };

const holds = ({ positions }: Account): boolean => Object.values(positions).some(({ quantity }) => !isZero(quantity));

/** Each account has a phase of its own within the second, so that a restart does not bring all valuations at once. */
function armWatch(accountId: string, at: number, emit: Emit): void {
  let phase = 0;
  for (let index = 0; index < accountId.length; index += 1)
    phase = ((phase + accountId.charCodeAt(index)) * 617) % WATCH_EVERY_MS;
  const delayMs = WATCH_EVERY_MS - ((at + phase) % WATCH_EVERY_MS);
  const due: Omit<WatchDue, 'quotes'> = { type: 'equity.watch', accountId };
  // In memory: a restart begins it again, and a second of watching is not worth a row.
  emit(afterInMemory('watch', delayMs, due));
}

function book(account: Account, fill: OrderFilled, emit: Emit): Account {
  const { accountId, symbol, side, quantity, price, commission } = fill;
  const multiplier = multiplierOf(symbol);
  const spent = signedExact(side, quantity).times(price).times(multiplier);
  if (!account.watching) armWatch(accountId, deliveredAt(fill), emit);
  return {
    cash: text(exact(account.cash).minus(spent).minus(commission)),
    deposited: account.deposited,
    commission: plus(account.commission, commission),
    positions: withEntry(account.positions, symbol, applyFill(account.positions[symbol] ?? FLAT, fill, multiplier)),
    accountId,
    watching: true,
    opened: account.opened,
  };
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

function answer(account: Account, { accountId, requestId, quotes }: PreparedGet, emit: Emit): void {
  const { equity, unrealizedPnl, realizedPnl, positions } = valuate(account.cash, account.positions, quotes);
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

/** The last valuation comes after the last position is closed, so that its loss counts too. */
function watch(account: Account, due: WatchDue, emit: Emit): Account {
  const { accountId, quotes } = due;
  emit({ type: 'equity.mark', accountId, equity: valuate(account.cash, account.positions, quotes).equity });
  if (!holds(account)) return { ...account, watching: false };
  armWatch(accountId, deliveredAt(due), emit);
  return account;
}

function step(account: Account, message: PortfolioMessage, emit: Emit): Account {
  switch (message.type) {
    case 'account.open':
      return open(account, message, emit);
    case 'trader.created':
      return account.opened ? account : deposit(account, message.accountId, fromNumber(message.config.budget));
    case 'order.filled':
      return book(account, message, emit);
    case 'portfolio.get':
      answer(account, message, emit);
      return account;
    case 'equity.watch':
      return watch(account, message, emit);
    case 'resumed':
      if (account.watching) armWatch(account.accountId, deliveredAt(message), emit);
      return account;
    default:
      return account;
  }
}

/** Symbols that were ever filled: what valuations need quotes of. */
const symbolsTraded = functionLogic<readonly string[], PortfolioMessage>([], (symbols, message) =>
  message.type === 'order.filled' ? meet(symbols, message.symbol) : symbols,
);

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

export function portfolioAgent(): AgentDefinition {
  return {
    address: 'portfolio',
    version: 1,
    logic: functionLogic(opened, step),
    shared: symbolsTraded,
    accepts: ['account.open', 'portfolio.get'],
    reads: ['trader.created', 'order.filled'],
    durable: true,
    from: 'start',
    keyed: {
      key: (message) => (message as { accountId?: string }).accountId,
      // A fill is booked even when nobody has opened the account: money that moved is never dropped.
      creates: ['account.open', 'trader.created', 'order.filled'],
      ended: () => false,
      unknown: notFound,
    },
    prepare(message, shared, latest) {
      if (message.type !== 'portfolio.get' && message.type !== 'equity.watch') return message;
      return { ...message, quotes: quotesFor(shared as readonly string[], latest) } as Message;
    },
    ignores: ['resumed', 'trader.created'],
  };
}
