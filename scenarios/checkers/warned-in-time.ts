/**
 * C13. Who crosses a threshold of a quota is told within five virtual seconds. Counted from the record that took the quota there; an
 * end of the process in between excuses, because the next life counts anew.
 */
import { exact } from '../../domain/decimal.ts';
import type { CheckedRecord, CheckedSettings, Checker, Report, Rest } from './checker.ts';
import { happenedAt } from './folds/facts.ts';
import { Folds } from './folds/folds.ts';
import { type Taken, type TraderQuota, usedOn, warnedKey } from './folds/quotas.ts';

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
  readonly folds;
  /** A hundred times what reaches each threshold, the highest first. */
  private readonly volumes;

  constructor(
    private readonly settings: CheckedSettings,
    { quotas }: Folds,
  ) {
    this.folds = [quotas];
    const daily = exact(settings.quotaDailyVolume);
    this.volumes = THRESHOLDS.map((threshold) => ({ threshold, volume: daily.times(threshold) }));
    quotas.listen((quota, _order, taken, record) => this.taken(quota, taken, record));
  }

  onRecord(record: CheckedRecord, report: Report): void {
    this.record = record;
    if (this.due.length > 0) this.expire(happenedAt(record), record.epoch, report);
  }

  private taken(quota: TraderQuota, { day }: Taken, record: CheckedRecord): void {
    if (quota.ambiguous || day !== quota.day) return;
    const at = happenedAt(record);
    const { epoch } = record;
    const { trades, volume } = usedOn(quota, day);
    const { quotaDailyTrades } = this.settings;
    const hundredfold = volume.times(100);
    const reached = {
      'daily.trades': THRESHOLDS.find((least) => trades * 100 >= quotaDailyTrades * least),
      'daily.volume': this.volumes.find(({ volume: least }) => !hundredfold.lessThan(least))?.threshold,
    } as const;
    for (const name of ['daily.trades', 'daily.volume'] as const) {
      const threshold = reached[name];
      if (threshold === undefined) continue;
      const key = warnedKey(name, day);
      if ((quota.warned.get(key) ?? 0) < threshold) this.due.push({ quota, key, threshold, at, epoch });
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

export const warnedInTime = (settings: CheckedSettings, folds = new Folds()): Checker =>
  new WarnedInTime(settings, folds);
