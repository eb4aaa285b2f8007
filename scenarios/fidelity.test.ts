/** One day through both fidelities: the loop over columns, and the whole product with its gates and its paper venue. The trades are the same. */
import { describe, expect, test, vi } from 'vitest';
import { openRecordedFeed } from '../adapters/feed/recorded.ts';
import type { RunTrade } from '../domain/run.ts';
import { priceOf, type TickColumns } from '../market/columns.ts';
import type { Quote } from '../messages/market.ts';
import { atQuotes, planOf, whole } from '../runs/testing/plans.ts';
import { hasSamples, minutesOf, nqTicks, printsOf, quoteWalkOf, T0, walkOf } from '../runs/testing/series.ts';
import { seededRandom } from '../runtime/simulated/random.ts';
import type { ProductSettings } from '../system/ports.ts';
import { withoutAmbient } from './ambient.ts';
import { limitsWith } from './run/limits.ts';
import { simulatedSettings } from './settings.ts';
import { RunDesk } from './testing/run-desk.ts';

vi.setConfig({ testTimeout: 300_000 });

const ACCOUNT = 'whole-day';
/** More than an order takes through the gates, the journal and the venue of a simulated world. */
const APART_MS = 100;

/** Nothing is in the way of an order. */
function permissive(): ProductSettings {
  const many = 1_000_000;
  const limits = limitsWith({
    orderRate: { max: many, windowMs: 60_000 },
    duplicate: { max: many, windowMs: 1_000 },
    repeats: { max: many, windowMs: 1_000 },
    accounts: { [ACCOUNT]: { exposureMax: '1000000000', dailyLossRatioMax: '1', drawdownRatioMax: '1' } },
  }) as NonNullable<ProductSettings['limits']>;
  return simulatedSettings({
    ...{ limits, autonomousThreshold: '1000000000', quotaDailyTrades: many, quotaDailyVolume: 1e15 },
    accounts: [
      {
        ...{ accountId: ACCOUNT, userId: 'user-123', name: ACCOUNT, currency: 'USD', deposit: '100000000' },
        ...{ venue: 'house', venueId: ACCOUNT, pack: 'house', leverage: null },
      },
    ],
  });
}

/** As a feed tells it: a print is both sides of the market. */
function quotesOf(symbol: string, { kind, length, atMs, bid, ask, price, volume }: TickColumns): Quote[] {
  return Array.from({ length }, (_, row) => ({
    ...{ type: 'market.quote', at: atMs[row]!, symbol, simulated: false, volume: volume[row]! },
    ...{ bid: priceOf(bid[row]!), ask: priceOf(ask[row]!) },
    last: kind === 'quotes' ? (priceOf(bid[row]!) + priceOf(ask[row]!)) / 2 : priceOf(price[row]!),
  }));
}

/** The same ticks, so far apart that an order comes to its end between two. */
const apart = (ticks: TickColumns, stepMs = APART_MS): TickColumns => ({
  ...ticks,
  atMs: ticks.atMs.map((_, row) => T0 + row * stepMs),
});

/** Never more than a tick at once. */
function tickByTick(seed: string, length: number): TickColumns {
  const random = seededRandom(seed);
  let price = 21_000;
  const prices = Array.from({ length }, () => {
    price += (Math.floor(random.next() * 3) - 1) * 0.25;
    return price;
  });
  return printsOf(prices, APART_MS);
}

/** A quarter of the price is gone at once, and back a while later; prices move on before, in between and behind. */
function gapAndBack(): TickColumns {
  const { length, price, atMs } = tickByTick('a gap', 1_200);
  const [from, until] = [400, 407];
  const factor = (row: number): number => (row >= from && row < until ? 0.75 : 1);
  const prices = Array.from({ length }, (_, row) => Math.round(priceOf(price[row]!) * factor(row) * 4) / 4);
  return { ...printsOf(prices, APART_MS), atMs };
}

interface Day {
  readonly strategy: string;
  readonly symbol: string;
  readonly parameters: Readonly<Record<string, number | string>>;
  readonly ticks: TickColumns;
  readonly granularity?: string;
}

/** What the strategy trades live on this day, stopped behind its last tick. */
async function lived({ strategy, symbol, parameters, ticks, granularity = 'ticks' }: Day) {
  const startsAt = ticks.atMs[0]! - 60_000;
  const day = quotesOf(symbol, ticks);
  // A live run is not started on a market of which nothing was ever told: one quote goes before, which the run does not see.
  const quotes = [{ ...day[0]!, at: startsAt + 20_000 }, ...day];
  const desk = await new RunDesk(`fidelity-${strategy}`, {
    ...{ settings: permissive(), symbols: [symbol], startsAt },
    market: ({ clock }) => openRecordedFeed({ quotes, symbols: [symbol], clock }),
  }).open();
  await desk.world.runUntil(startsAt + 30_000);
  const task = {
    task_type: 'trading',
    name: 'Day',
    strategy_type: strategy,
    instrument: symbol,
    parameters,
    granularity,
  };
  await desk.started({ ...task, account_id: ACCOUNT });
  await desk.world.runUntil(ticks.atMs[ticks.length - 1]! + APART_MS);
  await desk.post('1/stop/');
  const trades = (await desk.lines('trade')).map(({ payload }) => JSON.parse(payload) as RunTrade);
  const told = (await desk.lines('event'))
    .filter(({ kind }) => kind === 'error_occurred')
    .map(({ payload }) => payload);
  const balances = (await desk.lines('equity')).map(({ payload }) => Number(payload));
  return { trades, told, balances };
}

