/**
 * Our books follow the venue: for each finding a halt that lets only reduction pass, synthetic fills, and the exposure of orders that
 * are not in our books. All are facts of one turn, so that none is ever without the others.
 */

import { traderOf } from '../../domain/account.ts';
import { exact, text } from '../../domain/decimal.ts';
import { derivedUuid } from '../../domain/derived-id.ts';
import type { TradingHalted } from '../../messages/halt.ts';
import type { OrderFilled } from '../../messages/order.ts';
import type {
  ExternalOrder,
  OrderExternalFound,
  OrderExternalGone,
  PositionDifference,
} from '../../messages/reconciliation.ts';
import type { Emit } from '../../runtime/logic.ts';
import type { Findings } from './findings.ts';
import { syntheticFills } from './synthetic.ts';

/** In whose name reconciliation halts. */
export const RECONCILIATION = 'reconciliation';

/** Ids follow from the finding: the same one can't be booked twice, and another one never has the same. */
function book(difference: PositionDifference, cycle: number, emit: Emit): void {
  const { accountId, symbol } = difference;
  const orderId = `external-${derivedUuid(RECONCILIATION, accountId, symbol, cycle)}`;
  for (const [index, { side, quantity, price }] of syntheticFills(difference).entries()) {
    const fact: OrderFilled = {
      ...{
        type: 'order.filled',
        orderId,
        traderId: traderOf(accountId) ?? 'external',
        accountId,
        symbol,
        side,
        quantity,
        price,
      },
      ...{ executionId: `${orderId}-${index + 1}`, commission: '0', filledQuantity: quantity, leavesQuantity: '0' },
      ...{ averagePrice: price, end: false, late: true, synthetic: true },
    };
    emit(fact);
  }
}

function reasonOf({ symbol, ownQuantity, venueQuantity }: PositionDifference): string {
  const off = text(exact(venueQuantity).minus(ownQuantity));
  return `${symbol}: the venue holds ${venueQuantity}, our books ${ownQuantity} (${off} more); only what reduces passes`;
}

/** `unchanged`: announced orders that are still open. `halted`: accounts that reconciliation has halted already. */
export function adopt(
  { positions, external, gone }: Findings,
  unchanged: readonly ExternalOrder[],
  cycle: number,
  halted: ReadonlySet<string>,
  emit: Emit,
) {
  const reasons = new Map<string, string>();
  for (const difference of positions) {
    const { accountId } = difference;
    if (!reasons.has(accountId)) reasons.set(accountId, reasonOf(difference));
  }
  for (const { accountId, ours, clientOrderId } of external)
    if (ours && !reasons.has(accountId))
      reasons.set(
        accountId,
        `order ${clientOrderId} has ended with us and is open at the venue; only what reduces passes`,
      );
  for (const [accountId, reason] of reasons) {
    if (halted.has(accountId)) continue;
    const stopId = derivedUuid(RECONCILIATION, 'halt', accountId, cycle);
    const halt: TradingHalted = {
      ...{ type: 'trading.halted', stopId, scope: 'account', targetId: accountId, mode: 'reduce' },
      ...{ reason, by: RECONCILIATION },
    };
    emit(halt);
  }
  for (const difference of positions) book(difference, cycle, emit);
  // A cancel that got no answer has perhaps done nothing: while one of ours is open, it is told and so cancelled with each look.
  for (const order of [...external, ...unchanged.filter(({ ours }) => ours)]) {
    const found: OrderExternalFound = { type: 'order.external-found', ...order };
    emit(found);
  }
  for (const { clientOrderId, accountId } of gone) {
    const left: OrderExternalGone = { type: 'order.external-gone', clientOrderId, accountId };
    emit(left);
  }
}
