/** The paper venue in this process: the port's suite, and what is its own: expiry without quotes, restarts, a book that fails. */
import { expect, test } from 'vitest';
import type { VenueReport } from '../../agents/venue.ts';
import { SimulatedClock } from '../../runtime/simulated/clock.ts';
import { seededRandom } from '../../runtime/simulated/random.ts';
import { memoryBook, type PaperBook } from './book.ts';
import { describeVenue } from './conformance.ts';
import { NEVER, orderOf, quoteOf, T0 } from './fixtures.ts';
import { openPaperVenue, type PaperVenue } from './venue.ts';

const matching = { slippageTicks: 0, commissionBps: '0', partialFillRatio: 0, random: seededRandom('venue') };

function open(
  book: PaperBook = memoryBook(),
  clock = new SimulatedClock(T0),
): { venue: PaperVenue; news: VenueReport[] } {
  const venue = openPaperVenue({ book, clock, matching });
  const news: VenueReport[] = [];
  venue.onReport((report) => news.push(report));
  return { venue, news };
}

describeVenue('in this process', async () => {
  const { venue } = open();
  return { venue, quote: async (quote) => venue.onQuote(quote), close: () => venue.close() };
});

test('a day order expires by the clock when no quote comes', async () => {
  const clock = new SimulatedClock(T0);
  const { venue, news } = open(memoryBook(), clock);
  await venue.submit(orderOf({ orderType: 'limit', price: '1.07', timeInForce: 'DAY' }), NEVER);
  await venue.submit(orderOf({ clientOrderId: 'order-2', orderType: 'limit', price: '1.07' }), NEVER);
  while (clock.step(T0 + 13 * 3_600_000));
  await venue.lookup('order-1', NEVER);
  expect(news.map(({ orderId, status }) => [orderId, status])).toEqual([['order-1', 'expired']]);
  expect((await venue.lookup('order-2', NEVER)).status).toBe('accepted');
});

test('resting orders of an older life are matched after a restart', async () => {
  const book = memoryBook();
  await open(book).venue.submit(orderOf({ orderType: 'limit', price: '1.07' }), NEVER);
  const { venue, news } = open(book);
  await venue.onQuote(quoteOf(1.06));
  expect(news).toMatchObject([{ orderId: 'order-1', status: 'filled' }]);
});

test('a tick that concerns no order costs no promise, one that fills many reports them in order of arrival', async () => {
  const { venue, news } = open();
  expect(venue.onQuote(quoteOf())).toBeUndefined();
  for (let n = 1; n <= 50; n += 1) {
    await venue.submit(orderOf({ clientOrderId: `order-${n}`, orderType: 'limit', price: `1.07${10 + n}` }), NEVER);
  }
  expect(venue.onQuote(quoteOf(1.0771))).toBeUndefined();
  await venue.onQuote(quoteOf(1.07549, 1.0755));
  expect(news.map(({ orderId }) => orderId)).toEqual([
    'order-45',
    'order-46',
    'order-47',
    'order-48',
    'order-49',
    'order-50',
  ]);
  await venue.cancel('order-44', NEVER);
  expect(venue.onQuote(quoteOf(1.07535, 1.07536))).toBeUndefined();
});

test('a book that cannot be written makes answers unresolved and tells no news', async () => {
  const book: PaperBook = { ...memoryBook(), put: () => Promise.reject(new Error('disk full')) };
  const { venue, news } = open(book);
  await venue.onQuote(quoteOf());
  expect(await venue.submit(orderOf(), NEVER)).toMatchObject({ status: 'unresolved', reason: 'disk full', fills: [] });
  expect(news).toEqual([]);
});

test('a submit that was given up before the hand-over leaves no order', async () => {
  const { venue } = open();
  expect((await venue.submit(orderOf(), AbortSignal.abort())).status).toBe('unresolved');
  expect((await venue.lookup('order-1', NEVER)).status).toBe('absent');
});
