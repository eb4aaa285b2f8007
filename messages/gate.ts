/** What the order asks its gates. Each answers `gate.answered`, at once, and idempotently by order id. */
import { z } from 'zod';
import { decimalText, orderTicket, quoteView } from './common.ts';
import { command, query } from './define.ts';

const request = { orderId: z.string(), ticket: orderTicket, amount: decimalText, quote: quoteView.optional() };

export const HaltCheck = query('halt.check', request, { reply: 'gate.answered' });
export type HaltCheck = z.infer<typeof HaltCheck.schema>;
export const ComplianceCheck = command('compliance.check', request, { reply: 'gate.answered' });
export type ComplianceCheck = z.infer<typeof ComplianceCheck.schema>;
export const RiskReserve = command('risk.reserve', request, { reply: 'gate.answered' });
export type RiskReserve = z.infer<typeof RiskReserve.schema>;
/** `approved`: a person has allowed it to go beyond the monthly budget. */
export const QuotaReserve = command('quota.reserve', { ...request, approved: z.boolean() }, { reply: 'gate.answered' });
export type QuotaReserve = z.infer<typeof QuotaReserve.schema>;
export const OversightReview = command('oversight.review', request, { reply: 'gate.answered' });
export type OversightReview = z.infer<typeof OversightReview.schema>;

export const gateMessages = [HaltCheck, ComplianceCheck, RiskReserve, QuotaReserve, OversightReview];
