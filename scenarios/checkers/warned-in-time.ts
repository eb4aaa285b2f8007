/**
 * C13. Who crosses a threshold of a quota is told within five virtual seconds. Counted from the record that took the quota there; an
 * end of the process in between excuses, because the next life counts anew.
 */
import type { CheckedRecord, CheckedSettings, Checker, Report, Rest } from './checker.ts';
import { factOf, happenedAt } from './folds/facts.ts';
import { QuotasFold, type Taken, type TraderQuota, usedOn, warnedKey } from './folds/quotas.ts';

const WITHIN_MS = 5_000;
const THRESHOLDS = [100, 90, 80] as const;

interface Due {
  readonly quota: TraderQuota;
  readonly key: string;
  readonly threshold: number;
  readonly at: number;
  readonly epoch: number;
}

class WarnedInTime implements Checker {
  readonly name = 'C13 warned in time';
  private readonly due: Due[] = [];
  private record: CheckedRecord | undefined;
  private readonly quotas = new QuotasFold((quota, _orderId, taken) => this.taken(quota, taken));

  constructor(private readonly settings: CheckedSettings) {}

  onRecord(record: CheckedRecord, report: Report): void {
    this.record = record;
    this.quotas.apply(record);
    if (factOf(record).type === 'quota.warned' || this.due.length > 0)
      this.expire(happenedAt(record), record.epoch, report);
  }

  private taken(quota: TraderQuota, { day }: Taken): void {
    if (!this.record || quota.ambiguous || day !== quota.day) return;
    const at = happenedAt(this.record);
    const { epoch } = this.record;
    const { trades, volume } = usedOn(quota, day);
    const percents = {
      'daily.trades': (trades * 100) / this.settings.quotaDailyTrades,
      'daily.volume': volume.times(100).dividedBy(this.settings.quotaDailyVolume).toNumber(),
    } as const;
    for (const name of ['daily.trades', 'daily.volume'] as const) {
      const threshold = THRESHOLDS.find((least) => percents[name] >= least);
      const key = warnedKey(name, day);
      if (threshold !== undefined && (quota.warned.get(key) ?? 0) < threshold)
        this.due.push({ quota, key, threshold, at, epoch });
    }
  }

  private expire(now: number, epoch: number, report: Report): void {
    const kept = this.due.filter(({ quota, key, threshold, at, epoch: asked }) => {
      if ((quota.warned.get(key) ?? 0) >= threshold || epoch !== asked) return false;
      if (now - at <= WITHIN_MS) return true;
      report(`${quota.traderId} reached ${threshold} % of ${key} and was not told within ${WITHIN_MS} ms`);
      return false;
    });
    this.due.splice(0, this.due.length, ...kept);
  }

  atRest({ now }: Rest, report: Report): void {
    if (this.record) this.expire(now, this.record.epoch, report);
  }
}

export const warnedInTime = (settings: CheckedSettings): Checker => new WarnedInTime(settings);
