/**
 * A7. A cancel is heard, whatever is halted: who is told that it is done, or that it came too late, has an order that has ended; and
 * while a house goes on working, the agent that keeps orders too, a resting order that somebody wants cancelled does not simply rest on, nor is
 * it handed over again.
 */
import type { CheckedAnswer, CheckedRecord, Checker, Report } from './checker.ts';
import { factOf, happenedAt } from './folds/facts.ts';
import { Folds } from './folds/folds.ts';

/** The one door at which people ask for a cancel. */
export const CANCEL_PATH = /^\/api\/v1\/agents\/[^/]+\/trades\/([^/]+)$/;
/** Done, and too late. */
const FINAL: ReadonlySet<number> = new Set([200, 409]);
/** A record this much younger than the request stands behind what the request has done. */
const BEHIND_MS = 1_000;

class CancelsAreHeard implements Checker {
  readonly name = 'A7 cancels are heard';
  readonly folds;
  private readonly orders;
  private readonly agents;
  /** Market time of the newest record about an order. */
  private readonly toldAt = new Map<string, number>();
  /** Orders whose venue was asked to cancel them. */
  private readonly unwanted = new Set<string>();
  private epoch = 0;
  private epochBeganAt = 0;
  /** The last one in which somebody's wish was answered: a house that has not done that is starting, and not going on. */
  private epochServed = 0;
  private newestAt = 0;

  constructor({ orders, agents }: Folds) {
    this.orders = orders;
    this.agents = agents;
    this.folds = [orders, agents];
  }

  onRecord(record: CheckedRecord, report: Report): void {
    const fact = factOf(record);
    if (fact.type === 'order.cancel-requested') this.unwanted.add(fact.orderId);
    if (fact.type === 'order.intended' && this.unwanted.has(fact.ticket.orderId))
      report(`order ${fact.ticket.orderId} is handed over again although somebody has cancelled it`);
    this.newestAt = happenedAt(record);
    if (record.epoch !== this.epoch) this.epochBeganAt = this.newestAt;
    this.epoch = record.epoch;
    if ('orderId' in fact) this.toldAt.set(fact.orderId, this.newestAt);
  }

  onAnswer(answer: CheckedAnswer, report: Report): void {
    if (answer.method === 'DELETE') this.checkCancel(answer, report);
    // Answers are heard late: one of an earlier life tells nothing of this one.
    const isOfThisLife = answer.askedAt >= this.epochBeganAt;
    if (isOfThisLife && answer.method !== 'GET' && answer.status !== 503) this.epochServed = this.epoch;
  }

  private checkCancel({ path, status, body, askedAt }: CheckedAnswer, report: Report): void {
    const orderId = CANCEL_PATH.exec(path)?.[1];
    const order = orderId === undefined ? undefined : this.orders.open.get(orderId);
    if (!order || orderId === undefined) return;
    if (FINAL.has(status)) report(`the cancel of ${orderId} was answered ${status}, and it is ${order.stage}: ${body}`);
    const wasAway = this.agents.isAway('orders', this.epoch) || this.agents.backAt('orders') >= askedAt;
    const isServing = this.epochBeganAt < askedAt && this.epochServed === this.epoch && !wasAway;
    const wentOn = isServing && this.newestAt > askedAt + BEHIND_MS;
    const isDeaf = order.stage === 'working' && (this.toldAt.get(orderId) ?? askedAt) < askedAt;
    if (status === 503 && wentOn && isDeaf) report(`nobody has heard the cancel of ${orderId}`);
  }

  atRest(): void {}
}

export const cancelsAreHeard = (folds = new Folds()): Checker => new CancelsAreHeard(folds);
