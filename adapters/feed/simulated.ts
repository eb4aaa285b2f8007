/**
 * The simulated market as a feed: one step a second of market time and instrument. Invariants: the same seed and the same times
 * of steps give the same prices, each instrument from a stream of its own; a timer that came late is one longer step.
 */
import type { Instrument } from '../../domain/instrument.ts';
import { type MarketScript, steeringOf } from '../../market/script.ts';
import {
  type SimulatedMarket,
  type SimulatedState,
  simulatedMarket,
  startSimulated,
  stepSimulated,
} from '../../market/simulated.ts';
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

type EmitQuote = (quote: Quote) => void | Promise<void>;

/** One instrument's way. */
interface Walk {
  readonly market: SimulatedMarket;
  readonly random: Random;
  state: SimulatedState;
}

function walkOf(instrument: Instrument, random: Random): Walk {
  const market = simulatedMarket(instrument);
  return { market, random: random.fork(`market-${instrument.symbol}`), state: startSimulated(market) };
}

function next(walk: Walk, dtMs: number, at: number, script: MarketScript | undefined): Quote {
  const steering = script && steeringOf(script, walk.market.instrument.symbol, at - dtMs, at);
  const { state, quote } = stepSimulated(walk.market, walk.state, walk.random, dtMs, at, steering);
  walk.state = state;
  return quote;
}

export function openSimulatedFeed(options: SimulatedFeedOptions): MarketSource {
  const { instruments, clock, random, stepMs = STEP_MS, script } = options;
  const walks = instruments.map((instrument) => walkOf(instrument, random));
  let position = 0;
  let lastAt: number | undefined;
  let cancel: (() => void) | undefined;
  let stopped = false;
  let telling: void | Promise<void>;

  /** Somebody who waits (a report that is on its way) is waited for before the next instrument moves; usually nobody does. */
  function step(emit: EmitQuote): void | Promise<void> {
    const at = clock.marketNow();
    const dtMs = at - (lastAt ?? at);
    lastAt = at;
    for (let index = 0; index < walks.length; index += 1) {
      const waits = move(walks[index]!, dtMs, at, emit);
      if (waits) return stepOn(waits, index + 1, dtMs, at, emit);
    }
    if (!stopped) arm(emit, at + stepMs);
  }

  async function stepOn(waits: Promise<void>, from: number, dtMs: number, at: number, emit: EmitQuote): Promise<void> {
    await waits;
    for (const walk of walks.slice(from)) await move(walk, dtMs, at, emit);
    if (!stopped) arm(emit, at + stepMs);
  }

  function move(walk: Walk, dtMs: number, at: number, emit: EmitQuote): void | Promise<void> {
    position += 1;
    return emit(next(walk, dtMs, at, script));
  }

  function arm(emit: EmitQuote, due: number): void {
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
