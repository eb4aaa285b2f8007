/**
 * What a run says of itself, as it happens: events, closed trades and equity points, each kind with its own sequence from 1 without a
 * gap. Invariant: what was taken is never said again, also not after a checkpoint.
 */
import {
  type EquityPoint,
  EXIT_REASONS,
  type ExitReason,
  type RunEvent,
  type RunTrade,
  type Told,
} from '../../domain/run.ts';
import { asPrice } from '../../strategies/prices.ts';
import type { Direction } from '../../strategies/strategy.ts';
import type { Lot } from './holdings.ts';
import { type ReadRow, Rows } from './rows.ts';

export interface RunPart {
  readonly events: Rows<RunEvent>;
  readonly trades: Rows<RunTrade>;
  readonly equity: Rows<EquityPoint>;
}

/** In favour of the position, in price. */
export const pointsOf = (entryPrice: number, exitPrice: number, direction: Direction): number =>
  asPrice((exitPrice - entryPrice) * direction);

export const directionName = (direction: number): 'long' | 'short' => (direction > 0 ? 'long' : 'short');

/** What an event row tells: an index into `told`, or one of these about a layer. */
const TOLD = 0;
const SIGNAL = 1;
const OPENED = 2;
const CLOSED = 3;
const KINDS = 4;
const EVENT_WIDTH = 4;
const TRADE_WIDTH = 11;
const POINT_WIDTH = 2;

/** A kind and a count as one number, negative for what is short: the fewer numbers a row has, the less memory a run has to be given. */
const packed = (direction: number, count: number, kind: number, kinds: number): number =>
  direction * (count * kinds + kind);
const countOf = (code: number, kinds: number): number => Math.floor(Math.abs(code) / kinds);
const kindOf = (code: number, kinds: number): number => Math.abs(code) % kinds;

/** The first one is the most frequent one, and is found without a search. */
const codeOf = (reason: ExitReason): number => (reason === EXIT_REASONS[0] ? 0 : EXIT_REASONS.indexOf(reason));

/** How an entry was closed; one record that is written anew for each, with fractions in the fields that become fractions. */
export class Closing {
  at = 0.5;
  price = 0.5;
  pnl = 0.5;
  /** Of both sides. */
  commission = 0.5;
  reason: ExitReason = 'strategy';
}

export class RunLog {
  private eventSequence = 0;
  private tradeSequence = 0;
  private equitySequence = 0;
  /** What is told in words, rarely. */
  #told: Told[] = [];
  #events = new Rows(EVENT_WIDTH, readEvent(this.#told));
  #trades = new Rows(TRADE_WIDTH, readTrade);
  #equity = new Rows(POINT_WIDTH, readPoint);

  signal(at: number, direction: Direction, layer: number, price: number): void {
    this.event(at, SIGNAL, direction, layer, 0, price);
  }

  opened(at: number, direction: Direction, layer: number, units: number, price: number): void {
    this.event(at, OPENED, direction, layer, units, price);
  }

  /** A closed entry: the event of its execution, and the trade with the extremes of its closing price, the exit's included. */
  closed(lot: Lot, { at, price, pnl, commission, reason }: Closing): void {
    const { entry, price: entryPrice, low, high } = lot;
    const { direction, layer, units } = entry;
    this.event(at, CLOSED, direction, layer, units, price);
    this.tradeSequence += 1;
    const offset = this.#trades.add(this.tradeSequence);
    const row = this.#trades.numbers;
    row[offset] = packed(direction, layer, codeOf(reason), EXIT_REASONS.length);
    row[offset + 1] = entry.retracementCount ?? 0;
    row[offset + 2] = units;
    row[offset + 3] = lot.at;
    row[offset + 4] = entryPrice;
    row[offset + 5] = at;
    row[offset + 6] = price;
    row[offset + 7] = pnl;
    row[offset + 8] = commission;
    row[offset + 9] = Math.min(low, price);
    row[offset + 10] = Math.max(high, price);
  }

  told(at: number, told: Told): void {
    this.#told.push(told);
    this.event(at, TOLD, 1, this.#told.length - 1, 0, 0);
  }

  point(at: number, balance: number): void {
    this.equitySequence += 1;
    const offset = this.#equity.add(this.equitySequence);
    const row = this.#equity.numbers;
    row[offset] = at;
    row[offset + 1] = balance;
  }

  /** What was said and not taken. */
  get length(): number {
    return this.#events.length + this.#trades.length + this.#equity.length;
  }

  take(): RunPart {
    const part = { events: this.#events, trades: this.#trades, equity: this.#equity };
    this.#told = [];
    this.#events = new Rows(EVENT_WIDTH, readEvent(this.#told));
    this.#trades = new Rows(TRADE_WIDTH, readTrade);
    this.#equity = new Rows(POINT_WIDTH, readPoint);
    return part;
  }

  private event(at: number, kind: number, direction: number, layer: number, units: number, price: number): void {
    this.eventSequence += 1;
    const offset = this.#events.add(this.eventSequence);
    const row = this.#events.numbers;
    row[offset] = at;
    row[offset + 1] = packed(direction, layer, kind, KINDS);
    row[offset + 2] = units;
    row[offset + 3] = price;
  }
}

const readEvent =
  (told: readonly Told[]): ReadRow<RunEvent> =>
  (row, offset, sequence) => {
    const [at, code] = [row[offset]!, row[offset + 1]!];
    const [kind, layer] = [kindOf(code, KINDS), countOf(code, KINDS)];
    if (kind === TOLD) return { sequence, at, ...told[layer]! };
    const [units, price] = [row[offset + 2]!, row[offset + 3]!];
    if (kind === SIGNAL) {
      return { sequence, at, type: 'strategy_signal', signal: code > 0 ? 'buy' : 'sell', layer, price };
    }
    const action = kind === OPENED ? 'open' : 'close';
    return { sequence, at, type: 'trade_executed', action, direction: directionName(code), layer, units, price };
  };

const readTrade: ReadRow<RunTrade> = (row, offset, sequence) => {
  const code = row[offset]!;
  const [entryPrice, exitPrice] = [row[offset + 4]!, row[offset + 6]!];
  const below = asPrice(entryPrice - row[offset + 9]!);
  const above = asPrice(row[offset + 10]! - entryPrice);
  const isLong = code > 0;
  return {
    sequence,
    direction: directionName(code),
    layer: countOf(code, EXIT_REASONS.length),
    retracementCount: row[offset + 1]!,
    units: row[offset + 2]!,
    entryAt: row[offset + 3]!,
    entryPrice,
    exitAt: row[offset + 5]!,
    exitPrice,
    points: pointsOf(entryPrice, exitPrice, isLong ? 1 : -1),
    pnl: row[offset + 7]!,
    commission: row[offset + 8]!,
    adversePoints: isLong ? below : above,
    favourablePoints: isLong ? above : below,
    reason: EXIT_REASONS[kindOf(code, EXIT_REASONS.length)]!,
  };
};

const readPoint: ReadRow<EquityPoint> = (row, offset, sequence) => ({
  sequence,
  at: row[offset]!,
  balance: row[offset + 1]!,
});
