/**
 * What each trader has used of its quotas: what was cleared counts at once with what was reserved, in the UTC day and month in which
 * it was cleared first; at its end it counts with its fills, and not at all without one.
 */
import { type Exact, exact } from '../../../domain/decimal.ts';
import type { OrderTicket } from '../../../messages/common.ts';
import type { OrderEnded, OrderFilled, OrderHeld, OrderIntended } from '../../../messages/order.ts';
import type { QuotaWarned } from '../../../messages/quota.ts';
import type { CheckedRecord, Fold } from '../checker.ts';
import { multiplierOf, ZERO } from './accounts.ts';
import { Again } from './again.ts';
import { type Fact, factOf, happenedAt } from './facts.ts';

const DAY_MS = 86_400_000;

export const dayOf = (at: number): number => at - (at % DAY_MS);
export function monthOf(at: number): number {
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
}

export interface Taken {
  readonly day: number;
  readonly month: number;
  amount: Exact;
  budgeted: boolean;
  filled: Exact;
  /** Goes through its gates again: what it will count with is not known. */
  again: boolean;
}

export interface Used {
  trades: number;
  volume: Exact;
}

export interface TraderQuota {
  readonly traderId: string;
  readonly budget: string;
  readonly days: Map<number, Used>;
  readonly months: Map<number, Exact>;
  readonly orders: Map<string, Taken>;
  /** Highest threshold announced, by quota and period. */
  readonly warned: Map<string, number>;
  /** The newest day that the trader's messages have told of: quotas never step back. */
  day: number;
  /** An end counted more than was reserved. */
  dearer: number;
  /** An order was submitted in one day and cleared in another: nobody can tell in which it counts. */
  ambiguous: boolean;
  terminated: boolean;
}

interface Asked {
  readonly at: number;
  /** No gate has decided before this record. */
  since: number;
}

/** Told of each order as it takes its quota: the trader's quotas then are as they have become. */
export type OnTaken = (
  quota: TraderQuota,
  order: { readonly orderId: string; readonly since: number },
  taken: Taken,
  record: CheckedRecord,
) => void;

export class QuotasFold implements Fold {
  readonly takes = [
    'trader.created',
    'trader.terminated',
    'order.submitted',
    'approval.decided',
    'order.held',
    'order.intended',
    'order.filled',
    'order.ended',
    'quota.warned',
  ] as const;
  readonly traders = new Map<string, TraderQuota>();
  private readonly asked = new Map<string, Asked>();
  private readonly again = new Again();
  /** Sequence of the last record that changes a quota when it is read. */
  lastSequence = 0;

  private readonly listeners: OnTaken[] = [];

  listen(listener: OnTaken): void {
    this.listeners.push(listener);
  }

  apply(record: CheckedRecord) {
    const fact = factOf(record);
    this.read(fact, record);
    const again = this.again.begins(fact);
    if (again) this.askAgain(again.orderId, again.traderId, record.sequence);
  }

  private read(fact: Fact, record: CheckedRecord) {
    switch (fact.type) {
      case 'trader.created':
        this.lastSequence = record.sequence;
        this.traders.set(fact.traderId, newQuota(fact.traderId, exact(fact.config.budget).toFixed()));
        return;
      case 'trader.terminated': {
        const quota = this.traders.get(fact.traderId);
        if (quota) quota.terminated = true;
        return;
      }
      case 'order.submitted':
        this.asked.set(fact.ticket.orderId, { at: happenedAt(record), since: record.sequence });
        return;
      case 'order.held':
      case 'order.intended':
        return this.take(fact, record);
      case 'order.filled':
      case 'order.ended':
        return this.moveOn(fact, record);
      case 'quota.warned':
        this.warn(fact, happenedAt(record));
    }
  }

  private askAgain(orderId: string, traderId: string, sequence: number) {
    const asked = this.asked.get(orderId);
    if (asked) asked.since = sequence;
    const quota = this.traders.get(traderId);
    const taken = quota?.orders.get(orderId);
    if (!quota || !taken) return;
    count(quota, taken, taken.amount.negated(), 0);
    taken.amount = ZERO;
    taken.again = true;
  }

