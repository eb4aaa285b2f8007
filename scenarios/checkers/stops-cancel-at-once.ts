/**
 * C3. A stop cancels at once: within a virtual second of a halt every order that it covers and that rests at a venue has a cancel on
 * its way, or has ended. An end of the process in between excuses, and so does one of the agent that keeps orders; then the next life has
 * a second from its start.
 */
import type { CheckedRecord, Checker, Report, Rest } from './checker.ts';
import { factOf, happenedAt } from './folds/facts.ts';
import { Folds } from './folds/folds.ts';
import type { FoldedOrder } from './folds/orders.ts';

const WITHIN_MS = 1_000;
const AT_VENUE: ReadonlySet<string> = new Set(['working', 'unresolved']);

interface Due {
  readonly stopId: string;
  readonly epoch: number;
  readonly at: number;
}

class StopsCancelAtOnce implements Checker {
  readonly name = 'C3 stops cancel at once';
  readonly folds;
  private readonly orders;
  private readonly agents;
  private readonly due = new Map<string, Due>();

  constructor({ orders, agents }: Folds) {
    this.orders = orders;
    this.agents = agents;
    this.folds = [orders, agents];
  }

  onRecord(record: CheckedRecord, report: Report): void {
    const fact = factOf(record);
    const at = happenedAt(record);
    if (this.due.size > 0) this.expire(at, record.epoch, report);
    if (fact.type === 'order.cancel-requested' || fact.type === 'order.ended') this.due.delete(fact.orderId);
    if (fact.type === 'order.filled' && fact.end) this.due.delete(fact.orderId);
    if (fact.type !== 'trading.halted') return;
    const { scope, targetId, stopId } = fact;
    const covers = ({ ticket }: FoldedOrder) =>
      !ticket.exit && (scope === 'system' || targetId === (scope === 'account' ? ticket.accountId : ticket.traderId));
    for (const [orderId, order] of this.orders.open)
      if (AT_VENUE.has(order.stage) && covers(order)) this.due.set(orderId, { stopId, epoch: record.epoch, at });
  }

  private expire(now: number, epoch: number, report: Report): void {
    if (this.agents.isAway('orders', epoch)) return;
    for (const [orderId, { stopId, at, epoch: asked }] of this.due) {
      if (epoch !== asked) this.due.set(orderId, { stopId, epoch, at: now });
      else if (now - Math.max(at, this.agents.backAt('orders')) > WITHIN_MS) {
        this.due.delete(orderId);
        report(`order ${orderId} still rests ${now - at} ms after the stop ${stopId}`);
      }
    }
  }

  atRest({ now, healed }: Rest, report: Report): void {
    if (!healed) return;
    for (const [orderId, { stopId, at }] of this.due)
      if (now - at > WITHIN_MS) report(`order ${orderId} still rests at the end, after the stop ${stopId}`);
  }
}

export const stopsCancelAtOnce = (folds = new Folds()): Checker => new StopsCancelAtOnce(folds);
