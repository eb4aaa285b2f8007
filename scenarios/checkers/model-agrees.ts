/** What happened to each order is what the reference model says must happen: its gates' answers, and its end at rest. */
import { exact } from '../../domain/decimal.ts';
import type { AtVenue } from '../model/modelled.ts';
import { OrderModel } from '../model/order-model.ts';
import { CANCEL_PATH } from './cancels-are-heard.ts';
import type { CheckedAnswer, CheckedRecord, CheckedSettings, Checker, Report, Rest } from './checker.ts';
import { happenedAt } from './folds/facts.ts';

class ModelAgrees implements Checker {
  readonly name = 'M1 model agrees';
  private readonly model: OrderModel;
  private epoch: number | undefined;

  constructor({ limits, autonomousThreshold }: CheckedSettings) {
    this.model = new OrderModel(limits, autonomousThreshold);
  }

  onRecord(record: CheckedRecord, report: Report): void {
    const { epoch, type, message, landedAt } = record;
    // A recovery of a living process says so first, and loses no cancel.
    if (epoch !== (this.epoch ?? epoch)) this.model.begun(landedAt, type === 'agent.recovered');
    this.epoch = epoch;
    this.model.apply(message, { at: happenedAt(record), landedAt }, report);
  }

  onAnswer({ method, path }: CheckedAnswer): void {
    const orderId = method === 'DELETE' ? CANCEL_PATH.exec(path)?.[1] : undefined;
    if (orderId !== undefined) this.model.askedToCancel(orderId);
  }

  atRest({ venueOrders, venueCalls, healed }: Rest, report: Report): void {
    if (!healed) return;
    const cancels = new Map<string, number[]>();
    for (const { call, clientOrderId, at } of venueCalls) {
      if (call !== 'cancel') continue;
      const known = cancels.get(clientOrderId);
      if (known) known.push(at);
      else cancels.set(clientOrderId, [at]);
    }
    this.model.atRest((orderId) => {
      const known = venueOrders.get(orderId);
      if (!known) return undefined;
      const filled = known.fills.reduce((sum, fill) => sum.plus(fill.quantity), exact('0')).toFixed();
      const cancelsAskedAt = cancels.get(orderId) ?? [];
      return { status: known.status as AtVenue['status'], filled, cancelsAskedAt };
    }, report);
  }
}

export const modelAgrees = (settings: CheckedSettings): Checker => new ModelAgrees(settings);
