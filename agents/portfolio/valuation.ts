/** What an account is worth: cash and every open position at its last price. Without a quote it counts at what it cost. */
import { type DecimalText, exact, fromNumber, isZero, minus, plus, text } from '../../domain/decimal.ts';
import { findInstrument } from '../../domain/instrument.ts';
import type { Position } from '../../domain/position.ts';
import type { PositionView } from '../../messages/account.ts';
import type { Lasts } from './lasts.ts';

interface Valuation {
  readonly equity: DecimalText;
  readonly unrealizedPnl: DecimalText;
  readonly realizedPnl: DecimalText;
  /** Open positions only. */
  readonly positions: readonly PositionView[];
}

export const multiplierOf = (symbol: string): DecimalText => findInstrument(symbol)?.multiplier ?? '1';

export function valuate(cash: DecimalText, held: Readonly<Record<string, Position>>, lasts: Lasts): Valuation {
  let equity = cash;
  let unrealizedPnl = '0';
  let realizedPnl = '0';
  const positions: PositionView[] = [];
  for (const [symbol, position] of Object.entries(held)) {
    realizedPnl = plus(realizedPnl, position.realizedPnl);
    if (isZero(position.quantity)) continue;
    const mark = lasts[symbol];
    const value =
      mark === undefined ? position.cost : text(exact(position.quantity).times(mark).times(multiplierOf(symbol)));
    const gain = minus(value, position.cost);
    equity = plus(equity, value);
    unrealizedPnl = plus(unrealizedPnl, gain);
    positions.push({
      symbol,
      quantity: position.quantity,
      averagePrice: position.averagePrice,
      currentPrice: mark === undefined ? position.averagePrice : fromNumber(mark),
      unrealizedPnl: gain,
      realizedPnl: position.realizedPnl,
    });
  }
  return { equity, unrealizedPnl, realizedPnl, positions };
}
