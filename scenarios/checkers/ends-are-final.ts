/** I11. What has ended stays ended: an order (but for late fills), a decision about an approval, a released halt, a terminated trader. */
import type { CheckedRecord, Checker, Report } from './checker.ts';
import { type Fact, factOf, isStep, ORDER_TYPES, orderIdOf } from './folds/facts.ts';

type State = 'open' | 'ended';

/** Lives of one noun: each begins once and ends once. */
class Lives {
  private readonly states = new Map<string, State>();

  constructor(private readonly noun: string) {}

  begin(key: string, type: string, report: Report) {
    if (this.states.has(key)) report(`${type} of ${this.noun} ${key}, which ${this.told(key)}`);
    else this.states.set(key, 'open');
  }

  /** A fact in the middle of a life, or at its end. */
  go(key: string, type: string, report: Report, ends = false) {
    if (this.states.get(key) !== 'open') report(`${type} of ${this.noun} ${key}, which ${this.told(key)}`);
    if (ends) this.states.set(key, 'ended');
  }

  isOpen(key: string): boolean {
    return this.states.get(key) === 'open';
  }

  private told(key: string): string {
    const state = this.states.get(key);
    return state === undefined ? 'has not begun' : state === 'open' ? 'has begun already' : 'has ended';
  }
}

class EndsAreFinal implements Checker {
  readonly name = 'I11 ends are final';
  readonly takes = [
    ...ORDER_TYPES,
    'approval.requested',
    'approval.repriced',
    'approval.decided',
    'trading.halted',
    'trading.resumed',
    'trader.created',
    'trader.winding-down',
    'trader.reactivated',
    'trader.terminated',
  ] as const;
  private readonly orders = new Lives('order');
  private readonly approvals = new Lives('approval');
  private readonly halts = new Lives('halt');
  private readonly traders = new Lives('trader');

  onRecord(record: CheckedRecord, report: Report) {
    const fact = factOf(record);
    if (isStep(fact)) return this.orders.go(orderIdOf(fact), fact.type, report);
    switch (fact.type) {
      case 'order.submitted':
        return this.orders.begin(fact.ticket.orderId, fact.type, report);
      case 'order.filled':
        if (!fact.late) this.orders.go(fact.orderId, fact.type, report, fact.end);
        else if (this.orders.isOpen(fact.orderId)) report(`late fill of order ${fact.orderId}, which is open`);
        return;
      case 'order.ended':
        return this.orders.go(fact.orderId, fact.type, report, true);
      default:
        this.decision(fact, report);
    }
  }

  private decision(fact: Fact, report: Report) {
    switch (fact.type) {
      case 'approval.requested':
        return this.approvals.begin(fact.requestId, fact.type, report);
      case 'approval.repriced':
        return this.approvals.go(fact.requestId, fact.type, report);
      case 'approval.decided':
        return this.approvals.go(fact.requestId, fact.type, report, true);
      case 'trading.halted':
        return this.halts.begin(fact.stopId, fact.type, report);
      case 'trading.resumed':
        return this.halts.go(fact.stopId, fact.type, report, true);
      case 'trader.created':
        return this.traders.begin(fact.traderId, fact.type, report);
      case 'trader.winding-down':
      case 'trader.reactivated':
        return this.traders.go(fact.traderId, fact.type, report);
      case 'trader.terminated':
        return this.traders.go(fact.traderId, fact.type, report, true);
    }
  }

  atRest(): void {}
}

export const endsAreFinal = (): Checker => new EndsAreFinal();
