/**
 * C4. A cancel is heard, whatever is halted: who is told that it is done, or that it came too late, has an order that has ended. Only
 * a venue that cannot tell, and a house that is down, leave it open.
 */
import type { CheckedAnswer, CheckedRecord, Checker, Report } from './checker.ts';
import { OrdersFold } from './folds/orders.ts';

const CANCEL_PATH = /^\/api\/v1\/agents\/[^/]+\/trades\/([^/]+)$/;
/** Done, and too late. */
const FINAL: ReadonlySet<number> = new Set([200, 409]);

class CancelsAreHeard implements Checker {
  readonly name = 'C4 cancels are heard';
  private readonly orders = new OrdersFold();

  onRecord(record: CheckedRecord): void {
    this.orders.apply(record);
  }

  onAnswer({ method, path, status, body }: CheckedAnswer, report: Report): void {
    const orderId = method === 'DELETE' && FINAL.has(status) ? CANCEL_PATH.exec(path)?.[1] : undefined;
    const order = orderId === undefined ? undefined : this.orders.open.get(orderId);
    if (order) report(`the cancel of ${orderId} was answered ${status}, and it is ${order.stage}: ${body}`);
  }

  atRest(): void {}
}

export const cancelsAreHeard = (): Checker => new CancelsAreHeard();
