/** What every venue must do, in one suite that each of them runs: an order's life as the port promises it. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Venue, VenueOrder, VenueReport } from '../../agents/venue.ts';
import { plus } from '../../domain/decimal.ts';
import type { Quote } from '../../messages/market.ts';
import { NEVER, orderOf, quoteOf } from './fixtures.ts';

export interface VenueUnderTest {
  readonly venue: Venue;
  quote(quote: Quote): Promise<void>;
  close(): Promise<void>;
}

/** What is traded: prices are steps away from where the market stands, so that the suite fits what a venue lists. */
export interface Ground {
  readonly symbol: string;
  /** The least quantity that is traded here. */
  readonly unit: number;
  readonly price: number;
  readonly step: number;
  readonly decimals: number;
  /** Of the first fill of the first order, where the venue's own ids can be foretold. */
  readonly executionId?: string;
}

const EURUSD: Ground = {
  ...{ symbol: 'EURUSD', unit: 1000, price: 1.08, step: 0.0001, decimals: 5, executionId: 'order-1-1' },
};

const filledQuantity = ({ fills }: VenueReport): string =>
  fills.reduce((sum, { quantity }) => plus(sum, quantity), '0');

export function describeVenue(name: string, open: () => Promise<VenueUnderTest>, ground: Ground = EURUSD): void {
  const { symbol, unit, step, executionId = expect.any(String) } = ground;
  const priceAt = (steps: number): number => Number((ground.price + steps * step).toFixed(ground.decimals));
  const at = (steps: number): string => String(priceAt(steps));
  const quote = (steps = 0): Quote => quoteOf(priceAt(steps), priceAt(steps + 1), { symbol });
  const order = (fields: Partial<VenueOrder> = {}): VenueOrder =>
    orderOf({ symbol, quantity: String(unit), price: at(1), ...fields });
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
      await subject.quote(quote());
      const buy = await subject.venue.submit(order(), NEVER);
      expect(buy).toEqual({
        orderId: 'order-1',
        status: 'filled',
        fills: [{ executionId, quantity: String(unit), price: at(1), commission: '0' }],
      });
      const sell = await subject.venue.submit(order({ clientOrderId: 'order-2', side: 'sell' }), NEVER);
      expect(sell.fills.map(({ price }) => price)).toEqual([at(0)]);
    });

    test('rejects a market order while it has no quote, and an instrument it does not know, with a reason', async () => {
      expect(await subject.venue.submit(order(), NEVER)).toMatchObject({
        status: 'rejected',
        reason: expect.stringContaining(`no quote of ${symbol}`),
      });
      const unknown = order({ clientOrderId: 'order-2', symbol: 'NOPE', orderType: 'limit' });
      expect(await subject.venue.submit(unknown, NEVER)).toMatchObject({ status: 'rejected', fills: [] });
    });

    test('answers a repeated submit with the present state and never fills it again', async () => {
      await subject.quote(quote());
      const first = await subject.venue.submit(order(), NEVER);
      await subject.quote(quote(1200));
      expect(await subject.venue.submit(order({ quantity: String(5 * unit) }), NEVER)).toEqual(first);
      expect(await subject.venue.lookup('order-1', NEVER)).toEqual(first);
    });

    test('lets a limit order rest, reports its fill later, at its limit', async () => {
      await subject.quote(quote());
      const limit = order({ orderType: 'limit', price: at(-10) });
      expect(await subject.venue.submit(limit, NEVER)).toEqual({ orderId: 'order-1', status: 'accepted', fills: [] });
      await subject.quote(quote(-5));
      await subject.quote(quote(-20));
      await heard(1);
      expect(news).toHaveLength(1);
      expect(news[0]).toMatchObject({ orderId: 'order-1', status: 'filled' });
      expect(news[0]?.fills.map(({ price, quantity }) => [price, quantity])).toEqual([[at(-10), String(unit)]]);
    });

    test('fills a limit order that is marketable at the better price of the market', async () => {
      await subject.quote(quote());
      const answer = await subject.venue.submit(order({ orderType: 'limit', price: at(100) }), NEVER);
      expect(answer.fills.map(({ price }) => price)).toEqual([at(1)]);
    });

    test('keeps a stop until its price is reached and fills it at the market then', async () => {
      await subject.quote(quote());
      const stop = order({ orderType: 'stop', side: 'sell', stopPrice: at(-10) });
      expect((await subject.venue.submit(stop, NEVER)).status).toBe('accepted');
      await subject.quote(quote(-15));
      await heard(1);
      expect(news[0]?.fills.map(({ price }) => price)).toEqual([at(-15)]);
    });

    test('cancels what rests, for good; what has filled stays filled, what it never had is absent', async () => {
      await subject.quote(quote());
      await subject.venue.submit(order({ orderType: 'limit', price: at(-100) }), NEVER);
      expect((await subject.venue.cancel('order-1', NEVER)).status).toBe('canceled');
      await subject.quote(quote(-200));
      expect(await subject.venue.lookup('order-1', NEVER)).toMatchObject({ status: 'canceled', fills: [] });
      await subject.venue.submit(order({ clientOrderId: 'order-2' }), NEVER);
      expect(await subject.venue.cancel('order-2', NEVER)).toMatchObject({ status: 'filled' });
      expect((await subject.venue.cancel('order-3', NEVER, Date.now())).status).toBe('absent');
      expect((await subject.venue.lookup('order-3', NEVER, Date.now())).status).toBe('absent');
    });

    test('ends an immediate-or-cancel order at once when its price is not there', async () => {
      await subject.quote(quote());
      const ioc = order({ orderType: 'limit', price: at(-100), timeInForce: 'IOC' });
      const answer = await subject.venue.submit(ioc, NEVER);
      expect(answer.status).toBe('canceled');
      expect(filledQuantity(answer)).toBe('0');
    });

    test('tells all open orders and positions of one moment, short ones too, and nothing that is flat or has ended', async () => {
      const { venue } = subject;
      await subject.quote(quote());
      expect(await venue.snapshot(NEVER)).toMatchObject({ orders: [], positions: [] });
      await venue.submit(order(), NEVER);
      await subject.quote(quote(100));
      await venue.submit(order({ clientOrderId: 'order-2', quantity: String(3 * unit) }), NEVER);
      await venue.submit(order({ clientOrderId: 'order-3', accountId: 'account-2', side: 'sell' }), NEVER);
      await venue.submit(order({ clientOrderId: 'order-4', accountId: 'account-3' }), NEVER);
      await venue.submit(order({ clientOrderId: 'order-5', accountId: 'account-3', side: 'sell' }), NEVER);
      await venue.submit(order({ clientOrderId: 'order-6', orderType: 'limit', price: at(-100) }), NEVER);
      await venue.submit(order({ clientOrderId: 'order-7', orderType: 'limit', price: at(-200) }), NEVER);
      await venue.cancel('order-7', NEVER);
      const { orders, positions } = await venue.snapshot(NEVER);
      expect(orders).toEqual([
        {
          ...{ clientOrderId: 'order-6', accountId: 'account-1', symbol, side: 'buy', price: at(-100) },
          ...{ filledQuantity: '0', leavesQuantity: String(unit) },
        },
      ]);
      expect(positions).toEqual([
        { accountId: 'account-1', symbol, quantity: String(4 * unit), averagePrice: at(76) },
        { accountId: 'account-2', symbol, quantity: String(-unit), averagePrice: at(100) },
      ]);
    });

    test('a listener that has left hears nothing', async () => {
      await subject.quote(quote());
      const left: VenueReport[] = [];
      subject.venue.onReport((report) => left.push(report))();
      await subject.venue.submit(order({ orderType: 'limit', price: at(-10) }), NEVER);
      await subject.quote(quote(-20));
      await heard(1);
      expect(left).toEqual([]);
    });
  });
}
