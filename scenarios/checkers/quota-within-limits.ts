/**
 * I9. No trader uses more than its quotas: trades and volume a UTC day, budget a UTC month; and nobody is refused for a quota that has
 * room for the order, even if everything counts that has not ended. What was used is looked at whenever an order takes its part, and an
 * order counts with what it is worth at least, whatever its gate set aside. Fills dearer than what was reserved since the gate was asked
 * excuse.
 */
import { type Exact, exact, text } from '../../domain/decimal.ts';
import type { DenialCode } from '../../domain/denial.ts';
import type { OrderTicket } from '../../messages/common.ts';
import type { OrderEnded } from '../../messages/order.ts';
import type { CheckedRecord, CheckedSettings, Checker, Report } from './checker.ts';
import { ZERO } from './folds/accounts.ts';
import { Again } from './folds/again.ts';
import { factOf, happenedAt } from './folds/facts.ts';
import { Folds } from './folds/folds.ts';
import { dayOf, monthOf, type Taken, type TraderQuota, usedOn } from './folds/quotas.ts';

interface Asked {
  readonly ticket: OrderTicket;
  readonly amount: string;
  readonly sequence: number;
  readonly at: number;
}

class QuotaWithinLimits implements Checker {
  readonly name = 'I9 quota within limits';
  readonly takes = [
    'order.submitted',
    'approval.decided',
    'order.held',
    'order.intended',
    'order.filled',
    'order.ended',
  ] as const;
  readonly folds;
  private readonly broken: string[] = [];
  private readonly quotas;
  /** Orders that have not ended, and are not in their gates again. */
  private readonly asked = new Map<string, Asked>();
  private readonly again = new Again();
  /** Of each trader the last record that gave or took otherwise than a gate does. */
  private readonly moved = new Map<string, number>();

  constructor(
    private readonly settings: CheckedSettings,
    { quotas }: Folds,
  ) {
    this.quotas = quotas;
    this.folds = [quotas];
    quotas.listen((quota, { orderId, since }, taken) => this.check(quota, orderId, taken, since));
  }

  onRecord(record: CheckedRecord, report: Report): void {
    const fact = factOf(record);
    if (fact.type === 'order.ended' && fact.denial) this.checkRefusal(fact, happenedAt(record));
    this.note(record);
    for (const what of this.broken.splice(0)) report(what);
  }

  private note(record: CheckedRecord): void {
    const { sequence } = record;
    const fact = factOf(record);
    if (fact.type === 'order.submitted') {
      const { ticket, amount } = fact;
      this.asked.set(ticket.orderId, { ticket, amount, sequence, at: happenedAt(record) });
    } else if (fact.type === 'order.ended' || fact.type === 'order.filled') {
      this.moved.set(fact.traderId, sequence);
      if (fact.type === 'order.ended' || fact.end) this.asked.delete(fact.orderId);
    }
    const again = this.again.begins(fact);
    if (!again) return;
    this.moved.set(again.traderId, sequence);
    this.asked.delete(again.orderId);
  }

  private check(quota: TraderQuota, orderId: string, { day, month, budgeted }: Taken, since: number): void {
    // An order that counts in a day gone by takes nothing from the present one.
    if (day !== quota.day || quota.dearer > since) return;
    const { quotaDailyTrades, quotaDailyVolume } = this.settings;
    const { trades, volume } = usedOn(quota, day);
    const spent = quota.months.get(month) ?? ZERO;
    const tell = (what: string) => this.broken.push(`order ${orderId} takes ${quota.traderId} to ${what}`);
    if (trades > quotaDailyTrades) tell(`${trades} trades of ${quotaDailyTrades} a day`);
    if (volume.greaterThan(quotaDailyVolume)) tell(`a volume of ${text(volume)} of ${quotaDailyVolume} a day`);
    if (budgeted && spent.greaterThan(quota.budget)) tell(`${text(spent)} of a budget of ${quota.budget} a month`);
  }

  private checkRefusal({ orderId, traderId, denial }: OrderEnded, at: number): void {
    const asked = this.asked.get(orderId);
    const quota = this.quotas.traders.get(traderId);
    if (!asked || !quota || quota.ambiguous || (this.moved.get(traderId) ?? 0) > asked.sequence) return;
    // What goes through its gates again after an approval is priced anew; behind a midnight nobody can tell in which day it counted.
    if ([...quota.orders.values()].some(({ again }) => again)) return;
    if (dayOf(asked.at) !== dayOf(at) || quota.day > dayOf(at)) return;
    const most = this.most(quota, dayOf(at), at);
    const { quotaDailyTrades, quotaDailyVolume } = this.settings;
    const limits: Partial<Record<DenialCode, readonly [Exact, string]>> = {
      QUOTA_TRADES: [most.trades, String(quotaDailyTrades)],
      QUOTA_VOLUME: [most.volume, String(quotaDailyVolume)],
      QUOTA_BUDGET: [most.spent, quota.budget],
    };
    const [used, limit] = (denial && limits[denial.code]) ?? [];
    if (used && limit && !used.greaterThan(limit))
      this.broken.push(`order ${orderId} was denied by ${denial?.code}, and takes ${text(used)} of ${limit} at most`);
  }

  /** What a trader can have used at most, with everything that waits in its gates. */
  private most(quota: TraderQuota, day: number, at: number): Readonly<Record<'trades' | 'volume' | 'spent', Exact>> {
    const used = usedOn(quota, day);
    let [trades, volume, spent] = [exact(String(used.trades)), used.volume, quota.months.get(monthOf(at)) ?? ZERO];
    for (const [orderId, { ticket, amount }] of this.asked) {
      if (ticket.traderId !== quota.traderId || ticket.exit) continue;
      const taken = quota.orders.get(orderId);
      if (!taken) [trades, volume] = [trades.plus(1), volume.plus(amount)];
      // What is held for a person takes from the budget until it is approved.
      if (ticket.side === 'buy' && !taken?.budgeted) spent = spent.plus(amount);
    }
    return { trades, volume, spent };
  }

  atRest(): void {}
}

export const quotaWithinLimits = (settings: CheckedSettings, folds = new Folds()): Checker =>
  new QuotaWithinLimits(settings, folds);
