/**
 * A tick or bar file as a stream of quotes with a resumable position: the index of a quote in the file, from 1. The same file
 * gives the same quotes with the same positions, whether read from its beginning or resumed behind any of them.
 */
import { basename } from 'node:path';
import { findInstrument, type Instrument } from '../domain/instrument.ts';
import type { Quote } from '../messages/market.ts';
import { csvBars, type QuoteBar } from './importers/csv-bars.ts';
import { csvTicks, type Tick } from './importers/csv-ticks.ts';
import { openLines } from './importers/lines.ts';

const BAD_LINES_SHOWN = 20;

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
  /** Quotes whose position is above `after`, in the file's order. One iteration at a time. */
  quotes(after: number): AsyncGenerator<ReplayedQuote, void>;
  readonly badLines: { readonly count: number; readonly shown: readonly BadLine[] };
  /** Part of the file that has been read, in [0, 1]. */
  ratio(): number;
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

export function openReplay({ path, instrument }: ReplaySpec): Replay {
  const badLines = { count: 0, shown: [] as BadLine[] };
  let ratio = () => 0;

  async function* parsed(): AsyncGenerator<Tick, void> {
    badLines.count = 0;
    badLines.shown = [];
    const source = await openLines(path);
    ratio = source.ratio;
    let line = 0;
    let read: ((text: string) => readonly Tick[] | undefined) | undefined;
    let rest: () => readonly Tick[] = () => [];
    try {
      for await (const text of source.lines) {
        line += 1;
        if (!read) {
          ({ read, rest } = layoutOf(text, path));
          continue;
        }
        if (text === '') continue;
        const ticks = read(text);
        if (ticks) yield* ticks;
        else {
          badLines.count += 1;
          if (badLines.shown.length < BAD_LINES_SHOWN)
            badLines.shown.push({ line, reason: 'not a line of this layout' });
        }
      }
      yield* rest();
    } finally {
      source.close();
    }
  }

  return {
    badLines,
    ratio: () => ratio(),
    async *quotes(after) {
      let position = 0;
      for await (const { at, bid, ask, last, volume } of parsed()) {
        position += 1;
        if (position <= after) continue;
        const { symbol } = instrument;
        const ms = Math.floor(at);
        yield { position, quote: { type: 'market.quote', at: ms, symbol, bid, ask, last, volume, simulated: false } };
      }
    },
  };
}

interface Layout {
  read(line: string): readonly Tick[] | undefined;
  /** What is still due after the last line. */
  rest(): readonly Tick[];
}

function layoutOf(header: string, path: string): Layout {
  const bars = csvBars(header);
  if (bars) return barLayout(bars);
  const ticks = csvTicks(header);
  if (!ticks) throw new Error(`replay file ${path}: no known layout begins with "${header.slice(0, 80)}"`);
  return {
    read: (line) => {
      const tick = ticks(line);
      return tick && [tick];
    },
    rest: () => [],
  };
}

/**
 * A bar becomes four ticks inside its own time, which is the shortest distance of two bars so far; so a bar is told when the
 * next one has been read.
 */
function barLayout(parse: (line: string) => QuoteBar | undefined): Layout {
  let held: QuoteBar | undefined;
  let lengthMs = 60_000;
  let known = false;
  return {
    read: (line) => {
      const bar = parse(line);
      if (!bar) return undefined;
      const distanceMs = held ? bar.start - held.start : 0;
      if (distanceMs > 0 && (!known || distanceMs < lengthMs)) {
        lengthMs = distanceMs;
        known = true;
      }
      const ticks = held ? ticksOf(held, lengthMs) : [];
      held = bar;
      return ticks;
    },
    rest: () => (held ? ticksOf(held, lengthMs) : []),
  };
}

/** Open, the extreme against the bar's direction, the one with it, close. The extremes of both sides need not have met: the ask never lies below the bid. */
function ticksOf({ start, bid, ask, volume }: QuoteBar, lengthMs: number): readonly Tick[] {
  const rising = bid.close >= bid.open;
  const path = rising ? (['open', 'low', 'high', 'close'] as const) : (['open', 'high', 'low', 'close'] as const);
  return path.map((part, index) => ({
    at: start + Math.floor((lengthMs * index) / path.length),
    bid: bid[part],
    ask: Math.max(bid[part], ask[part]),
    last: bid[part],
    volume: volume / path.length,
  }));
}
