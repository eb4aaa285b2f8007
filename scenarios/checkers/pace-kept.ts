/**
 * M3. Orders of one trader, and the same order again, pass as often as their windows allow: what was certainly placed within one is no
 * more than that, and nothing is refused where even every order that may have counted leaves room.
 */
import type { OrderTicket } from '../../messages/common.ts';
import type { TradingLimits } from '../../messages/limits.ts';
import type { CheckedRecord, CheckedSettings, Checker, Report } from './checker.ts';
import { factOf, happenedAt } from './folds/facts.ts';

interface Placed {
  readonly ticket: OrderTicket;
  readonly sequence: number;
  readonly at: number;
  /** Sequence of the record that says that its gates have let it pass. */
  passed: number | undefined;
}

interface Pace {
  readonly code: 'ORDER_RATE' | 'DUPLICATE_ORDER';
  readonly max: number;
  readonly windowMs: number;
  readonly counts: (other: OrderTicket) => boolean;
}

/** Gates decide about an order within seconds, after a start behind a crash too; and the rate is counted in pieces of its window. */
const DECIDED_WITHIN_MS = 60_000;
const PIECES = 20;

const isSame = (a: OrderTicket, b: OrderTicket): boolean =>
  a.symbol === b.symbol &&
  a.side === b.side &&
  Number(a.quantity) === Number(b.quantity) &&
  statedPrice(a) === statedPrice(b);

/** What a market order states may be any price. */
const statedPrice = ({ orderType, price }: OrderTicket): number | 'any' =>
  orderType === 'market' ? 'any' : Number(price);

class PaceKept implements Checker {
  readonly name = 'M3 pace kept';
  readonly takes = ['limits.changed', 'order.submitted', 'order.held', 'order.intended', 'order.ended'] as const;
  /** By trader, oldest first. */
  private readonly placed = new Map<string, Placed[]>();
  private readonly byId = new Map<string, Placed>();
  private limits: TradingLimits | undefined;
  private limitsSince = 0;
  /** A clock that was ahead has let what was old by it be forgotten, and may have been put back since. */
  private newestAt = 0;
  /** What was placed before may have been forgotten under a window that was shorter than the present one. */
  private readonly knownFrom = { ORDER_RATE: 0, DUPLICATE_ORDER: 0 };

  constructor({ limits }: CheckedSettings) {
    this.limits = limits;
  }

  onRecord(record: CheckedRecord, report: Report) {
    const fact = factOf(record);
    switch (fact.type) {
      case 'limits.changed':
        this.forget(happenedAt(record));
        this.limits = fact.limits;
        this.limitsSince = record.sequence;
        return;
      case 'order.submitted':
        return this.place(fact.ticket, record);
      case 'order.held':
      case 'order.intended':
        return this.pass(fact.ticket.orderId, record, report);
      case 'order.ended':
        if (fact.denial) this.refuse(fact.orderId, fact.denial.code, report);
        this.byId.delete(fact.orderId);
    }
  }

  private forget(at: number): void {
    const { limits, knownFrom } = this;
    if (!limits) return;
    knownFrom.ORDER_RATE = Math.max(knownFrom.ORDER_RATE, at - limits.orderRate.windowMs);
    knownFrom.DUPLICATE_ORDER = Math.max(knownFrom.DUPLICATE_ORDER, at - limits.duplicate.windowMs);
  }

  private place(ticket: OrderTicket, record: CheckedRecord): void {
    const at = happenedAt(record);
    this.newestAt = Math.max(this.newestAt, at);
    const placed: Placed = { ticket, sequence: record.sequence, at, passed: undefined };
    const all = this.placed.get(ticket.traderId) ?? [];
    const keepMs = this.paces(ticket).reduce((max, { windowMs }) => Math.max(max, windowMs), 0) * 2 + DECIDED_WITHIN_MS;
    while (all[0] && all[0].at < at - keepMs) all.shift();
    all.push(placed);
    this.placed.set(ticket.traderId, all);
    this.byId.set(ticket.orderId, placed);
  }

  private paces(ticket: OrderTicket): readonly Pace[] {
    if (!this.limits) return [];
    const { orderRate, duplicate } = this.limits;
    return [
      { code: 'ORDER_RATE', max: orderRate.max, windowMs: orderRate.windowMs, counts: () => true },
      // `max` is how often it may be repeated.
      {
        code: 'DUPLICATE_ORDER',
        max: duplicate.max + 1,
        windowMs: duplicate.windowMs,
        counts: (other) => isSame(ticket, other),
      },
    ];
  }

  /** Who was let pass before this one was submitted counts in each window that reaches back to its submission. */
  private pass(orderId: string, record: CheckedRecord, report: Report): void {
    const own = this.byId.get(orderId);
    if (!own || own.passed !== undefined) return;
    own.passed = record.sequence;
    if (this.limitsSince > own.sequence || own.ticket.exit) return;
    const at = happenedAt(record);
    for (const { code, max, windowMs, counts } of this.paces(own.ticket)) {
      const since = Math.max(Math.max(at, this.newestAt) - windowMs, this.knownFrom[code]);
      const before = this.others(own).filter(
        (other) =>
          (other.passed ?? Number.POSITIVE_INFINITY) < own.sequence && other.at > since && counts(other.ticket),
      );
      if (before.length >= max)
        report(`order ${orderId} passed, and ${before.length} before it within ${windowMs} ms break ${code}`);
    }
  }

  private refuse(orderId: string, code: string, report: Report): void {
    const own = this.byId.get(orderId);
    const pace = own && this.paces(own.ticket).find((one) => one.code === code);
    if (!own || !pace || own.passed !== undefined || this.limitsSince > own.sequence) return;
    const { max, windowMs, counts } = pace;
    const since = own.at - windowMs * (1 + 1 / PIECES) - DECIDED_WITHIN_MS;
    // Those that a clock that was ahead has stamped are young until it gets there.
    const may = this.others(own).filter((other) => other.at > since && counts(other.ticket));
    if (may.length < max)
      report(`order ${orderId} was denied by ${code}, and at most ${may.length} of ${max} were within ${windowMs} ms`);
  }

  private others({ ticket }: Placed): readonly Placed[] {
    return (this.placed.get(ticket.traderId) ?? []).filter((other) => other.ticket.orderId !== ticket.orderId);
  }

  atRest(): void {}
}

export const paceKept = (settings: CheckedSettings): Checker => new PaceKept(settings);
