/**
 * Each order's way, told from records alone: what was asked, what the gates said, what the venue did, and why it ended as it did.
 * Shares no code with the order machine, so that the page shows what is on record and not what should be.
 */
import type {
  GateAnswered,
  OrderEnded,
  OrderFilled,
  OrderHeld,
  OrderIntended,
  OrderSubmitted,
} from '../../messages/order.ts';
import type { RecordedFact } from '../recording.ts';
import { gatesBefore } from './gate-of.ts';

export interface Step {
  readonly atMs: number;
  readonly sequence: number;
  readonly type: string;
  readonly what: string;
}

export interface Journey {
  readonly orderId: string;
  readonly traderId: string;
  /** `buy 10 AAPL at market`. */
  readonly asked: string;
  readonly startedAtMs: number;
  readonly end: string;
  readonly why: string;
  readonly steps: readonly Step[];
  /** States of the order machine that the records tell of, in order. */
  readonly states: readonly string[];
}

type Fact = { readonly type: string; readonly orderId?: string; readonly ticket?: { readonly orderId: string } };
type Draft = { -readonly [Key in keyof Journey]: Journey[Key] } & { steps: Step[]; states: string[]; fills: number };

/** Journeys in the order of their first record. An order whose submission is older than the recording has none. */
export function journeysOf(records: readonly RecordedFact[]): Journey[] {
  const drafts = new Map<string, Draft>();
  for (const record of records) {
    if (!/^(order|approval|venue)\./.test(record.type)) continue;
    const fact = JSON.parse(record.payload) as Fact;
    const orderId = fact.orderId ?? fact.ticket?.orderId;
    if (orderId === undefined) continue;
    if (record.type === 'order.submitted') drafts.set(orderId, begin(fact as OrderSubmitted, record));
    const draft = drafts.get(orderId);
    if (draft) note(draft, fact, record);
  }
  return [...drafts.values()].map(({ fills, ...journey }) => journey);
}

function begin({ ticket }: OrderSubmitted, { atMs }: RecordedFact): Draft {
  const price = ticket.orderType === 'market' ? 'at market' : `${ticket.orderType} ${ticket.price}`;
  return {
    orderId: ticket.orderId,
    traderId: ticket.traderId,
    asked: `${ticket.side} ${ticket.quantity} ${ticket.symbol} ${price}${ticket.exit ? ' (exit)' : ''}`,
    startedAtMs: atMs,
    end: 'open',
    why: 'Had not ended when the recording did.',
    steps: [],
    states: ['new'],
    fills: 0,
  };
}

function note(draft: Draft, fact: Fact, { type, atMs, sequence }: RecordedFact): void {
  const tell = TELL[type];
  draft.steps.push({ atMs, sequence, type, what: tell ? tell(fact, draft) : '' });
  const state = STATE_AFTER[type];
  if (state) draft.states.push(state);
}

/** Where the order stands once a record is made. Facts that end a part of the way only name it themselves (see `passGates`). */
const STATE_AFTER: Readonly<Record<string, string>> = {
  'order.held': 'held.waiting',
  'order.intended': 'intended',
  'order.sent': 'sending',
  'order.working': 'working',
  'order.cancel-requested': 'canceling',
  'order.unresolved': 'unresolved',
  'order.lookup-requested': 'asking',
};

const TELL: Readonly<Record<string, (fact: Fact, draft: Draft) => string>> = {
  'order.submitted': (fact) => `worth ${(fact as OrderSubmitted).amount}`,
  'order.held': (fact, draft) => passGates((fact as OrderHeld).gates, draft),
  'order.intended': (fact, draft) => {
    const { gates, approvedBy } = fact as OrderIntended;
    return passGates(gates, draft) + (approvedBy === undefined ? '' : `, approved by ${approvedBy}`);
  },
  'order.filled': (fact, draft) => filled(fact as OrderFilled, draft),
  'order.ended': (fact, draft) => ended(fact as OrderEnded, draft),
};

const withoutType = (gate: Pick<GateAnswered, 'gate' | 'allowed'>): string =>
  `${gate.gate} ${gate.allowed ? 'allowed' : 'waits for a person'}`;

function passGates(gates: OrderIntended['gates'], draft: Draft): string {
  for (const { gate } of gates) draft.states.push(`gating.${gate}`);
  return gates.map(withoutType).join(', ');
}

function filled(fact: OrderFilled, draft: Draft): string {
  draft.fills += 1;
  if (fact.end) {
    draft.end = 'filled';
    draft.why = `Filled ${fact.filledQuantity} at ${fact.averagePrice} in ${draft.fills === 1 ? 'one execution' : `${draft.fills} executions`}.`;
    draft.states.push('filled');
  } else if (fact.late !== true) draft.states.push('working');
  const late = fact.late === true ? ', late: the order had ended' : '';
  return `${fact.quantity} at ${fact.price}, ${fact.leavesQuantity} left${late}`;
}

function ended({ end, denial, reason, by, filledQuantity }: OrderEnded, draft: Draft): string {
  if (denial) draft.states.push(...gatesBefore(denial));
  draft.end = end;
  const part = filledQuantity === '0' ? '' : ` ${filledQuantity} had filled.`;
  draft.why = `${denial ? `${denial.code}: ${denial.explanation}` : sentence(reason ?? end)}${by === undefined ? '' : ` By ${by}.`}${part}`;
  draft.states.push('ended');
  return denial ? `${end}, ${denial.code}` : end;
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
