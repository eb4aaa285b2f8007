/**
 * Bar files with a header: a time (the bar's start) and `open,high,low,close`, or the same with `bid_` and `ask_` before them.
 * Bars without quotes stand for both sides. A bar whose high or low does not hold its prices is refused.
 */
import { type Columns, numberAt, readHeader, timeReader } from './columns.ts';

export interface Ohlc {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

export interface QuoteBar {
  readonly start: number;
  readonly bid: Ohlc;
  readonly ask: Ohlc;
  readonly volume: number;
}

/** Undefined when the header is not one of a bar file; else reads a line, undefined for a bad one. */
export function csvBars(header: string): ((line: string) => QuoteBar | undefined) | undefined {
  const columns = readHeader(header);
  const timeOf = columns && timeReader(columns);
  if (!columns || !timeOf) return undefined;
  const traded = ohlcReader(columns, '');
  const bidOf = ohlcReader(columns, 'bid_') ?? traded;
  const askOf = ohlcReader(columns, 'ask_') ?? traded;
  if (!bidOf || !askOf) return undefined;
  const volume = columns.find('volume', 'tickvol', 'size');
  return (line) => {
    const cells = columns.cells(line);
    const start = timeOf(cells);
    const bid = bidOf(cells);
    const ask = askOf(cells);
    const units = volume < 0 ? 0 : numberAt(cells, volume);
    if (!(Number.isFinite(start) && bid && ask && units >= 0 && Number.isFinite(units))) return undefined;
    if (bid.open > ask.open || bid.close > ask.close) return undefined;
    return { start, bid, ask, volume: units };
  };
}

function ohlcReader(columns: Columns, prefix: string): ((cells: readonly string[]) => Ohlc | undefined) | undefined {
  const [open, high, low, close] = ['open', 'high', 'low', 'close'].map((name) => columns.find(prefix + name));
  if (open === undefined || high === undefined || low === undefined || close === undefined) return undefined;
  if (open < 0 || high < 0 || low < 0 || close < 0) return undefined;
  return (cells) => {
    const bar = {
      open: numberAt(cells, open),
      high: numberAt(cells, high),
      low: numberAt(cells, low),
      close: numberAt(cells, close),
    };
    const holds = bar.low > 0 && bar.low <= Math.min(bar.open, bar.close) && bar.high >= Math.max(bar.open, bar.close);
    return holds && bar.high < Number.POSITIVE_INFINITY ? bar : undefined;
  };
}
