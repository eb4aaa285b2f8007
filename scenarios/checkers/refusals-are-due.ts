/**
 * M2. The risk gate refuses for an account's room only where there is none: at the largest that its exposure, its position and its use
 * of funds can have been when it decided, the limit would have been passed. (That nothing passes a limit is I7.)
 */
import { exact, text } from '../../domain/decimal.ts';
import type { DenialCode } from '../../domain/denial.ts';
import { findInstrument } from '../../domain/instrument.ts';
import type { TradingLimits } from '../../messages/limits.ts';
import type { CheckedRecord, CheckedSettings, Checker, Report } from './checker.ts';
import { factOf } from './folds/facts.ts';
import { Folds } from './folds/folds.ts';
import { type Asked, type Reach, RoomFold } from './folds/room.ts';

/** Refusals for an account's room. */
const OF_ROOM: ReadonlySet<string> = new Set([
  'EXPOSURE_LIMIT',
  'POSITION_LIMIT',
  'MAX_POSITION_SIZE',
  'INSUFFICIENT_FUNDS',
] satisfies DenialCode[]);

interface Terms {
  /** Largest position of the trader's own choice. */
  readonly sizeMax: number | undefined;
  readonly leverage: number | undefined;
}

class RefusalsAreDue implements Checker {
  readonly name = 'M2 refusals are due';
  readonly takes = [...RoomFold.takes, 'limits.changed'] as const;
  readonly folds;
  private readonly room;
  private readonly terms = new Map<string, Terms>();
  private limits: TradingLimits | undefined;
  private limitsSince = 0;

  constructor({ limits }: CheckedSettings, { accounts }: Folds) {
    this.room = new RoomFold(accounts, OF_ROOM);
    this.folds = [accounts];
    this.limits = limits;
  }

  onRecord(record: CheckedRecord, report: Report): void {
    const refused = this.room.apply(record);
    const fact = factOf(record);
    if (fact.type === 'limits.changed') {
      this.limits = fact.limits;
      this.limitsSince = record.sequence;
    } else if (fact.type === 'trader.created')
      this.terms.set(fact.accountId, { ...this.termsOf(fact.accountId), sizeMax: fact.config.maxPositionSize });
    else if (fact.type === 'account.opened')
      this.terms.set(fact.accountId, { ...this.termsOf(fact.accountId), leverage: fact.leverage ?? undefined });
    if (fact.type !== 'order.ended' || !refused || this.limitsSince > refused.asked.since) return;
    const why = this.roomFor(fact.denial?.code, refused.asked, refused.reach);
    if (why !== undefined) report(`order ${fact.orderId} was denied by ${fact.denial?.code}, but ${why}`);
  }

  private termsOf(accountId: string): Terms {
    return this.terms.get(accountId) ?? { sizeMax: undefined, leverage: undefined };
  }

  /** In words, why the denial was wrong; undefined when it was right, or nobody can tell. */
  private roomFor(code: string | undefined, { ticket }: Asked, reach: Reach): string | undefined {
    const { accountId, symbol } = ticket;
    const account = this.limits?.accounts[accountId] ?? this.limits?.accounts.default;
    const assetClass = findInstrument(symbol)?.assetClass;
    const instrument = this.limits?.instruments[symbol] ?? this.limits?.instruments[`class:${assetClass}`];
    if (!account || !instrument) return undefined;
    const { sizeMax, leverage } = this.termsOf(accountId);
    const { gross, position, value, funds } = reach;
    switch (code) {
      case 'EXPOSURE_LIMIT':
        if (gross.greaterThan(account.exposureMax)) return undefined;
        return `the exposure can reach ${text(gross)} at most, the limit is ${account.exposureMax}`;
      case 'POSITION_LIMIT':
        if (position.greaterThan(instrument.positionMax)) return undefined;
        return `the position can reach ${text(position)} at most, the limit is ${instrument.positionMax}`;
      case 'MAX_POSITION_SIZE':
        if (sizeMax !== undefined && value.greaterThan(sizeMax)) return undefined;
        return `the position can be worth ${text(value)} at most, the trader's own maximum is ${sizeMax ?? 'none'}`;
      case 'INSUFFICIENT_FUNDS': {
        const permitted = exact(account.leverageMax ?? '1');
        const carried = leverage !== undefined && permitted.greaterThan(leverage) ? exact(String(leverage)) : permitted;
        if (funds === undefined || gross.greaterThan(funds.times(carried))) return undefined;
        return `the exposure can reach ${text(gross)} at most, and funds of ${text(funds)} carry it`;
      }
      default:
        return undefined;
    }
  }

  atRest(): void {}
}

export const refusalsAreDue = (settings: CheckedSettings, folds = new Folds()): Checker =>
  new RefusalsAreDue(settings, folds);
