/** Somebody who trades on our accounts at the venue and not through us: what a person with the broker's own program does. */
import type { PaperOrder } from '../adapters/paper/matching.ts';
import type { SimulatedVenue } from '../adapters/paper/simulated.ts';

export type OutsideOrder = Omit<PaperOrder['order'], 'clientOrderId' | 'timeInForce' | 'stopPrice'>;

export class Outsider {
  /** What was placed so, by its id at the venue. */
  readonly orders = new Set<string>();

  /** Resolves when the venue has answered; faults of the line hold for everybody. */
  async trade(at: SimulatedVenue, order: OutsideOrder): Promise<void> {
    const clientOrderId = `outside-${this.orders.size + 1}`;
    this.orders.add(clientOrderId);
    const { venue, cut } = at.connect();
    await venue.submit({ ...order, clientOrderId, timeInForce: 'GTC' }, new AbortController().signal);
    cut();
  }
}
