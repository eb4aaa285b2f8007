/**
 * The house's books held against the venue's: asked at an interval, at a start, and when somebody wants it. What differs twice in a
 * row is a finding, and is recorded with what became of it.
 */
import { z } from 'zod';
import { SIDES } from '../domain/order.ts';
import { decimalText, safeText } from './common.ts';
import { answer, command, fact, query, reply } from './define.ts';

/** An order that is open at the venue and not in our books. `ours`: it was, and has ended there. */
const externalOrder = z.object({
  clientOrderId: safeText,
  accountId: safeText,
  symbol: safeText,
  side: z.enum(SIDES),
  leavesQuantity: decimalText,
  price: decimalText,
  ours: z.boolean(),
});
export type ExternalOrder = z.infer<typeof externalOrder>;

/** What is held of one symbol, in our books and at the venue; quantities are signed. */
const positionDifference = z.object({
  accountId: safeText,
  symbol: safeText,
  ownQuantity: decimalText,
  ownAveragePrice: decimalText,
  venueQuantity: decimalText,
  venueAveragePrice: decimalText,
});
export type PositionDifference = z.infer<typeof positionDifference>;

/** An open order of ours that the venue tells otherwise: it has ended there, or has fills that we have not heard of. */
const orderDifference = z.object({ orderId: z.string(), what: z.enum(['not-open', 'fills']) });
export type OrderDifference = z.infer<typeof orderDifference>;

/** An account's cash, in our books and at the venue: paid in, with realised profit, less fees. */
const cashDifference = z.object({ accountId: safeText, ownAmount: decimalText, venueAmount: decimalText });
export type CashDifference = z.infer<typeof cashDifference>;

const differences = {
  orders: z.array(orderDifference),
  positions: z.array(positionDifference),
  external: z.array(externalOrder),
};

/** Looks now, or at the next occasion while a look is under way. Answered at once with what is known so far; the result comes as a fact. */
export const ReconciliationRun = command(
  'reconciliation.run',
  { why: z.enum(['interval', 'asked']), by: safeText },
  { reply: 'reconciliation.answered' },
);
export type ReconciliationRun = z.infer<typeof ReconciliationRun.schema>;
export const ReconciliationGet = query('reconciliation.get', {}, { reply: 'reconciliation.answered' });
export type ReconciliationGet = z.infer<typeof ReconciliationGet.schema>;

export const RECONCILIATION_OUTCOMES = ['agrees', 'differs', 'unknown'] as const;
const outcome = z.enum(RECONCILIATION_OUTCOMES);

/** `outcome` and the times are null before the first comparison; times are market time in epoch milliseconds. */
export const ReconciliationAnswered = reply('reconciliation.answered', {
  cycle: z.number().int(),
  venue: z.string(),
  underWay: z.boolean(),
  outcome: outcome.nullable(),
  reason: z.string().nullable(),
  askedAt: z.number().nullable(),
  comparedAt: z.number().nullable(),
  /** Cycles in a row in which the venue could not tell. */
  unansweredInARow: z.number().int(),
  compared: z.object({ orders: z.number().int(), positions: z.number().int(), skipped: z.number().int() }),
  /** Differences seen once, to be looked at again. */
  suspected: z.array(z.string()),
  external: z.array(externalOrder),
  findings: z.number().int(),
  /** Cash that differs by more than the tolerance, as it was last announced. */
  cash: z.array(cashDifference),
});
export type ReconciliationAnswered = z.infer<typeof ReconciliationAnswered.schema>;

export const ReconciliationRequested = fact('reconciliation.requested', {
  cycle: z.number().int(),
  why: z.enum(['start', 'interval', 'confirm', 'asked']),
  by: z.string().optional(),
});
export type ReconciliationRequested = z.infer<typeof ReconciliationRequested.schema>;

/** What the comparison found; `failed` instead when the books could not be compared: then nothing is known, least of all "nothing". */
export const BooksCompared = answer('books.compared', {
  cycle: z.number().int(),
  failed: z.string().optional(),
  /** When reading began and ended, by a clock that nobody puts forward or back, in milliseconds. */
  readFromMs: z.number(),
  readToMs: z.number(),
  compared: z.object({ orders: z.number().int(), positions: z.number().int(), skipped: z.number().int() }),
  ...differences,
  /** Absent where the venue tells of no cash. `skipped`: accounts about which this look says nothing. */
  cash: z
    .object({ differing: z.array(cashDifference), judged: z.number().int(), skipped: z.array(safeText) })
    .optional(),
});
export type BooksCompared = z.infer<typeof BooksCompared.schema>;

/** Recorded with each finding, and when the outcome changes. */
export const ReconciliationConcluded = fact('reconciliation.concluded', {
  cycle: z.number().int(),
  venue: z.string(),
  outcome,
  reason: z.string().optional(),
  /** `high`: long became short or the other way round, or an ended order of ours is open. */
  severity: z.enum(['none', 'normal', 'high']),
  ...differences,
  /** Nothing follows from these but that somebody is told: no book is changed and no account halted. Absent: none. */
  cash: z.array(cashDifference).optional(),
});
export type ReconciliationConcluded = z.infer<typeof ReconciliationConcluded.schema>;

/** Counts in the exposure of its account from here on; said again when it changes. One of ours is cancelled at the venue, and said with each look until it is gone. */
export const OrderExternalFound = fact('order.external-found', externalOrder.shape);
export type OrderExternalFound = z.infer<typeof OrderExternalFound.schema>;
export const OrderExternalGone = fact('order.external-gone', { clientOrderId: safeText, accountId: safeText });
export type OrderExternalGone = z.infer<typeof OrderExternalGone.schema>;

export const reconciliationMessages = [
  ReconciliationRun,
  ReconciliationGet,
  ReconciliationAnswered,
  ReconciliationRequested,
  BooksCompared,
  ReconciliationConcluded,
  OrderExternalFound,
  OrderExternalGone,
];
