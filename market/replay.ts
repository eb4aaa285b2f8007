/**
 * A tick or bar file as a stream of quotes with a resumable position: the index of a quote in the file, from 1. The same file
 * gives the same quotes with the same positions, whether read from its beginning or resumed behind any of them.
 */
import { basename } from 'node:path';
import { findInstrument, type Instrument } from '../domain/instrument.ts';
import type { Quote } from '../messages/market.ts';
import { midUnits, priceOf } from './columns.ts';
import type { BarRow } from './importers/bar-reader.ts';
import { fileText } from './importers/file-bytes.ts';
import { OUTCOME, type Outcome, REASONS } from './importers/outcome.ts';
import { FileRefusal } from './importers/refusal.ts';
import { SeriesLines } from './importers/series-lines.ts';
import type { TickRow } from './importers/tick-reader.ts';

const BAD_LINES_SHOWN = 20;

/** Prices in natural units. */
interface Tick {
  readonly at: number;
  readonly bid: number;
  readonly ask: number;
  readonly last: number;
  readonly volume: number;
}

export interface ReplaySpec {
  readonly path: string;
  readonly instrument: Instrument;
}

export interface BadLine {
  readonly line: number;
  readonly reason: string;
}

export interface ReplayedQuote {
  readonly position: number;
  readonly quote: Quote;
}

export interface Replay {
  readonly symbol: string;
  /**
   * Quotes whose position is above `after` and not above `until`, in the file's order. One iteration at a time; one that begins where the
   * last one ended by its `until` goes on in the same reading of the file.
   */
  quotes(after: number, until?: number): AsyncGenerator<ReplayedQuote, void>;
  readonly badLines: { readonly count: number; readonly shown: readonly BadLine[] };
  /** The number of the line that gave the last quote, from 1; 0 before the first. */
  line(): number;
}

/** `<path>` names its instrument up to the first `_` of the file's name, `<path>#EUR_USD` behind the mark. */
export function parseReplaySpec(spec: string): ReplaySpec {
  const mark = spec.lastIndexOf('#');
  const path = mark < 0 ? spec : spec.slice(0, mark);
  const spelling = mark < 0 ? (basename(path).split(/[_.]/, 1)[0] ?? '') : spec.slice(mark + 1);
  const instrument = findInstrument(spelling);
  if (!instrument) throw new Error(`replay file ${path}: "${spelling}" is not a known instrument`);
  return { path, instrument };
}

export const openReplay = (spec: ReplaySpec): Replay => new ReplayedFile(spec);

/** A reading of the file, with the position of the last quote that it gave. */
interface Reading {
  readonly position: number;
  readonly ticks: AsyncGenerator<Tick, void>;
}

class ReplayedFile implements Replay {
  readonly badLines = { count: 0, shown: [] as BadLine[] };
  private lines = new SeriesLines();
  /** Ended by its `until`, before the end of the file. */
  private waiting: Reading | undefined;

  constructor(private readonly spec: ReplaySpec) {}

  get symbol(): string {
    return this.spec.instrument.symbol;
  }

  line(): number {
    return this.lines.line;
  }

  async *quotes(after: number, until = Number.POSITIVE_INFINITY): AsyncGenerator<ReplayedQuote, void> {
    if (until <= after) return;
    const { position: before, ticks } = await this.readingFrom(after);
    const { symbol } = this;
    let position = before;
    try {
      for (let next = await ticks.next(); !next.done; next = await ticks.next()) {
        position += 1;
        if (position <= after) continue;
        yield { position, quote: { type: 'market.quote', symbol, ...next.value, simulated: false } };
        if (position < until) continue;
        this.waiting = { position, ticks };
        return;
      }
    } catch (error) {
      throw error instanceof FileRefusal
        ? new Error(`replay file ${this.spec.path}: ${error.message}`, { cause: error })
        : error;
    } finally {
      if (this.waiting?.ticks !== ticks) await ticks.return();
    }
  }

  private async readingFrom(after: number): Promise<Reading> {
    const { waiting } = this;
    this.waiting = undefined;
    if (waiting?.position === after) return waiting;
    await waiting?.ticks.return();
    return { position: 0, ticks: this.parsed() };
  }

  private async *parsed(): AsyncGenerator<Tick, void> {
    this.badLines.count = 0;
    this.badLines.shown = [];
    const lines = new SeriesLines({ fileName: this.spec.path });
    this.lines = lines;
    const bars = new BarPath();
    for await (const piece of fileText(this.spec.path)) {
      lines.push(piece);
      yield* this.ready(lines, bars);
    }
    lines.finish();
    yield* this.ready(lines, bars);
    yield* bars.rest();
  }

  /** What the lines so far give. */
  private *ready(lines: SeriesLines, bars: BarPath): Generator<Tick, void> {
    for (let outcome = lines.next(); outcome !== undefined; outcome = lines.next()) {
      if (outcome === OUTCOME.row) {
        if (lines.ticks) yield tickOf(lines.ticks.row, lines.recognised?.plan.kind === 'quotes');
        else if (lines.bars?.row) yield* bars.read(lines.bars.row);
      } else if (outcome !== OUTCOME.nothing) this.note(lines.line, outcome);
    }
  }

  private note(line: number, outcome: Outcome): void {
    const { badLines } = this;
    badLines.count += 1;
    if (badLines.shown.length < BAD_LINES_SHOWN) badLines.shown.push({ line, reason: REASONS[outcome] });
  }
}

/** What is finer than a millisecond stays in the file's order. Where nothing was printed the last price is the mid, as in a backtest. */
function tickOf({ atMs, bid: bidUnits, ask: askUnits, price, volume }: TickRow, isQuote: boolean): Tick {
  const bid = priceOf(bidUnits);
  const ask = priceOf(askUnits);
  return { at: atMs, bid, ask, last: priceOf(isQuote ? midUnits(bidUnits, askUnits) : price), volume };
}

/**
 * A bar becomes four ticks inside its own time, which is the shortest distance of two bars so far; so a bar is told when the
 * next one has been read.
 */
class BarPath {
  private held: BarRow | undefined;
  private lengthMs = 60_000;
  private isKnown = false;

  read(bar: BarRow): readonly Tick[] {
    const { held } = this;
    const distanceMs = held ? bar.startMs - held.startMs : 0;
    if (distanceMs > 0 && (!this.isKnown || distanceMs < this.lengthMs)) {
      this.lengthMs = distanceMs;
      this.isKnown = true;
    }
    this.held = bar;
    return held ? ticksOf(held, this.lengthMs) : [];
  }

  /** What is still due after the last line. */
  rest(): readonly Tick[] {
    return this.held ? ticksOf(this.held, this.lengthMs) : [];
  }
}

/** Open, the extreme against the bar's direction, the one with it, close. The extremes of both sides need not have met: the ask never lies below the bid. */
function ticksOf({ startMs, bid, ask, volume }: BarRow, lengthMs: number): readonly Tick[] {
  const rising = bid.close >= bid.open;
  const path = rising ? (['open', 'low', 'high', 'close'] as const) : (['open', 'high', 'low', 'close'] as const);
  return path.map((part, index) => {
    const [bidUnits, askUnits] = [bid[part], Math.max(bid[part], ask[part])];
    const at = startMs + Math.floor((lengthMs * index) / path.length);
    const last = priceOf(midUnits(bidUnits, askUnits));
    return { at, bid: priceOf(bidUnits), ask: priceOf(askUnits), last, volume: volume / path.length };
  });
}
