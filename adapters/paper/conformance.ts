/** What every venue must do, in one suite that each of them runs: an order's life as the port promises it. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Venue, VenueReport } from '../../agents/venue.ts';
import { plus } from '../../domain/decimal.ts';
import type { Quote } from '../../messages/market.ts';
import { NEVER, orderOf, quoteOf } from './fixtures.ts';

export interface VenueUnderTest {
  readonly venue: Venue;
  quote(quote: Quote): Promise<void>;
  close(): Promise<void>;
}

const filledQuantity = ({ fills }: VenueReport): string =>
  fills.reduce((sum, { quantity }) => plus(sum, quantity), '0');

export function describeVenue(name: string, open: () => Promise<VenueUnderTest>): void {
  describe(`the venue ${name}`, () => {
    let subject: VenueUnderTest;
    let news: VenueReport[] = [];

    beforeEach(async () => {
      subject = await open();
      news = [];
      subject.venue.onReport((report) => news.push(report));
    });
    afterEach(async () => subject.close());

    /** News may need their time on a wire; nothing else is waited for. */
    const heard = (count: number): Promise<void> =>
      expect.poll(() => news.length, { timeout: 5_000, interval: 5 }).toBeGreaterThanOrEqual(count) as Promise<void>;

    test('fills a market order at the other side of the quote, at once and entirely', async () => {
      await subject.quote(quoteOf());
      const buy = await subject.venue.submit(orderOf(), NEVER);
      expect(buy).toEqual({
        orderId: 'order-1',
        status: 'filled',
        fills: [{ executionId: 'order-1-1', quantity: '1000', price: '1.0801', commission: '0' }],
      });
      const sell = await subject.venue.submit(orderOf({ clientOrderId: 'order-2', side: 'sell' }), NEVER);
      expect(sell.fills.map(({ price }) => price)).toEqual(['1.08']);
    });

    test('rejects a market order while it has no quote, and an instrument it does not know, with a reason', async () => {
      expect(await subject.venue.submit(orderOf(), NEVER)).toMatchObject({
        status: 'rejected',
        reason: 'no quote of EURUSD',
      });
      const unknown = orderOf({ clientOrderId: 'order-2', symbol: 'NOPE', orderType: 'limit' });
      expect(await subject.venue.submit(unknown, NEVER)).toMatchObject({ status: 'rejected', fills: [] });
    });

    test('answers a repeated submit with the present state and never fills it again', async () => {
      await subject.quote(quoteOf());
      const first = await subject.venue.submit(orderOf(), NEVER);
      await subject.quote(quoteOf(1.2));
      expect(await subject.venue.submit(orderOf({ quantity: '5000' }), NEVER)).toEqual(first);
      expect(await subject.venue.lookup('order-1', NEVER)).toEqual(first);
    });

    test('lets a limit order rest, reports its fill later, at its limit', async () => {
      await subject.quote(quoteOf());
      const limit = orderOf({ orderType: 'limit', price: '1.079' });
      expect(await subject.venue.submit(limit, NEVER)).toEqual({ orderId: 'order-1', status: 'accepted', fills: [] });
      await subject.quote(quoteOf(1.0795));
      await subject.quote(quoteOf(1.078));
      await heard(1);
      expect(news).toHaveLength(1);
      expect(news[0]).toMatchObject({ orderId: 'order-1', status: 'filled' });
      expect(news[0]?.fills.map(({ price, quantity }) => [price, quantity])).toEqual([['1.079', '1000']]);
    });

    test('fills a limit order that is marketable at the better price of the market', async () => {
      await subject.quote(quoteOf());
      const answer = await subject.venue.submit(orderOf({ orderType: 'limit', price: '1.09' }), NEVER);
      expect(answer.fills.map(({ price }) => price)).toEqual(['1.0801']);
    });

    test('keeps a stop until its price is reached and fills it at the market then', async () => {
      await subject.quote(quoteOf());
      const stop = orderOf({ orderType: 'stop', side: 'sell', stopPrice: '1.079' });
      expect((await subject.venue.submit(stop, NEVER)).status).toBe('accepted');
      await subject.quote(quoteOf(1.0785));
      await heard(1);
      expect(news[0]?.fills.map(({ price }) => price)).toEqual(['1.0785']);
    });

    test('cancels what rests, for good; what has filled stays filled, what it never had is absent', async () => {
      await subject.quote(quoteOf());
      await subject.venue.submit(orderOf({ orderType: 'limit', price: '1.07' }), NEVER);
      expect((await subject.venue.cancel('order-1', NEVER)).status).toBe('canceled');
      await subject.quote(quoteOf(1.06));
      expect(await subject.venue.lookup('order-1', NEVER)).toMatchObject({ status: 'canceled', fills: [] });
      await subject.venue.submit(orderOf({ clientOrderId: 'order-2' }), NEVER);
      expect(await subject.venue.cancel('order-2', NEVER)).toMatchObject({ status: 'filled' });
      expect((await subject.venue.cancel('order-3', NEVER)).status).toBe('absent');
      expect((await subject.venue.lookup('order-3', NEVER)).status).toBe('absent');
    });

    test('ends an immediate-or-cancel order at once when its price is not there', async () => {
      await subject.quote(quoteOf());
      const ioc = orderOf({ orderType: 'limit', price: '1.07', timeInForce: 'IOC' });
      const answer = await subject.venue.submit(ioc, NEVER);
      expect(answer.status).toBe('canceled');
      expect(filledQuantity(answer)).toBe('0');
    });

    test('tells all open orders and positions of one moment, short ones too, and nothing that is flat or has ended', async () => {
      const { venue } = subject;
      await subject.quote(quoteOf());
      expect(await venue.snapshot(NEVER)).toEqual({ orders: [], positions: [] });
      await venue.submit(orderOf(), NEVER);
      await subject.quote(quoteOf(1.09));
      await venue.submit(orderOf({ clientOrderId: 'order-2', quantity: '3000' }), NEVER);
      await venue.submit(orderOf({ clientOrderId: 'order-3', accountId: 'account-2', side: 'sell' }), NEVER);
      await venue.submit(orderOf({ clientOrderId: 'order-4', accountId: 'account-3' }), NEVER);
      await venue.submit(orderOf({ clientOrderId: 'order-5', accountId: 'account-3', side: 'sell' }), NEVER);
      await venue.submit(orderOf({ clientOrderId: 'order-6', orderType: 'limit', price: '1.07' }), NEVER);
      await venue.submit(orderOf({ clientOrderId: 'order-7', orderType: 'limit', price: '1.06' }), NEVER);
      await venue.cancel('order-7', NEVER);
      const { orders, positions } = await venue.snapshot(NEVER);
      expect(orders).toEqual([
        {
          ...{ clientOrderId: 'order-6', accountId: 'account-1', symbol: 'EURUSD', side: 'buy', price: '1.07' },
          ...{ filledQuantity: '0', leavesQuantity: '1000' },
        },
      ]);
      expect(positions).toEqual([
        { accountId: 'account-1', symbol: 'EURUSD', quantity: '4000', averagePrice: '1.0876' },
        { accountId: 'account-2', symbol: 'EURUSD', quantity: '-1000', averagePrice: '1.09' },
      ]);
    });

    test('a listener that has left hears nothing', async () => {
      await subject.quote(quoteOf());
      const left: VenueReport[] = [];
      subject.venue.onReport((report) => left.push(report))();
      await subject.venue.submit(orderOf({ orderType: 'limit', price: '1.079' }), NEVER);
      await subject.quote(quoteOf(1.078));
      await heard(1);
      expect(left).toEqual([]);
    });
  });
}
