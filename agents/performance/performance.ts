/** How each account did: realised profit and closed trades from its fills, ratios from the equity that opened each UTC day. */
import { type ById, withEntry } from '../../domain/by-id.ts';
import { isZero, minus, plus } from '../../domain/decimal.ts';
import { findInstrument } from '../../domain/instrument.ts';
import { applyFill, FLAT, type Position } from '../../domain/position.ts';
import type { AccountOpened, PerformanceAnswered, PerformanceGet } from '../../messages/account.ts';
import type { EquityDayOpened } from '../../messages/halt.ts';
import type { OrderFilled } from '../../messages/order.ts';
import type { TraderCreated } from '../../messages/trader.ts';
import type { AgentDefinition } from '../../runtime/agent.ts';
import { functionLogic } from '../../runtime/logic.ts';
import type { Message } from '../../runtime/message.ts';
import {
  closeTrade,
  type Days,
  NO_DAYS,
  NO_TRADES,
  openDay,
  profitFactor,
  sharpe,
  sortino,
  type Trades,
  winRate,
} from './figures.ts';

interface Performance {
  readonly positions: ById<Position>;
  readonly trades: Trades;
  readonly realizedPnl: string;
  readonly days: Days;
}

type PerformanceMessage = AccountOpened | TraderCreated | OrderFilled | EquityDayOpened | PerformanceGet;
type Emit = (message: PerformanceAnswered) => void;

const started: Performance = { positions: {}, trades: NO_TRADES, realizedPnl: '0', days: NO_DAYS };

/** A fill against the position closes a trade; one that only adds to it does not. */
function book(performance: Performance, fill: OrderFilled): Performance {
  const before = performance.positions[fill.symbol] ?? FLAT;
  const after = applyFill(before, fill, findInstrument(fill.symbol)?.multiplier);
  const positions = withEntry(performance.positions, fill.symbol, after);
  const opposite = before.quantity.startsWith('-') === (fill.side === 'buy');
  const { days } = performance;
  if (isZero(before.quantity) || !opposite)
    return { positions, trades: performance.trades, realizedPnl: performance.realizedPnl, days };
  const pnl = minus(after.realizedPnl, before.realizedPnl);
  const trades = closeTrade(performance.trades, pnl);
  return { positions, trades, realizedPnl: plus(performance.realizedPnl, pnl), days };
}

function figures({ accountId }: PerformanceGet, found: boolean, performance: Performance): PerformanceAnswered {
  const { trades, days, realizedPnl } = performance;
  return {
    type: 'performance.answered',
    accountId,
    found,
    closedTrades: trades.closed,
    winRate: winRate(trades),
    profitFactor: profitFactor(trades),
    realizedPnl,
    maxDrawdownRatio: days.maxDrawdownRatio,
    sharpe: sharpe(days),
    sortino: sortino(days),
  };
}

function step(performance: Performance, message: PerformanceMessage, emit: Emit): Performance {
  switch (message.type) {
    case 'order.filled':
      return book(performance, message);
    case 'equity.day-opened':
      return { ...performance, days: openDay(performance.days, message.day, Number(message.equity)) };
    case 'performance.get':
      emit(figures(message, true, performance));
      return performance;
    default:
      return performance;
  }
}

const notFound = (message: Message): readonly PerformanceAnswered[] =>
  message.type === 'performance.get' ? [figures(message as PerformanceGet, false, started)] : [];

export function performanceAgent(): AgentDefinition {
  return {
    address: 'performance',
    version: 1,
    logic: functionLogic(started, step),
    accepts: ['performance.get'],
    reads: ['account.opened', 'trader.created', 'order.filled', 'equity.day-opened'],
    durable: true,
    from: 'start',
    keyed: {
      key: (message) => (message as PerformanceMessage).accountId,
      creates: ['account.opened', 'trader.created', 'order.filled', 'equity.day-opened'],
      ended: () => false,
      unknown: notFound,
    },
    ignores: ['resumed', 'account.opened', 'trader.created'],
  };
}
