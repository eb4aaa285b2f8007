/** What has happened in a world, as the rare situations are looked for in it: each order's way so far, halts in force, epochs. */
import type { VenueCall } from '../../adapters/paper/calls.ts';
import type { CheckedAnswer, CheckedRecord, Rest } from '../checkers/checker.ts';
import { type Fact, factOf, happenedAt } from '../checkers/folds/facts.ts';
import { HaltsFold } from '../checkers/folds/halts.ts';
import { type FoldedOrder, OrdersFold } from '../checkers/folds/orders.ts';
import type { HeardMessage } from '../socket-line.ts';

/** One record, with everything as it was just before it. */
export interface Moment {
  readonly record: CheckedRecord;
  readonly fact: Fact;
  readonly at: number;
  /** Epoch of the record before. */
  readonly epochBefore: number;
  readonly orders: OrdersFold;
  readonly halts: HaltsFold;
  /** The order that the record is about, as it was before; absent when it is about none. */
  readonly order: FoldedOrder | undefined;
}

/** A finished world. */
export interface Finished {
  readonly rest: Rest;
  readonly answers: readonly CheckedAnswer[];
  /** On sockets, in order. */
  readonly messages: readonly Pick<HeardMessage, 'who' | 'text'>[];
  readonly faults: Readonly<Record<string, number>>;
  readonly callsOf: ReadonlyMap<string, readonly VenueCall[]>;
}

export function groupCalls(calls: readonly VenueCall[]): ReadonlyMap<string, readonly VenueCall[]> {
  const groups = new Map<string, VenueCall[]>();
  for (const call of calls) {
    const known = groups.get(call.clientOrderId);
    if (known) known.push(call);
    else groups.set(call.clientOrderId, [call]);
  }
  return groups;
}

const orderIdIn = (fact: Fact): string | undefined =>
  'ticket' in fact ? fact.ticket.orderId : 'orderId' in fact ? fact.orderId : undefined;

/** Tells every moment in the order of the journal. */
export function walk(records: readonly CheckedRecord[], tell: (moment: Moment) => void): void {
  const orders = new OrdersFold();
  const halts = new HaltsFold();
  let epochBefore = 0;
  for (const record of records) {
    const fact = factOf(record);
    const orderId = orderIdIn(fact);
    const order = orderId === undefined ? undefined : orders.all.get(orderId);
    tell({ record, fact, at: happenedAt(record), epochBefore, orders, halts, order });
    orders.apply(record);
    halts.apply(record);
    epochBefore = record.epoch;
  }
}
