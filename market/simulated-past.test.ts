/** The invented time before an invented market: seeded, in order, marked, leading to where the market starts. */
import { expect, test } from 'vitest';
import { findInstrument, INSTRUMENTS, type Instrument } from '../domain/instrument.ts';
import { seededRandom } from '../runtime/simulated/random.ts';
import { openQuoteFilter } from './feed.ts';
import { simulatedMarket } from './simulated.ts';
import { simulatedPast } from './simulated-past.ts';
import { openTickPath } from './tick-path.ts';

const END = Date.UTC(2026, 0, 5, 12, 0, 7);
const past = (instrument: Instrument, seed: string) => [...simulatedPast(instrument, seededRandom(seed), END)];

test.each(INSTRUMENTS.map((instrument) => [instrument.symbol, instrument] as const))(
  'the past of %s is believable, marked, and ends at the price at which its market starts',
  (_symbol, instrument) => {
    const quotes = past(instrument, 'a');
    const filter = openQuoteFilter();
    expect(quotes.every((quote) => quote.simulated && filter.accepts(quote))).toBe(true);
    const last = quotes[quotes.length - 1]!;
    expect(last.at).toBe(END);
    const { homePrice } = simulatedMarket(instrument);
    expect(Math.abs((last.bid + last.ask) / 2 / homePrice - 1)).toBeLessThan(0.001);
  },
);

test('the past gives as many minutes as the analysis reads', () => {
  let bars = 0;
  const path = openTickPath([60_000], ({ type }) => (bars += type === 'market.bar' ? 1 : 0));
  for (const quote of past(findInstrument('AAPL') as Instrument, 'a')) path.tick(quote);
  expect(bars).toBe(120);
});

test('the same seed gives the same past, another seed another one', () => {
  const instrument = findInstrument('AAPL') as Instrument;
  expect(past(instrument, 'a')).toEqual(past(instrument, 'a'));
  expect(past(instrument, 'a')).not.toEqual(past(instrument, 'b'));
});
