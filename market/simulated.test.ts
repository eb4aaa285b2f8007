/** The invented market: seeded, on the tick, never crossed, changing its regime, starting where the contracts expect it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exact } from '../domain/decimal.ts';
import { findInstrument, INSTRUMENTS, type Instrument } from '../domain/instrument.ts';
import { isOnTick } from '../domain/money.ts';
import type { Quote } from '../messages/market.ts';
import { seededRandom } from '../runtime/simulated/random.ts';
import { type SimulatedState, simulatedMarket, startSimulated, stepSimulated } from './simulated.ts';

interface Walk {
  readonly quotes: readonly Quote[];
  readonly states: readonly SimulatedState[];
}

function walk(instrument: Instrument, seed: string, steps: number, dtMs = 1_000): Walk {
  const market = simulatedMarket(instrument);
  const random = seededRandom(seed);
  const quotes: Quote[] = [];
  const states: SimulatedState[] = [];
  let state = startSimulated(market);
  for (let step = 0; step < steps; step += 1) {
    const tick = stepSimulated(market, state, random, step === 0 ? 0 : dtMs, step * dtMs);
    state = tick.state;
    quotes.push(tick.quote);
    states.push(state);
  }
  return { quotes, states };
}

test.each(INSTRUMENTS.map((instrument) => [instrument.symbol, instrument] as const))(
  '%s starts below its reference price, so that a buy limit there is marketable',
  (_symbol, instrument) => {
    const [first] = walk(instrument, 'start', 1).quotes;
    const reference = Number(instrument.referencePrice);
    expect(first?.ask).toBeLessThan(reference);
    expect(first?.bid).toBeGreaterThan(reference * 0.99);
  },
);

test('every quote is on the tick, positive and not crossed, for any seed and step', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...INSTRUMENTS),
      fc.string(),
      fc.integer({ min: 1, max: 3_600_000 }),
      (instrument, seed, dtMs) => {
        for (const { bid, ask, last, volume } of walk(instrument, seed, 50, dtMs).quotes) {
          expect(bid).toBeGreaterThan(0);
          expect(ask).toBeGreaterThan(bid);
          expect([bid, ask]).toContain(last);
          expect(volume).toBeGreaterThanOrEqual(0);
          expect(isOnTick(exact(bid).toFixed(), instrument.tickSize)).toBe(true);
        }
      },
    ),
    { numRuns: 50, seed: 1 },
  );
});

test('the same seed gives the same market, another seed another one', () => {
  const instrument = findInstrument('EURUSD') as Instrument;
  expect(walk(instrument, 'a', 500).quotes).toEqual(walk(instrument, 'a', 500).quotes);
  expect(walk(instrument, 'a', 500).quotes).not.toEqual(walk(instrument, 'b', 500).quotes);
});

test('within a day every regime comes up, and volatile moves more than quiet', () => {
  const { states } = walk(findInstrument('EURUSD') as Instrument, 'regimes', 86_400);
  const moves: Record<string, { sum: number; count: number }> = {};
  states.forEach((state, index) => {
    const before = states[index - 1];
    if (!before || before.regime !== state.regime) return;
    const move = moves[state.regime] ?? { sum: 0, count: 0 };
    moves[state.regime] = { sum: move.sum + Math.abs(Math.log(state.mid / before.mid)), count: move.count + 1 };
  });
  const mean = (regime: string): number => (moves[regime]?.sum ?? 0) / (moves[regime]?.count ?? 1);
  expect(Object.keys(moves).sort()).toEqual(['quiet', 'range', 'trend', 'volatile']);
  expect(mean('volatile')).toBeGreaterThan(2 * mean('quiet'));
});
