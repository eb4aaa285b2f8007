/** Oversight requests: what a person was shown, and what was decided. */
import type { ApprovalDecided, ApprovalRepriced, ApprovalRequested } from '../messages/approval.ts';
import type { Projection } from './projection.ts';

export const approvals: Projection = {
  name: 'approvals',
  version: 1,
  on: ['approval.requested', 'approval.decided', 'approval.repriced'],
  apply(view, record) {
    const fact = record.message as ApprovalRequested | ApprovalDecided | ApprovalRepriced;
    const at = fact.at ?? record.recordedAt;
    if (fact.type === 'approval.requested') {
      const { ticket } = fact;
      return view.put('approvals', {
        id: fact.requestId,
        sequence: record.sequence,
        orderId: fact.orderId,
        traderId: fact.traderId,
        userId: ticket.userId,
        symbol: ticket.symbol,
        side: ticket.side,
        quantity: ticket.quantity,
        price: fact.shownPrice,
        amount: fact.amount,
        reason: fact.reason,
        priority: fact.priority,
        status: 'pending',
        contentHash: fact.contentHash,
        bandLow: fact.band.low,
        bandHigh: fact.band.high,
        createdAt: at,
        expiresAt: fact.expiresAt,
        decidedBy: null,
        decidedAt: null,
        comment: null,
      });
    }
    const row = view.get('approvals', fact.requestId);
    if (row?.status !== 'pending') return;
    if (fact.type === 'approval.repriced') {
      const { shownPrice: price, band, contentHash } = fact;
      view.put('approvals', { ...row, price, bandLow: band.low, bandHigh: band.high, contentHash });
    } else {
      const comment = fact.comment ?? fact.reason ?? null;
      view.put('approvals', { ...row, status: fact.decision, decidedBy: fact.by, decidedAt: at, comment });
    }
  },
};
