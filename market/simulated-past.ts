/**
 * What an invented market did before it began: a walk of its own that ends where the market starts, so that averages and a day's
 * open have something to stand on. Pure but for the random port; labelled as simulated like the market itself.
 */
import type { Instrument } from '../domain/instrument.ts';
import type { Quote } from '../messages/market.ts';
import type { Random } from '../runtime/ports.ts';
import { type SimulatedTick, simulatedMarket, startSimulated, stepSimulated } from './simulated.ts';

/** As many minutes as the analysis reads. */
const PAST_MS = 120 * 60_000;
const STEP_MS = 15_000;

/** Ascending, the last one at `endAt`. The first pass tells where the walk leads, the second begins so that it leads home. */
export function* simulatedPast(instrument: Instrument, random: Random, endAt: number): Generator<Quote, void> {
  const market = simulatedMarket(instrument);
  const walk = function* (mid: number): Generator<SimulatedTick, void> {
    const draws = random.fork('walk');
    let state = { ...startSimulated(market), mid, anchor: mid };
    for (let at = endAt - PAST_MS; at <= endAt; at += STEP_MS) {
      const tick = stepSimulated(market, state, draws, STEP_MS, at);
      state = tick.state;
      yield tick;
    }
  };
  let end = market.homePrice;
  for (const { state } of walk(market.homePrice)) end = state.mid;
  for (const { quote } of walk((market.homePrice * market.homePrice) / end)) yield quote;
}
