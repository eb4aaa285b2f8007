/**
 * The simulated market as a feed: one step a second of market time and instrument. Invariants: the same seed and the same times
 * of steps give the same prices, each instrument from a stream of its own; a timer that came late is one longer step.
 */
import type { Instrument } from '../../domain/instrument.ts';
import { type MarketScript, steeringOf } from '../../market/script.ts';
import { type SimulatedState, simulatedMarket, startSimulated, stepSimulated } from '../../market/simulated.ts';
import type { MarketSource } from '../../market/source.ts';
import type { Quote } from '../../messages/market.ts';
import type { Clock, Random } from '../../runtime/ports.ts';

export interface SimulatedFeedOptions {
  readonly instruments: readonly Instrument[];
  readonly clock: Pick<Clock, 'marketNow' | 'at'>;
  readonly random: Random;
  readonly stepMs?: number;
  /** Read at each step, so that what is added to it holds from then on. */
  readonly script?: MarketScript;
}

const STEP_MS = 1_000;

export function openSimulatedFeed({
  instruments,
  clock,
  random,
  stepMs = STEP_MS,
  script,
}: SimulatedFeedOptions): MarketSource {
  const walks = instruments.map((instrument) => {
    const market = simulatedMarket(instrument);
    return {
      market,
      random: random.fork(`market-${instrument.symbol}`),
      state: startSimulated(market) as SimulatedState,
    };
  });
  let position = 0;
  let lastAt: number | undefined;
  let cancel: (() => void) | undefined;
  let stopped = false;
  let telling: Promise<void> = Promise.resolve();

  async function step(emit: (quote: Quote) => void | Promise<void>): Promise<void> {
    const at = clock.marketNow();
    const dtMs = at - (lastAt ?? at);
    lastAt = at;
    for (const walk of walks) {
      const steering = script && steeringOf(script, walk.market.instrument.symbol, at - dtMs, at);
      const { state, quote } = stepSimulated(walk.market, walk.state, walk.random, dtMs, at, steering);
      walk.state = state;
      position += 1;
      await emit(quote);
    }
    if (!stopped) arm(emit, at + stepMs);
  }

  function arm(emit: (quote: Quote) => void | Promise<void>, due: number): void {
    cancel = clock.at('market', due, () => {
      telling = step(emit);
    });
  }

  return {
    name: 'simulated',
    start(emit) {
      telling = step(emit);
    },
    async stop() {
      stopped = true;
      cancel?.();
      await telling;
    },
    describe: () => ({
      kind: 'simulated',
      simulated: true,
      symbols: instruments.map(({ symbol }) => symbol),
      progress: { position, ended: false },
    }),
  };
}
