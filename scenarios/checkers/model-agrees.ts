/** What happened to each order is what the reference model says must happen: its gates' answers, and its end at rest. */
import { exact } from '../../domain/decimal.ts';
import { type AtVenue, OrderModel } from '../model/order-model.ts';
import type { CheckedRecord, CheckedSettings, Checker, Report, Rest } from './checker.ts';
import { happenedAt } from './folds/facts.ts';

class ModelAgrees implements Checker {
  readonly name = 'M1 model agrees';
  private readonly model: OrderModel;

  constructor({ limits, autonomousThreshold }: CheckedSettings) {
    this.model = new OrderModel(limits, autonomousThreshold);
  }

  onRecord(record: CheckedRecord, report: Report): void {
    this.model.apply(record.message, happenedAt(record), report);
  }

  atRest({ venueOrders, healed }: Rest, report: Report): void {
    if (!healed) return;
    this.model.atRest((orderId) => {
      const known = venueOrders.get(orderId);
      if (!known) return undefined;
      const filled = known.fills.reduce((sum, fill) => sum.plus(fill.quantity), exact('0')).toFixed();
      return { status: known.status as AtVenue['status'], filled };
    }, report);
  }
}

export const modelAgrees = (settings: CheckedSettings): Checker => new ModelAgrees(settings);
