/** The life of an order in messages: asked for, gated, intended, sent, filled or ended otherwise. */
import { z } from 'zod';
import { ORDER_ENDS, SIDES } from '../domain/order.ts';
import { decimalText, denial, GATES, orderTicket, orderView, quoteView, SCOPES } from './common.ts';
import { answer, command, fact, query, reply } from './define.ts';

export const OrderSubmit = command(
  'order.submit',
  { ticket: orderTicket, quote: quoteView.optional() },
  { reply: 'order.answered' },
);
export type OrderSubmit = z.infer<typeof OrderSubmit.schema>;

/** Answered at once when `wait` is false; else when the order has filled, rests, waits for a person, or has ended. */
export const OrderGet = query('order.get', { orderId: z.string(), wait: z.boolean() }, { reply: 'order.answered' });
export type OrderGet = z.infer<typeof OrderGet.schema>;

/** `order` is null when no open order has that id. */
export const OrderAnswered = reply('order.answered', { orderId: z.string(), order: orderView.nullable() });
export type OrderAnswered = z.infer<typeof OrderAnswered.schema>;

/** Always passes, in every halt; goes in the control lane. */
export const OrderCancel = command(
  'order.cancel',
  { orderId: z.string(), by: z.string(), reason: z.string() },
  { reply: 'order.cancel-answered', control: true },
);
export type OrderCancel = z.infer<typeof OrderCancel.schema>;

export const OrderCancelAnswered = reply('order.cancel-answered', {
  orderId: z.string(),
  outcome: z.enum(['canceled', 'already-ended', 'not-found', 'unresolved']),
  order: orderView.nullable(),
});
export type OrderCancelAnswered = z.infer<typeof OrderCancelAnswered.schema>;

/** Reconciliation saw it otherwise at the venue, which is asked about it. */
export const OrderReconcile = command('order.reconcile', { orderId: z.string(), reason: z.string() });
export type OrderReconcile = z.infer<typeof OrderReconcile.schema>;

/**
 * Which orders have not ended in a scope (see halt.ts). `handedOver`: only those that a venue has or may have. `requestId` comes
 * back with the answer, so that an asker with many entities knows which of them asked.
 */
export const OrdersOpen = query(
  'orders.open',
  { requestId: z.string(), scope: z.enum(SCOPES), targetId: z.string().optional(), handedOver: z.boolean() },
  // Part of a stop's receipt: it must not be refused because too many orders wait.
  { reply: 'orders.open-answered', control: true },
);
export type OrdersOpen = z.infer<typeof OrdersOpen.schema>;
export const OrdersOpenAnswered = reply('orders.open-answered', {
  requestId: z.string(),
  orderIds: z.array(z.string()),
});
export type OrdersOpenAnswered = z.infer<typeof OrdersOpenAnswered.schema>;

/** About a held order; `quote` is the market at that moment. */
export const orderDecision = z.object({
  decision: z.enum(['approved', 'rejected', 'expired']),
  by: z.string(),
  reason: z.string().optional(),
  quote: quoteView.optional(),
});
export type OrderDecision = z.infer<typeof orderDecision>;

/** What oversight decided about a held order. */
export const OrderDecided = command('order.decided', {
  orderId: z.string(),
  requestId: z.string(),
  ...orderDecision.shape,
});
export type OrderDecided = z.infer<typeof OrderDecided.schema>;

/** The turn between the intent's commit and the hand-over; `haltId` names a halt that covers the order now. */
export const OrderRelease = command('order.release', {
  orderId: z.string(),
  traderId: z.string(),
  accountId: z.string(),
  exit: z.boolean(),
  /** Risk has seen, while only reduction passed, that it only reduces. */
  reduces: z.boolean(),
  haltId: z.string().optional(),
});
export type OrderRelease = z.infer<typeof OrderRelease.schema>;

export const fill = z.object({
  executionId: z.string(),
  quantity: decimalText,
  price: decimalText,
  commission: decimalText,
});
export type Fill = z.infer<typeof fill>;

/** What a venue says of one order. `absent`: it certainly never had it. `unresolved`: nobody can tell (time-out, 5xx). */
export const VenueReported = answer('venue.reported', {
  orderId: z.string(),
  status: z.enum(['accepted', 'filled', 'canceled', 'expired', 'rejected', 'absent', 'unresolved', 'cancel-rejected']),
  fills: z.array(fill),
  reason: z.string().optional(),
  /** With `unresolved`: the venue has answered that it does not find the order, and can't tell whether it ever had it. */
  notFound: z.literal(true).optional(),
  /** When it was asked, at least so long had gone by since the order was handed over last. Absent in news that nobody asked for. */
  sinceSentMs: z.number().optional(),
  /** So long the venue took to answer. */
  tookMs: z.number().optional(),
  /** So many of its fills were known to whoever asked. */
  fillsKnown: z.number().int().optional(),
});
export type VenueReported = z.infer<typeof VenueReported.schema>;

