/**
 * I9. No trader uses more than its quotas: trades and volume a UTC day, budget a UTC month. What was used is looked at whenever an
 * order takes its part, and an order counts with what it is worth at least, whatever its gate set aside. Fills dearer than what was
 * reserved since the gate was asked excuse.
 */
import { text } from '../../domain/decimal.ts';
import type { CheckedRecord, CheckedSettings, Checker, Report } from './checker.ts';
import { ZERO } from './folds/accounts.ts';
import { QuotasFold, type Taken, type TraderQuota, usedOn } from './folds/quotas.ts';

class QuotaWithinLimits implements Checker {
  readonly name = 'I9 quota within limits';
  readonly factsOnly = true;
  private readonly broken: string[] = [];
  private readonly quotas = new QuotasFold((quota, orderId, taken, since) => this.check(quota, orderId, taken, since));

  constructor(private readonly settings: CheckedSettings) {}

  onRecord(record: CheckedRecord, report: Report): void {
    this.quotas.apply(record);
    for (const what of this.broken.splice(0)) report(what);
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

  atRest(): void {}
}

export const quotaWithinLimits = (settings: CheckedSettings): Checker => new QuotaWithinLimits(settings);
