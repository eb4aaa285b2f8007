/** What the simulated venue was asked and what it said, in the order of its answers: part of a world's event log. */
import type { VenueOrder, VenueReport } from '../../agents/venue.ts';

export interface VenueCall {
  readonly at: number;
  readonly call: 'submit' | 'cancel' | 'lookup';
  readonly clientOrderId: string;
  /** What the product was told. */
  readonly told: VenueReport['status'];
  /** What a submission handed over. */
  readonly order?: VenueOrder;
}

export type Asked = Pick<VenueCall, 'call' | 'clientOrderId' | 'order'>;

/** What is said when nobody can tell. */
export const unresolved = (orderId: string, reason: string): VenueReport => ({
  orderId,
  status: 'unresolved',
  fills: [],
  reason,
});