/** What a gate says of the order in whose record it stands. Records of before this was told apart repeat the order's id in each. */
const gateVerdict = z.object({
  gate: z.enum(GATES),
  allowed: z.boolean(),
  denial: denial.optional(),
  /** What was set aside for the order, in account currency. */
  reserved: decimalText.optional(),
  /** Risk only, while only reduction passes: the order reduces, whatever of the working ones fills. */
  reduces: z.literal(true).optional(),
  /** Oversight only: a person has to decide first. */
  held: z.object({ requestId: z.string(), reason: z.string(), requestedAt: z.number() }).optional(),
});
export type GateVerdict = z.infer<typeof gateVerdict>;
export const GateAnswered = reply('gate.answered', { orderId: z.string(), ...gateVerdict.shape });
export type GateAnswered = z.infer<typeof GateAnswered.schema>;

export const OrderSubmitted = fact('order.submitted', {
  ticket: orderTicket,
  amount: decimalText,
  quote: quoteView.optional(),
  /** What was asked for, when the ticket is a varied one. */
  base: z.object({ quantity: decimalText, price: decimalText, stopPrice: decimalText.optional() }).optional(),
});
export type OrderSubmitted = z.infer<typeof OrderSubmitted.schema>;

/** All gates but the person have said yes; a person decides. */
export const OrderHeld = fact('order.held', {
  ticket: orderTicket,
  requestId: z.string(),
  gates: z.array(gateVerdict),
});
export type OrderHeld = z.infer<typeof OrderHeld.schema>;

/** All gates have said yes to exactly this ticket; the request may leave once this is durable. */
export const OrderIntended = fact('order.intended', {
  ticket: orderTicket,
  gates: z.array(gateVerdict),
  approvedBy: z.string().optional(),
});
export type OrderIntended = z.infer<typeof OrderIntended.schema>;

export const OrderSent = fact('order.sent', { orderId: z.string(), traderId: z.string(), accountId: z.string() });
export type OrderSent = z.infer<typeof OrderSent.schema>;

export const OrderWorking = fact('order.working', { orderId: z.string(), traderId: z.string() });
export type OrderWorking = z.infer<typeof OrderWorking.schema>;

/** Of the order: whoever looks for it at its venue need not look before. Records of before it was told are without. */
const submittedAt = z.number().optional();
/** So many of its fills are known when the venue is asked. Records of before it was told are without. */
const fillsKnown = z.number().int().optional();

export const OrderCancelRequested = fact('order.cancel-requested', {
  orderId: z.string(),
  traderId: z.string(),
  by: z.string(),
  reason: z.string(),
  submittedAt,
  fillsKnown,
});
export type OrderCancelRequested = z.infer<typeof OrderCancelRequested.schema>;

export const OrderUnresolved = fact('order.unresolved', {
  orderId: z.string(),
  traderId: z.string(),
  reason: z.string(),
});
export type OrderUnresolved = z.infer<typeof OrderUnresolved.schema>;

/** The venue is asked what it knows of the order. */
export const OrderLookupRequested = fact('order.lookup-requested', {
  orderId: z.string(),
  traderId: z.string(),
  reason: z.string(),
  submittedAt,
  fillsKnown,
});
export type OrderLookupRequested = z.infer<typeof OrderLookupRequested.schema>;

/** A fill of an order that has ended; whoever tells has made sure that its execution id is new. It is booked, the end stays. */
export const OrderBookLateFill = command(
  'order.book-late-fill',
  { orderId: z.string(), ticket: orderTicket, fill },
  { reply: 'order.answered' },
);
export type OrderBookLateFill = z.infer<typeof OrderBookLateFill.schema>;

/** One execution. `end` is true when nothing is left: then no `order.ended` follows. `late`: the order had ended or was unknown. */
export const OrderFilled = fact('order.filled', {
  orderId: z.string(),
  traderId: z.string(),
  accountId: z.string(),
  symbol: z.string(),
  side: z.enum(SIDES),
  executionId: z.string(),
  quantity: decimalText,
  price: decimalText,
  commission: decimalText,
  filledQuantity: decimalText,
  leavesQuantity: decimalText,
  averagePrice: decimalText,
  end: z.boolean(),
  late: z.boolean().optional(),
  /** Made by reconciliation so that our books hold what the venue holds; nobody reported it. */
  synthetic: z.literal(true).optional(),
});
export type OrderFilled = z.infer<typeof OrderFilled.schema>;

/** Every end but a complete fill. */
export const OrderEnded = fact('order.ended', {
  orderId: z.string(),
  traderId: z.string(),
  accountId: z.string(),
  symbol: z.string(),
  end: z.enum(ORDER_ENDS),
  filledQuantity: z.string(),
  denial: denial.optional(),
  reason: z.string().optional(),
  by: z.string().optional(),
});
export type OrderEnded = z.infer<typeof OrderEnded.schema>;

export const orderMessages = [
  OrderSubmit,
  OrderGet,
  OrderAnswered,
  OrderCancel,
  OrderCancelAnswered,
  OrderReconcile,
  OrdersOpen,
  OrdersOpenAnswered,
  OrderDecided,
  OrderRelease,
  VenueReported,
  GateAnswered,
  OrderSubmitted,
  OrderHeld,
  OrderIntended,
  OrderSent,
  OrderWorking,
  OrderCancelRequested,
  OrderUnresolved,
  OrderLookupRequested,
  OrderBookLateFill,
  OrderFilled,
  OrderEnded,
];
