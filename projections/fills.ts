/** Executions with the profit they realised, and the positions they add up to: each fill moves its position once. */
import { multiplierOf } from '../domain/instrument.ts';
import { applyFill, FLAT, type Position } from '../domain/position.ts';
import type { OrderFilled } from '../messages/order.ts';
import type { Projection, TableView } from './projection.ts';
import type { PositionRow } from './rows.ts';

const positionId = (fact: OrderFilled): string => `${fact.accountId}/${fact.symbol}`;

interface Booked {
  readonly before: Omit<Position, 'averagePrice'>;
  readonly after: Position;
  readonly multiplier: string;
}

/** The fill that was booked last, and the row it met: ledger and fills ask for the same one. */
let last: { readonly fact: OrderFilled; readonly row: PositionRow | undefined; readonly booked: Booked } | undefined;

/** The position a fill meets and the one it leaves; the profit of `after` is this fill's own. */
export function bookFill(view: TableView, fact: OrderFilled): Booked {
  const row = view.get('positions', positionId(fact));
  if (last && last.fact === fact && last.row === row) return last.booked;
  const before = row ? { quantity: row.quantity, cost: row.cost, realizedPnl: '0' } : FLAT;
  const multiplier = multiplierOf(fact.symbol);
  const booked = { before, after: applyFill(before, fact, multiplier), multiplier };
  last = { fact, row, booked };
  return booked;
}

export const fills: Projection = {
  name: 'fills',
  version: 1,
  on: ['order.filled'],
  apply(view, record) {
    const fact = record.message as OrderFilled;
    const at = fact.at ?? record.recordedAt;
    const { accountId, symbol } = fact;
    const { after } = bookFill(view, fact);
    view.put('fills', {
      id: fact.executionId,
      sequence: record.sequence,
      orderId: fact.orderId,
      traderId: fact.traderId,
      accountId,
      symbol,
      side: fact.side,
      quantity: fact.quantity,
      price: fact.price,
      commission: fact.commission,
      realizedPnl: after.realizedPnl,
      at,
    });
    view.put('positions', {
      id: positionId(fact),
      accountId,
      symbol,
      quantity: after.quantity,
      cost: after.cost,
      open: after.quantity !== '0',
      updatedAt: at,
    });
  },
};
