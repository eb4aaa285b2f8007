/** What an account is worth: cash and every open position at its last price. Without a quote it counts at what it cost. */
import { type DecimalText, exact, fromNumber, isZero, plus, text } from '../../domain/decimal.ts';
import { multiplierOf } from '../../domain/instrument.ts';
import { type Position, valued } from '../../domain/position.ts';
import type { PositionView } from '../../messages/account.ts';
import type { Lasts } from './lasts.ts';

interface Valuation {
  readonly equity: DecimalText;
  readonly unrealizedPnl: DecimalText;
  readonly realizedPnl: DecimalText;
  /** Open positions only. */
  readonly positions: readonly PositionView[];
}

/** The same equity alone. */
export function equityOf(cash: DecimalText, held: Readonly<Record<string, Position>>, lasts: Lasts): DecimalText {
  let equity = exact(cash);
  for (const symbol in held) {
    const position = held[symbol]!;
    if (isZero(position.quantity)) continue;
    equity = equity.plus(valued(position, lasts[symbol], multiplierOf(symbol)).value);
  }
  return text(equity);
}

export function valuate(cash: DecimalText, held: Readonly<Record<string, Position>>, lasts: Lasts): Valuation {
  let equity = cash;
  let unrealizedPnl = '0';
  let realizedPnl = '0';
  const positions: PositionView[] = [];
  for (const [symbol, position] of Object.entries(held)) {
    realizedPnl = plus(realizedPnl, position.realizedPnl);
    if (isZero(position.quantity)) continue;
    const mark = lasts[symbol];
    const { value, gain } = valued(position, mark, multiplierOf(symbol));
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
