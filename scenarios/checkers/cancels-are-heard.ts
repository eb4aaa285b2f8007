/**
 * A7. A cancel is heard, whatever is halted: who is told that it is done, or that it came too late, has an order that has ended; and
 * while a house goes on working, a resting order that somebody wants cancelled does not simply rest on, nor is it handed over again.
 */
import type { CheckedAnswer, CheckedRecord, Checker, Report } from './checker.ts';
import { factOf, happenedAt } from './folds/facts.ts';
import { OrdersFold } from './folds/orders.ts';

const CANCEL_PATH = /^\/api\/v1\/agents\/[^/]+\/trades\/([^/]+)$/;
/** Done, and too late. */
const FINAL: ReadonlySet<number> = new Set([200, 409]);
/** A record this much younger than the request stands behind what the request has done. */
const BEHIND_MS = 1_000;

class CancelsAreHeard implements Checker {
  readonly name = 'A7 cancels are heard';
  private readonly orders = new OrdersFold();
  /** Market time of the newest record about an order. */
  private readonly toldAt = new Map<string, number>();
  /** Orders whose venue was asked to cancel them. */
  private readonly unwanted = new Set<string>();
  private epoch = 0;
  private epochBeganAt = 0;
  private newestAt = 0;

  onRecord(record: CheckedRecord, report: Report): void {
    this.orders.apply(record);
    const fact = factOf(record);
    if (fact.type === 'order.cancel-requested') this.unwanted.add(fact.orderId);
    if (fact.type === 'order.intended' && this.unwanted.has(fact.ticket.orderId))
      report(`order ${fact.ticket.orderId} is handed over again although somebody has cancelled it`);
    this.newestAt = happenedAt(record);
    if (record.epoch !== this.epoch) this.epochBeganAt = this.newestAt;
    this.epoch = record.epoch;
    if ('orderId' in fact) this.toldAt.set(fact.orderId, this.newestAt);
  }

  onAnswer({ method, path, status, body, askedAt }: CheckedAnswer, report: Report): void {
    const orderId = method === 'DELETE' ? CANCEL_PATH.exec(path)?.[1] : undefined;
    const order = orderId === undefined ? undefined : this.orders.open.get(orderId);
    if (!order || orderId === undefined) return;
    if (FINAL.has(status)) report(`the cancel of ${orderId} was answered ${status}, and it is ${order.stage}: ${body}`);
    const wentOn = this.epochBeganAt < askedAt && this.newestAt > askedAt + BEHIND_MS;
    const isDeaf = order.stage === 'working' && (this.toldAt.get(orderId) ?? askedAt) < askedAt;
    if (status === 503 && wentOn && isDeaf) report(`nobody has heard the cancel of ${orderId}`);
  }

  atRest(): void {}
}

export const cancelsAreHeard = (): Checker => new CancelsAreHeard();