  private take(fact: OrderHeld | OrderIntended, record: CheckedRecord) {
    const { orderId, traderId, side, exit } = fact.ticket;
    const quota = this.traders.get(traderId);
    const asked = this.asked.get(orderId);
    const reserved = fact.gates.find(({ gate, allowed }) => gate === 'quota' && allowed)?.reserved;
    if (!quota || !asked || reserved === undefined || exit) return;
    const at = happenedAt(record);
    quota.day = Math.max(quota.day, dayOf(at));
    const known = quota.orders.get(orderId);
    if (known && !known.again) return;
    if (!known && dayOf(asked.at) !== dayOf(at)) {
      quota.ambiguous = true;
      return;
    }
    const taken = known ?? {
      day: quota.day,
      month: monthOf(quota.day),
      amount: ZERO,
      budgeted: false,
      filled: ZERO,
      again: false,
    };
    // A person decides about what is held: no autonomous budget is used for it.
    taken.budgeted = side === 'buy' && fact.type === 'order.intended' && fact.approvedBy === undefined;
    taken.amount = countsWith(fact.ticket, reserved);
    taken.again = false;
    quota.orders.set(orderId, taken);
    count(quota, taken, taken.amount, known ? 0 : 1);
    for (const tell of this.listeners) tell(quota, { orderId, since: asked.since }, taken, record);
  }

  private moveOn(fact: OrderFilled | OrderEnded, record: CheckedRecord) {
    const { orderId, traderId } = fact;
    const quota = this.traders.get(traderId);
    const taken = quota?.orders.get(orderId);
    const isEnd = fact.type === 'order.ended' || fact.end;
    if (isEnd) this.asked.delete(orderId);
    if (!quota || !taken) return;
    this.lastSequence = record.sequence;
    quota.day = Math.max(quota.day, dayOf(happenedAt(record)));
    if (fact.type === 'order.filled') {
      const { quantity, price, symbol } = fact;
      taken.filled = taken.filled.plus(exact(quantity).times(price).times(multiplierOf(symbol)));
    }
    if (!isEnd) return;
    quota.orders.delete(orderId);
    if (taken.filled.greaterThan(taken.amount)) quota.dearer = record.sequence;
    count(quota, taken, taken.filled.minus(taken.amount), taken.filled.isZero() ? -1 : 0);
  }

  private warn({ traderId, quota, threshold }: QuotaWarned, at: number) {
    const trader = this.traders.get(traderId);
    if (!trader) return;
    const key = warnedKey(quota, quota === 'monthly.budget' ? monthOf(at) : dayOf(at));
    trader.warned.set(key, Math.max(threshold, trader.warned.get(key) ?? 0));
  }
}

/** A gate that sets aside less than the order is worth at its own price is not believed. */
function countsWith({ quantity, price, symbol }: OrderTicket, reserved: string): Exact {
  const worth = exact(quantity).times(price).times(multiplierOf(symbol));
  return worth.greaterThan(reserved) ? worth : exact(reserved);
}

export const warnedKey = (quota: QuotaWarned['quota'], period: number): string => `${quota}/${period}`;

/** What a trader has used in a day. */
export function usedOn(quota: TraderQuota, day: number): Used {
  let used = quota.days.get(day);
  if (!used) {
    used = { trades: 0, volume: ZERO };
    quota.days.set(day, used);
  }
  return used;
}

function count(quota: TraderQuota, { day, month, budgeted }: Taken, amount: Exact, trades: number): void {
  const used = usedOn(quota, day);
  used.trades += trades;
  used.volume = used.volume.plus(amount);
  if (budgeted) quota.months.set(month, (quota.months.get(month) ?? ZERO).plus(amount));
}

function newQuota(traderId: string, budget: string): TraderQuota {
  return {
    traderId,
    budget,
    days: new Map(),
    months: new Map(),
    orders: new Map(),
    warned: new Map(),
    day: 0,
    dearer: 0,
    ambiguous: false,
    terminated: false,
  };
}
