/** `floor` against its rules written down a second time in whole numbers, and the cases that people ask about. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planOf, whole } from '../runs/testing/plans.ts';
import { quotesOf, quoteWalkOf, T0 } from '../runs/testing/series.ts';
import { floorByHand } from './testing/floor-by-hand.ts';

const tenths = (units: number): number => Math.round(units / 1_000);

test('fills as its rules say, for any parameters on any walk', () => {
  const rules = fc.record({
    base_units: fc.constantFrom(1, 1_000),
    momentum_lookback: fc.integer({ min: 1, max: 20 }),
    take_profit_pips: fc.integer({ min: 1, max: 12 }),
    retracement_pips: fc.integer({ min: 1, max: 12 }),
    max_retracements: fc.integer({ min: 0, max: 3 }),
    unit_increment: fc.constantFrom(0, 1, 2),
    max_layers: fc.integer({ min: 1, max: 4 }),
  });
  let layers = 0;
  fc.assert(
    fc.property(fc.integer(), rules, (seed, given) => {
      const ticks = quoteWalkOf(String(seed), 500);
      const quotes = Array.from(ticks.bid, (bid, row) => [tenths(bid), tenths(ticks.ask[row]!)] as const);
      const expected = floorByHand(quotes, given);
      const { events } = whole(planOf('floor', 'EURUSD', given), ticks);
      const filled = events.flatMap((event) => (event.type === 'trade_executed' ? [event] : []));
      expect(
        filled.map(({ at, action, layer, direction, units, price }) => [
          (at - T0) / 1_000,
          action,
          layer,
          direction,
          units,
          Math.round(price * 2e5) / 2,
        ]),
      ).toEqual(
        expected.map(({ row, kind, layer, direction, units, price }) => [
          row,
          kind,
          layer,
          direction > 0 ? 'long' : 'short',
          units,
          price,
        ]),
      );
      layers = Math.max(layers, ...filled.map(({ layer }) => layer));
    }),
    { seed: 5, numRuns: 200 },
  );
  expect(layers).toBeGreaterThanOrEqual(3);
});

const RULES = { momentum_lookback: 1, take_profit_pips: 10, retracement_pips: 10, max_retracements: 2 };

test('an entry buys at the ask, further ones at growing units, and all close together at the bid', () => {
  const quotes = [
    [1.08, 1.0801],
    [1.081, 1.0811],
    [1.0801, 1.0802],
    [1.0791, 1.0792],
    [1.0809, 1.081],
  ] as const;
  const { trades, events } = whole(planOf('floor', 'EURUSD', RULES), quotesOf(quotes));
  expect(events.filter(({ type }) => type === 'strategy_signal')).toMatchObject([
    { signal: 'buy', layer: 1, price: 1.0811 },
    { signal: 'buy', layer: 1, price: 1.0802 },
    { signal: 'buy', layer: 1, price: 1.0792 },
  ]);
  expect(trades).toMatchObject([
    { units: 1_000, entryPrice: 1.0811, exitPrice: 1.0809, retracementCount: 0, pnl: -0.2, reason: 'strategy' },
    { units: 2_000, entryPrice: 1.0802, exitPrice: 1.0809, retracementCount: 1, pnl: 1.4, reason: 'strategy' },
    { units: 3_000, entryPrice: 1.0792, exitPrice: 1.0809, retracementCount: 2, pnl: 5.1, reason: 'strategy' },
  ]);
});

test('an unchanged mid waits, however bid and ask make it up', () => {
  const quotes = Array.from({ length: 50 }, (_, row) =>
    row % 2 === 0 ? ([1.08, 1.0803] as const) : ([1.0801, 1.0802] as const),
  );
  expect(whole(planOf('floor', 'EURUSD', RULES), quotesOf(quotes)).events).toEqual([]);
});