/** Everything of a trade but its times and what a run numbers. */
const substance = ({ entryAt: _entry, exitAt: _exit, sequence: _number, ...rest }: RunTrade) => rest;

/** A fill is heard a little after the tick that wanted it, and before the next one. */
function isALittleLate(live: readonly RunTrade[], past: readonly RunTrade[]): void {
  const late = live.flatMap((trade, index) => {
    const { entryAt = 0, exitAt = 0 } = past[index] ?? {};
    // What a person stopped ends when he stopped it.
    return trade.reason === 'end' ? [trade.entryAt - entryAt] : [trade.entryAt - entryAt, trade.exitAt - exitAt];
  });
  expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...late)).toBeLessThan(APART_MS);
}

const SCALP = { impulse: 1.5, pullback: 0.75, confirmation: 0.5, target: 1, stop: 1 };
const DAYS: readonly Day[] = [
  { strategy: 'max', symbol: 'NQ', parameters: SCALP, ticks: tickByTick('one tick at a time', 2_000) },
  { strategy: 'max', symbol: 'NQ', parameters: SCALP, ticks: gapAndBack() },
  {
    ...{ strategy: 'max', symbol: 'EURUSD', ticks: apart(quoteWalkOf('mids', 1_500)) },
    parameters: { impulse: 0.002, pullback: 0.001, confirmation: 0.0005, target: 0.2, stop: 0.001, quantity: 1_000 },
  },
  {
    ...{ strategy: 'floor', symbol: 'EURUSD', ticks: apart(quoteWalkOf('layers', 800)) },
    parameters: { momentum_lookback: 20, take_profit_pips: 12, retracement_pips: 15, max_retracements: 2 },
  },
];

describe('a day through the columns and through the whole product', () => {
  test.each(DAYS)('makes the same trades of $strategy on $symbol, balances included', (day) =>
    withoutAmbient(async () => {
      const live = await lived(day);
      const past = whole(atQuotes(planOf(day.strategy, day.symbol, day.parameters)), day.ticks);
      expect(past.trades.length).toBeGreaterThan(5);
      expect(live.trades.map(substance)).toEqual(past.trades.map(substance));
      isALittleLate(live.trades, past.trades);
      expect(live.balances).toEqual(past.equity.map(({ balance }) => balance));
      expect(live.told).toEqual([]);
    }),
  );

  test('differs by the jump over a target: a backtest books the target, the venue gives the price of the tick', () =>
    withoutAmbient(async () => {
      const day = { strategy: 'max', symbol: 'NQ', parameters: SCALP, ticks: apart(walkOf('jumps', 800)) };
      const live = await lived(day);
      const past = whole(planOf('max', 'NQ', SCALP), day.ticks);
      const { atMs, price } = day.ticks;
      const priceAt = (moment: number) => priceOf(price[atMs.indexOf(moment)] ?? 0);
      isALittleLate(live.trades, past.trades);
      const expected = past.trades.map((trade) => {
        const sign = trade.direction === 'long' ? 1 : -1;
        const exitPrice = trade.reason === 'target' ? priceAt(trade.exitAt) : trade.exitPrice;
        const points = (exitPrice - trade.entryPrice) * sign;
        expect(points).toBeGreaterThanOrEqual(trade.points);
        const favourablePoints = Math.max(trade.favourablePoints, points);
        return substance({ ...trade, exitPrice, points, pnl: points * 20, favourablePoints });
      });
      expect(live.trades.map(substance)).toEqual(expected);
      const jumped = past.trades.filter(({ points }, index) => points < (expected[index]?.points ?? 0));
      expect(jumped.length).toBeGreaterThan(5);
    }));

  test('fills what a closed bar decided at the first tick behind it, which a backtest calls the start of the next bar', () =>
    withoutAmbient(async () => {
      const day = {
        ...{ strategy: 'sma_cross', symbol: 'NQ', granularity: '1m' },
        ...{ parameters: { fast: 1, slow: 2 }, ticks: apart(walkOf('minutes', 3_000), 1_000) },
      };
      const live = await lived(day);
      const past = whole(planOf('sma_cross', 'NQ', day.parameters), minutesOf(day.ticks));
      expect(past.trades.length).toBeGreaterThan(10);
      // The last one ends with the day: here at its last tick, there at the last bar's open. Bars do not know the extremes between closes.
      const seen = (trades: readonly RunTrade[]) =>
        trades.slice(0, -1).map((trade) => ({ ...substance(trade), adversePoints: 0, favourablePoints: 0 }));
      expect(seen(live.trades)).toEqual(seen(past.trades));
      isALittleLate(live.trades.slice(0, -1), past.trades.slice(0, -1));
    }));

  test.skipIf(!hasSamples)('makes the same trades over real ticks (needs ../shared/data)', () =>
    withoutAmbient(async () => {
      const real = nqTicks();
      const ticks = apart({ ...real, length: 3_000, atMs: real.atMs.slice(0, 3_000) });
      const parameters = { impulse: 1, pullback: 0.75, confirmation: 0.5, target: 200, stop: 0.75 };
      const live = await lived({ strategy: 'max', symbol: 'NQ', parameters, ticks });
      const past = whole(planOf('max', 'NQ', parameters), ticks);
      expect(past.trades.length).toBeGreaterThan(5);
      expect(live.trades.map(substance)).toEqual(past.trades.map(substance));
      isALittleLate(live.trades, past.trades);
    }),
  );
});
