/** Oversight: a person decides about what is above the autonomous threshold. Bound to what was shown, expiring, exactly once. */
import { z } from 'zod';
import { decimalText, orderTicket, safeText } from './common.ts';
import { command, fact, query, reply } from './define.ts';
import { orderDecision } from './order.ts';

export const approvalRequest = z.object({
  requestId: z.string(),
  orderId: z.string(),
  traderId: z.string(),
  ticket: orderTicket,
  amount: decimalText,
  reason: z.string(),
  priority: z.enum(['medium', 'high']),
  /** SHA-256 over trader, symbol, side, quantity, price band and policy version. */
  contentHash: z.string(),
  shownPrice: decimalText,
  band: z.object({ low: decimalText, high: decimalText }),
  expiresAt: z.number(),
});
export type ApprovalRequest = z.infer<typeof approvalRequest>;

/** `ifMatch`: the hash the person saw; absent: what is pending now counts. */
export const ApprovalApprove = command(
  'approval.approve',
  {
    requestId: z.string(),
    by: safeText,
    comment: safeText.optional(),
    ifMatch: z.string().optional(),
  },
  { reply: 'approval.answered' },
);
export type ApprovalApprove = z.infer<typeof ApprovalApprove.schema>;
export const ApprovalReject = command(
  'approval.reject',
  { requestId: z.string(), by: safeText, reason: safeText },
  { reply: 'approval.answered' },
);
export type ApprovalReject = z.infer<typeof ApprovalReject.schema>;
export const ApprovalAnswered = reply('approval.answered', {
  requestId: z.string(),
  outcome: z.enum(['approved', 'rejected', 'already-processed', 'not-found', 'stale', 'hash-mismatch', 'four-eyes']),
  orderId: z.string().optional(),
  traderId: z.string().optional(),
  currentStatus: z.enum(['pending', 'approved', 'rejected', 'expired']).optional(),
  processedAt: z.number().optional(),
  shown: decimalText.optional(),
  now: decimalText.optional(),
  band: z.object({ low: decimalText, high: decimalText }).optional(),
});
export type ApprovalAnswered = z.infer<typeof ApprovalAnswered.schema>;

/** A held order asks what became of its request, in case that it was told and could not take it. Never makes a request. */
export const ApprovalRecall = query(
  'approval.recall',
  { requestId: z.string(), orderId: z.string() },
  { reply: 'approval.recalled' },
);
export type ApprovalRecall = z.infer<typeof ApprovalRecall.schema>;
/** Without `decided` a person still has to decide, or the request is not `known`. */
export const ApprovalRecalled = reply('approval.recalled', {
  requestId: z.string(),
  orderId: z.string(),
  known: z.boolean(),
  decided: orderDecision.optional(),
});
export type ApprovalRecalled = z.infer<typeof ApprovalRecalled.schema>;

export const ApprovalRequested = fact('approval.requested', approvalRequest.shape);
export type ApprovalRequested = z.infer<typeof ApprovalRequested.schema>;
export const ApprovalDecided = fact('approval.decided', {
  requestId: z.string(),
  orderId: z.string(),
  traderId: z.string(),
  decision: z.enum(['approved', 'rejected', 'expired']),
  by: z.string(),
  comment: z.string().optional(),
  reason: z.string().optional(),
});
export type ApprovalDecided = z.infer<typeof ApprovalDecided.schema>;
/** The price left its band before the decision; the request stays pending at the new price with a new hash. */
export const ApprovalRepriced = fact('approval.repriced', {
  requestId: z.string(),
  shownPrice: decimalText,
  band: z.object({ low: decimalText, high: decimalText }),
  contentHash: z.string(),
});
export type ApprovalRepriced = z.infer<typeof ApprovalRepriced.schema>;

export const approvalMessages = [
  ApprovalApprove,
  ApprovalReject,
  ApprovalAnswered,
  ApprovalRecall,
  ApprovalRecalled,
  ApprovalRequested,
  ApprovalDecided,
  ApprovalRepriced,
];
