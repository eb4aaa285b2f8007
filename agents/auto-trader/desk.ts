/**
 * What the auto-trader knows across its symbols: may it trade, what is it worth, how much is open. Pure: follows from the facts
 * alone. Equity is the budget plus what its own fills have realised, less commissions.
 */
import { type DecimalText, isZero, minus, plus } from '../../domain/decimal.ts';
import { multiplierOf } from '../../domain/instrument.ts';
import { applyFill, FLAT, type Position } from '../../domain/position.ts';
import type { TradingHalted, TradingResumed } from '../../messages/halt.ts';
import type { OrderFilled } from '../../messages/order.ts';
import type { TraderCreated, TraderReactivated, TraderTerminated, TraderWindingDown } from '../../messages/trader.ts';
import type { AutoTraderOptions } from './options.ts';

export interface Desk {
  readonly status: 'active' | 'winding-down' | 'terminated';
  readonly budget: DecimalText;
  readonly commission: DecimalText;
  readonly positions: Readonly<Record<string, Position>>;
  /** Halts that cover this trader, with their reasons, by stop id. */
  readonly halts: Readonly<Record<string, string>>;
}

export type DeskMessage =
  | TraderCreated
  | TraderWindingDown
  | TraderReactivated
  | TraderTerminated
  | TradingHalted
  | TradingResumed
  | OrderFilled;

export const startDesk = (options: AutoTraderOptions): Desk => ({
  status: 'active',
  budget: options.startEquity,
  commission: '0',
  positions: {},
  halts: {},
});

export const equityOf = ({ budget, commission, positions }: Desk): DecimalText =>
  Object.values(positions).reduce((sum, { realizedPnl }) => plus(sum, realizedPnl), minus(budget, commission));

export const openPositions = ({ positions }: Desk): number =>
  Object.values(positions).filter(({ quantity }) => !isZero(quantity)).length;

export function stepDesk(desk: Desk, message: DeskMessage, options: AutoTraderOptions): Desk {
  switch (message.type) {
    case 'trading.halted':
      return covers(message, options) ? { ...desk, halts: { ...desk.halts, [message.stopId]: message.reason } } : desk;
    case 'trading.resumed':
      return resume(desk, message.stopId);
    case 'order.filled':
      return message.traderId === options.traderId ? book(desk, message) : desk;
    case 'trader.created':
      return message.traderId === options.traderId ? { ...desk, budget: String(message.config.budget) } : desk;
    case 'trader.winding-down':
      return message.traderId === options.traderId ? { ...desk, status: 'winding-down' } : desk;
    case 'trader.reactivated':
      return message.traderId === options.traderId ? { ...desk, status: 'active' } : desk;
    case 'trader.terminated':
      return message.traderId === options.traderId ? { ...desk, status: 'terminated' } : desk;
    default:
      return desk;
  }
}

function covers({ scope, targetId }: TradingHalted, { traderId, accountId }: AutoTraderOptions): boolean {
  return scope === 'system' || (scope === 'account' ? targetId === accountId : targetId === traderId);
}

function resume(desk: Desk, stopId: string): Desk {
  if (!(stopId in desk.halts)) return desk;
  const { [stopId]: _resumed, ...halts } = desk.halts;
  return { ...desk, halts };
}

function book(desk: Desk, fill: OrderFilled): Desk {
  const multiplier = multiplierOf(fill.symbol);
  const position = applyFill(desk.positions[fill.symbol] ?? FLAT, fill, multiplier);
  const positions = { ...desk.positions, [fill.symbol]: position };
  return { ...desk, positions, commission: plus(desk.commission, fill.commission) };
}
