/**
 * An invented market: one seeded random walk an instrument that switches between trend, range, volatile and quiet regimes. Pure
 * but for the random port it draws from. Invariants: prices are positive and on the tick, bid < ask, time only moves by `dtMs`.
 */
import type { AssetClass, Instrument } from '../domain/instrument.ts';
import type { Quote } from '../messages/market.ts';
import type { Random } from '../runtime/ports.ts';
import type { Steering } from './script.ts';
import { type TickGrid, tickGrid } from './tick-grid.ts';

export const REGIMES = ['trend', 'range', 'volatile', 'quiet'] as const;
export type Regime = (typeof REGIMES)[number];

export interface SimulatedMarket {
  readonly instrument: Instrument;
  readonly grid: TickGrid;
  /** Where the walk starts and is drawn back to: half a percent below the reference, so that the contracts' buy limits trade. */
  readonly homePrice: number;
}

export interface SimulatedState {
  readonly mid: number;
  readonly regime: Regime;
  readonly regimeLeftMs: number;
  /** -1 or 1: where a trend goes. */
  readonly drift: number;
  /** What a range is drawn back to. */
  readonly anchor: number;
}

export interface SimulatedTick {
  readonly state: SimulatedState;
  readonly quote: Quote;
}

interface Temper {
  readonly volatility: number;
  readonly spread: number;
  readonly volume: number;
  readonly dwellMs: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const TEMPERS: Readonly<Record<Regime, Temper>> = {
  trend: { volatility: 1, spread: 1, volume: 1.4, dwellMs: 25 * MINUTE_MS },
  range: { volatility: 0.8, spread: 1, volume: 1, dwellMs: 30 * MINUTE_MS },
  volatile: { volatility: 2.5, spread: 2, volume: 2.5, dwellMs: 8 * MINUTE_MS },
  quiet: { volatility: 0.4, spread: 1, volume: 0.4, dwellMs: 20 * MINUTE_MS },
};

/** A day's standard deviation as a ratio, the usual spread in basis points, units traded in a second. */
const CLASSES: Readonly<Record<AssetClass, { daily: number; spreadBps: number; volume: number }>> = {
  fx: { daily: 0.006, spreadBps: 0.8, volume: 400_000 },
  metal: { daily: 0.01, spreadBps: 1, volume: 40 },
  crypto: { daily: 0.03, spreadBps: 1.5, volume: 0.5 },
  future: { daily: 0.012, spreadBps: 0.2, volume: 8 },
  equity: { daily: 0.015, spreadBps: 1, volume: 900 },
};

const NO_STEERING: Steering = { shockLog: 0 };
/** A trend's expected move in one dwell, in standard deviations of the same time. */
const TREND_STRENGTH = 1.5;
const RANGE_PULL_PER_MS = 1 / (10 * MINUTE_MS);
const HOME_PULL_PER_MS = 1 / (2 * DAY_MS);

export function simulatedMarket(instrument: Instrument): SimulatedMarket {
  const grid = tickGrid(instrument.tickSize);
  const homePrice = grid.price(grid.ticks(Number(instrument.referencePrice) * 0.995));
  return { instrument, grid, homePrice };
}

export function startSimulated(market: SimulatedMarket): SimulatedState {
  return { mid: market.homePrice, regime: 'range', regimeLeftMs: 5 * MINUTE_MS, drift: 1, anchor: market.homePrice };
}

/** The market `dtMs` later; `at` is the market time of the new quote. What `steering` leaves out is drawn. */
export function stepSimulated(
  market: SimulatedMarket,
  before: SimulatedState,
  random: Random,
  dtMs: number,
  at: number,
  steering: Steering = NO_STEERING,
): SimulatedTick {
  const state = regimeOf(before, random, dtMs, steering);
  const { regime, regimeLeftMs, drift, anchor } = state;
  const temper = TEMPERS[regime];
  const { daily, spreadBps, volume } = CLASSES[market.instrument.assetClass];
  const { volatilityDailyRatio = daily * temper.volatility, driftDailyRatio, shockLog } = steering;
  const deviation = volatilityDailyRatio * Math.sqrt(dtMs / DAY_MS);
  const expected =
    driftDailyRatio === undefined ? expectedMove(market, state, daily, dtMs) : (driftDailyRatio * dtMs) / DAY_MS;
  const move = deviation * normal(random) + expected + shockLog;
  const mid = Math.max(state.mid * Math.exp(move), market.grid.price(10));
  const usual = mid * spreadBps * 1e-4 * temper.spread * (0.7 + 0.6 * random.next());
  const spreadTicks = Math.max(1, market.grid.ticks(usual));
  const bidTicks = market.grid.ticks(mid) - Math.floor(spreadTicks / 2);
  const bid = market.grid.price(bidTicks);
  const ask = market.grid.price(bidTicks + spreadTicks);
  const traded = Math.round(volume * temper.volume * (dtMs / 1000) * -Math.log(1 - random.next()) * 100) / 100;
  const last = random.next() < 0.5 ? bid : ask;
  return {
    // Spelled out: at each tick of each instrument, a spread is felt.
    state: { mid, regime, regimeLeftMs: regimeLeftMs - dtMs, drift, anchor },
    quote: {
      type: 'market.quote',
      at,
      symbol: market.instrument.symbol,
      bid,
      ask,
      last,
      volume: traded,
      simulated: true,
    },
  };
}

/** Who is told a regime stays in it as long as that holds. */
function regimeOf(before: SimulatedState, random: Random, dtMs: number, { regime }: Steering): SimulatedState {
  if (regime !== undefined) return before.regime === regime ? before : { ...before, regime, anchor: before.mid };
  return before.regimeLeftMs > dtMs ? before : switchRegime(before, random);
}

/** The next regime is any other one, for an exponentially distributed time. */
function switchRegime(state: SimulatedState, random: Random): SimulatedState {
  const others = REGIMES.filter((regime) => regime !== state.regime);
  const regime = others[Math.floor(random.next() * others.length)] ?? 'range';
  const regimeLeftMs = Math.max(MINUTE_MS, TEMPERS[regime].dwellMs * -Math.log(1 - random.next()));
  return { mid: state.mid, regime, regimeLeftMs, drift: random.next() < 0.5 ? -1 : 1, anchor: state.mid };
}

function expectedMove(market: SimulatedMarket, state: SimulatedState, daily: number, dtMs: number): number {
  const home = Math.log(market.homePrice / state.mid) * HOME_PULL_PER_MS * dtMs;
  if (state.regime === 'trend') {
    const dwellMs = TEMPERS.trend.dwellMs;
    return home + (state.drift * TREND_STRENGTH * daily * Math.sqrt(dwellMs / DAY_MS) * dtMs) / dwellMs;
  }
  if (state.regime === 'range') {
    return home + Math.log(state.anchor / state.mid) * Math.min(1, RANGE_PULL_PER_MS * dtMs);
  }
  return home;
}

/** Box and Muller; one of the pair, so that a step draws a fixed number. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}
