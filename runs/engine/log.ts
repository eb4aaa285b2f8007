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
import type { Direction } from '../../strategies/strategy.ts';
import { Rows } from './rows.ts';

export interface RunPart {
  readonly events: Rows<RunEvent>;
  readonly trades: Rows<RunTrade>;
  readonly equity: Rows<EquityPoint>;
}

export const directionName = (direction: number): 'long' | 'short' => (direction > 0 ? 'long' : 'short');

/** What an event row tells in its second column. */
const SIGNAL = 0;
const OPENED = 1;
const CLOSED = 2;
const TOLD = 3;
const EVENT_WIDTH = 7;
const TRADE_WIDTH = 15;
const POINT_WIDTH = 3;

/**
 * What a closed entry was; prices and points as in `RunTrade`. One record that is written anew for each, with fractions in the fields
 * that become fractions.
 */
export class Closing {
  direction: Direction = 1;
  layer = 1;
  retracementCount = 0;
  units = 0.5;
  entryAt = 0.5;
  entryPrice = 0.5;
  exitAt = 0.5;
  exitPrice = 0.5;
  points = 0.5;
  pnl = 0.5;
  commission = 0.5;
  adversePoints = 0.5;
  favourablePoints = 0.5;
  reason: ExitReason = 'strategy';
}

export class RunLog {
  private eventSequence = 0;
  private tradeSequence = 0;
  private equitySequence = 0;
  /** What is told in words, rarely. */
  #told: Told[] = [];
  #events = eventRows(this.#told);
  #trades = new Rows(TRADE_WIDTH, readTrade);
  #equity = new Rows(POINT_WIDTH, readPoint);

  signal(at: number, direction: Direction, layer: number, price: number): void {
    this.event(at, SIGNAL, direction, layer, 0, price);
  }

  opened(at: number, direction: Direction, layer: number, units: number, price: number): void {
    this.event(at, OPENED, direction, layer, units, price);
  }

  /** A closed entry: the event of its execution, and the trade. */
  closed(closing: Closing): void {
    const { direction, layer, units, exitAt, exitPrice } = closing;
    this.event(exitAt, CLOSED, direction, layer, units, exitPrice);
    this.tradeSequence += 1;
    const at = this.#trades.add();
    const row = this.#trades.numbers;
    row[at] = this.tradeSequence;
    row[at + 1] = direction;
    row[at + 2] = layer;
    row[at + 3] = closing.retracementCount;
    row[at + 4] = units;
    row[at + 5] = closing.entryAt;
    row[at + 6] = closing.entryPrice;
    row[at + 7] = exitAt;
    row[at + 8] = exitPrice;
    row[at + 9] = closing.points;
    row[at + 10] = closing.pnl;
    row[at + 11] = closing.commission;
    row[at + 12] = closing.adversePoints;
    row[at + 13] = closing.favourablePoints;
    row[at + 14] = EXIT_REASONS.indexOf(closing.reason);
  }

  told(at: number, told: Told): void {
    this.#told.push(told);
    this.event(at, TOLD, this.#told.length - 1, 0, 0, 0);
  }

  point(at: number, balance: number): void {
    this.equitySequence += 1;
    const offset = this.#equity.add();
    const row = this.#equity.numbers;
    row[offset] = this.equitySequence;
    row[offset + 1] = at;
    row[offset + 2] = balance;
  }

  /** What was said and not taken. */
  get length(): number {
    return this.#events.length + this.#trades.length + this.#equity.length;
  }

  take(): RunPart {
    const part = { events: this.#events, trades: this.#trades, equity: this.#equity };
    this.#told = [];
    this.#events = eventRows(this.#told);
    this.#trades = new Rows(TRADE_WIDTH, readTrade);
    this.#equity = new Rows(POINT_WIDTH, readPoint);
    return part;
  }

  private event(at: number, kind: number, direction: number, layer: number, units: number, price: number): void {
    this.eventSequence += 1;
    const offset = this.#events.add();
    const row = this.#events.numbers;
    row[offset] = this.eventSequence;
    row[offset + 1] = kind;
    row[offset + 2] = at;
    row[offset + 3] = direction;
    row[offset + 4] = layer;
    row[offset + 5] = units;
    row[offset + 6] = price;
  }
}

const eventRows = (told: readonly Told[]): Rows<RunEvent> =>
  new Rows(EVENT_WIDTH, (row, offset) => {
    const [sequence, at] = [row[offset]!, row[offset + 2]!];
    const [kind, direction] = [row[offset + 1]!, row[offset + 3]!];
    if (kind === TOLD) return { sequence, at, ...told[direction]! };
    const [layer, price] = [row[offset + 4]!, row[offset + 6]!];
    if (kind === SIGNAL) {
      return { sequence, at, type: 'strategy_signal', signal: direction > 0 ? 'buy' : 'sell', layer, price };
    }
    const action = kind === OPENED ? 'open' : 'close';
    const units = row[offset + 5]!;
    return { sequence, at, type: 'trade_executed', action, direction: directionName(direction), layer, units, price };
  });

const readTrade = (row: Float64Array, offset: number): RunTrade => ({
  sequence: row[offset]!,
  direction: directionName(row[offset + 1]!),
  layer: row[offset + 2]!,
  retracementCount: row[offset + 3]!,
  units: row[offset + 4]!,
  entryAt: row[offset + 5]!,
  entryPrice: row[offset + 6]!,
  exitAt: row[offset + 7]!,
  exitPrice: row[offset + 8]!,
  points: row[offset + 9]!,
  pnl: row[offset + 10]!,
  commission: row[offset + 11]!,
  adversePoints: row[offset + 12]!,
  favourablePoints: row[offset + 13]!,
  reason: EXIT_REASONS[row[offset + 14]!]!,
});

const readPoint = (row: Float64Array, offset: number): EquityPoint => ({
  sequence: row[offset]!,
  at: row[offset + 1]!,
  balance: row[offset + 2]!,
});
